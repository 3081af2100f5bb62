import { listEntries } from '../cache/outbox-store.ts'
import { discard } from '../outbox/discard.ts'
import { accountOf, rpc } from './base.ts'
import { toPendingChange } from './pending-change.ts'

export const outboxProcedures = {
  list: rpc.outbox.list.handler(({ context }) => ({
    changes: listEntries(accountOf(context).cache.read).map(toPendingChange),
  })),
  discard: rpc.outbox.discard.handler(({ input, context, errors }) => {
    if (!discard(accountOf(context).cache, input.mutation_id)) {
      throw errors.not_found({ message: 'This change is not waiting any more.' })
    }
    return {}
  }),
}
