import { listEntries } from '../cache/outbox-store.ts'
import { resolve, retry } from '../outbox/settle-refused.ts'
import { discard } from '../outbox/take-back.ts'
import { undo } from '../outbox/undo.ts'
import { rpc } from './base.ts'
import { editingOf } from './editing.ts'
import { toPendingChanges } from './pending-change.ts'

export const outboxProcedures = {
  list: rpc.outbox.list.handler(({ context }) => {
    const editing = editingOf(context)
    return { changes: toPendingChanges(editing, listEntries(editing.cache.read)) }
  }),
  discard: rpc.outbox.discard.handler(({ input, context }) => {
    discard(editingOf(context), input.entry)
    return {}
  }),
  undo: rpc.outbox.undo.handler(({ input, context }) => undo(editingOf(context), input.entry)),
  retry: rpc.outbox.retry.handler(({ input, context }) => ({ entry: retry(editingOf(context), input.entry) })),
  resolve: rpc.outbox.resolve.handler(({ input, context }) => ({ entry: resolve(editingOf(context), input) })),
}
