import { listSaves, readSave } from '../cache/outbox-own.ts'
import { listEntries } from '../cache/outbox-store.ts'
import { RefusedError } from '../outbox/refusal.ts'
import { discardSave, retrySave } from '../outbox/save-own.ts'
import { resolve, retry } from '../outbox/settle-refused.ts'
import { discard } from '../outbox/take-back.ts'
import { undo } from '../outbox/undo.ts'
import { savingOf } from './alert-settings-procedures.ts'
import { rpc } from './base.ts'
import { editingOf } from './editing.ts'
import { toPendingChanges, toPendingSave } from './pending-change.ts'

export const outboxProcedures = {
  list: rpc.outbox.list.handler(({ context }) => {
    const editing = editingOf(context)
    const { read } = editing.cache
    const changes = [...toPendingChanges(editing, listEntries(read)), ...listSaves(read).map(toPendingSave)]
    return { changes: changes.sort((a, b) => a.entry - b.entry) }
  }),
  discard: rpc.outbox.discard.handler(({ input, context }) => {
    const { cache } = editingOf(context)
    const save = readSave(cache.read, input.entry)
    if (save) discardSave(cache, save)
    else discard(editingOf(context), input.entry)
    return {}
  }),
  undo: rpc.outbox.undo.handler(({ input, context }) => {
    const { cache } = editingOf(context)
    const save = readSave(cache.read, input.entry)
    if (!save) return undo(editingOf(context), input.entry)
    if (save.state !== 'waiting' || save.mutation_id !== null) {
      throw new RefusedError('cannot_undo', 'This has been sent already. Change it again instead.')
    }
    discardSave(cache, save)
    return { took_back: true }
  }),
  retry: rpc.outbox.retry.handler(({ input, context }) => {
    const save = readSave(editingOf(context).cache.read, input.entry)
    return { entry: save ? retrySave(savingOf(context), save) : retry(editingOf(context), input.entry) }
  }),
  resolve: rpc.outbox.resolve.handler(({ input, context }) => ({ entry: resolve(editingOf(context), input) })),
}
