import type { ChangedFields, Quote } from '../../../domain/quote.ts'
import { sameValue } from '../../../domain/quote-edit.ts'
import type { BaseValues } from '../cache/outbox-store.ts'
import { readEntry } from '../cache/outbox-store.ts'
import { fieldsEdit, reassignEdit, statusEdit } from './edits.ts'
import type { MadeEdit } from './made-here.ts'
import { type Edit, type Editing, queueEdit, shownQuote } from './queue-edit.ts'
import { NotHereError, RefusedError } from './refusal.ts'
import { isUnsent, takeBack } from './take-back.ts'

/**
 * Takes a change back while it waits here; once it may have reached the server, queues its opposite as one more ordinary
 * change.
 * @returns whether it was taken back
 * @throws NotHereError, RefusedError when nothing can be undone: its words say why and what to do instead
 */
export function undo(editing: Editing, entryId: number): { took_back: boolean } {
  const entry = readEntry(editing.cache.read, entryId)
  if (entry?.state === 'refused') {
    throw new RefusedError('was_refused', 'The change was refused, so there is nothing to undo. Discard it instead.')
  }
  if (entry && isUnsent(entry)) {
    takeBack(editing, entry)
    return { took_back: true }
  }
  const made = entry ?? editing.madeHere.find(entryId)
  if (!made) throw new NotHereError('This change can no longer be undone. Change the quote again instead.')
  queueEdit(editing, opposite(editing, made))
  // Undoing it once more would undo what came after.
  editing.madeHere.forget(entryId)
  return { took_back: false }
}

function opposite(editing: Editing, { quote, body, base }: MadeEdit): Edit {
  if (body.name === 'quote.create') {
    throw new RefusedError(
      'cannot_undo',
      'The quote has been sent to the server already. Close it as withdrawn instead.',
    )
  }
  if (body.name === 'quote.add_note') {
    throw new RefusedError('cannot_undo', 'A note stays in the history once it is sent. Add another that corrects it.')
  }
  const shown = shownQuote(editing, quote)
  switch (body.name) {
    case 'quote.edit':
      expectAsLeft(shown, body.fields)
      return fieldsEdit(editing, shown, { ...body.fields, ...base })
    case 'quote.reassign':
      expectAsLeft(shown, { team_id: body.team_id, owner_id: body.owner_id })
      return reassignEdit(editing, shown, { team_id: body.team_id, owner_id: body.owner_id, ...base })
    case 'quote.change_status':
      if (shown.status !== body.to || shown.outcome !== body.outcome) throw changedSince(['status'])
      return statusEdit(editing, shown, statusBefore(base))
    default:
      throw new TypeError(`unknown edit "${(body as MadeEdit['body']).name}"`)
  }
}

function statusBefore({ status, outcome, reason }: BaseValues) {
  if (status === undefined) {
    throw new RefusedError('cannot_undo', 'What the status was before is not known any more. Choose it instead.')
  }
  return { to: status, outcome: outcome ?? null, reason: status === 'closed' ? (reason ?? null) : null }
}

/** What somebody, perhaps the same person, changed once more is not to be overwritten by an undo. */
function expectAsLeft(shown: Quote, left: ChangedFields): void {
  const others = Object.entries(left).filter(([name, value]) => !sameValue(shown[name as keyof ChangedFields], value))
  if (others.length > 0) throw changedSince(others.map(([name]) => name))
}

const changedSince = (names: readonly string[]) =>
  new RefusedError('changed_since', `It was changed again since (${names.join(', ')}), so it stays. Edit it instead.`)
