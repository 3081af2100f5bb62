import { systemClock } from '../clock.ts'
import { newEntityId } from '../ids.ts'
import { saveTeam } from '../people/commands.ts'
import { ensureWorkspace } from '../workspace/ensure.ts'
import { openStore } from './store.ts'

/** Writes teams until killed and tells its parent of each after the commit. */
const store = await openStore({ file: process.argv[2] ?? '', clock: systemClock })
await store.transact((tx) => ensureWorkspace(tx, 'Crash'))
for (;;) {
  const id = newEntityId(systemClock.nowMs())
  await store.transact((tx) => saveTeam(tx, { id, name: 'Team' }))
  process.send?.(id)
}
