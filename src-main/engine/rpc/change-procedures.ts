import type { CacheChange } from '../../../domain/rpc/contract.ts'
import { everythingChanged, mergeChanges } from '../change-hub.ts'
import { createBell } from '../watching.ts'
import { rpc } from './base.ts'

export const changeProcedures = {
  watch: rpc.changes.watch.handler(async function* ({ context, signal }) {
    const bell = createBell(signal)
    // A window that has just come knows nothing yet.
    let gathered: CacheChange | null = everythingChanged
    const unsubscribe = context.engine.changes.subscribe((change) => {
      gathered = gathered ? mergeChanges(gathered, change) : change
      bell.ring()
    })
    try {
      do {
        const change: CacheChange | null = gathered
        gathered = null
        if (change) yield change
      } while (await bell.rung())
    } finally {
      unsubscribe()
      bell.dispose()
    }
  }),
}
