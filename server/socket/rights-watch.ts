import { setTimeout as delay } from 'node:timers/promises'
import { newestRightsChange, type RightsChange, rightsChangesAfter } from '../auth/rights-changes.ts'
import type { Deps } from '../deps.ts'
import { findPerson } from '../people/queries.ts'
import type { Db } from '../store/connect.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { endFamily, judgeSockets } from './judge-sockets.ts'
import { type Io, personRoom } from './types.ts'

const portion = 1_000

/**
 * Follows what triggers in the database note of changed rights, whoever changed them: another process (a CLI command), a
 * sign-out, a refresh token used twice. Sockets are cut or narrowed within `rightsCheckMs`, before what else another
 * process did is published.
 * @returns a function that stops it
 */
export function startRightsWatch(io: Io, deps: Pick<Deps, 'store' | 'config' | 'log'>): () => Promise<void> {
  const { store, config, log } = deps
  const stopping = new AbortController()
  let last = newestRightsChange(store.read)
  let foreignVersion: unknown = null
  let publishing: Promise<void> | null = null

  const look = async () => {
    for (;;) {
      const changes = rightsChangesAfter(store.read, last, portion)
      await judge(io, store.read, changes, last)
      last = changes.at(-1)?.seq ?? last
      if (changes.length < portion) break
    }
    const version = store.foreignVersion()
    if (version !== foreignVersion) publishing ??= publish(version)
  }

  /** Not waited for: a large import takes long to tell of, and no right may outlive its end for that. */
  const publish = async (version: unknown) => {
    try {
      await store.publishForeign()
      // Only now: what could not be published is tried again.
      foreignVersion = version
    } catch (error) {
      log.error({ err: error }, 'publishing what another process did failed; it is tried again')
    } finally {
      publishing = null
    }
  }

  const run = async () => {
    for (;;) {
      await delay(config.rightsCheckMs, undefined, { signal: stopping.signal })
      await look().catch((error: unknown) => log.error({ err: error }, 'looking for changed rights failed'))
    }
  }
  const running = run().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })
  return async () => {
    stopping.abort()
    await running
    await publishing
  }
}

async function judge(io: Io, db: Db, changes: readonly RightsChange[], last: number): Promise<void> {
  const [first] = changes
  if (!first) return
  for (const { person_id, family } of changes) if (family !== null) endFamily(io, person_id, family)
  // Only the newest are remembered: after a flood of changes everybody is judged.
  const all = first.seq > last + 1
  const people = all
    ? [...io.of('/').sockets.values()].map((socket) => socket.data.person_id)
    : changes.map((change) => change.person_id)
  const workspace = await findWorkspace(db)
  for (const id of new Set(people)) {
    if (!workspace || !io.of('/').adapter.rooms.has(personRoom(id))) continue
    const person = await findPerson(db, id)
    if (person) judgeSockets(io, person, workspace)
  }
}
