import { changedFields } from '../../../domain/quote-edit.ts'
import { createNames } from '../cache/names.ts'
import { deleteEntry, type OutboxEntry, readEntry } from '../cache/outbox-store.ts'
import { readConfirmed, rebase } from '../cache/overlay.ts'
import { type DisputeField, fieldsOf } from '../cache/pending-edit.ts'
import { fieldsEdit, pick, reassignEdit, statusEdit } from './edits.ts'
import { type Edit, type Editing, judge, queueEdit, shownQuote } from './queue-edit.ts'
import { noSuchChange, RefusedError } from './refusal.ts'

/**
 * Queues a refused change again, as a new one on top of how things stand now.
 * @returns its entry
 * @throws NotHereError, RefusedError when it would be refused again, or is a conflict: a person decides that by field
 */
export function retry(editing: Editing, entryId: number): number {
  const entry = refusedEntry(editing, entryId)
  if (entry.code === 'conflict') {
    throw new RefusedError('conflict', 'Somebody else changed the same. Choose whose value shall stand instead.')
  }
  return replace(editing, entry, onTop(editing, entry, fieldsOf(entry.body)))
}

/** Whether sending it again could be taken, as far as this machine can tell. */
export function canRetry(editing: Editing, entry: OutboxEntry): boolean {
  if (entry.code === 'conflict' || entry.code === 'invalid_request') return false
  try {
    return judge(editing, onTop(editing, entry, fieldsOf(entry.body)).body) === null
  } catch {
    // Out of sight.
    return false
  }
}

/**
 * Settles a conflict by field: the fields named in `mine` and those that nobody disputed go out as one more ordinary edit
 * on top of the present version; the others keep what somebody else gave them.
 * @param choice `current_version`: of the quote that the person saw when they chose
 * @returns the new entry, null when nothing is left to change
 * @throws NotHereError, RefusedError
 */
export function resolve(
  editing: Editing,
  { entry: entryId, mine, current_version }: { entry: number; mine: DisputeField[]; current_version: number | null },
): number | null {
  const entry = refusedEntry(editing, entryId)
  const disputed = entry.conflicts.map(({ field }) => field)
  if (entry.code !== 'conflict') {
    throw new RefusedError('no_conflict', 'This change was not refused for a conflict: send it again, or discard it.')
  }
  // The choice was between two values: with another on the table it is to be made again, so that nothing is lost unseen.
  if ((readConfirmed(editing.cache.read, entry.quote)?.quote.version ?? null) !== current_version) {
    throw new RefusedError('moved_on', 'The quote was changed again while you chose. Look at it now, and choose again.')
  }
  const strange = mine.filter((field) => !disputed.includes(field))
  if (strange.length > 0) {
    throw new RefusedError(
      'not_disputed',
      `Nobody else changed ${strange.join(', ')}. Choose among ${disputed.join(', ')}.`,
    )
  }
  const standing = fieldsOf(entry.body).filter((field) => mine.includes(field) || !disputed.includes(field))
  const edit = standing.length > 0 ? onTop(editing, entry, standing) : null
  if (edit && changesAnything(editing, edit)) return replace(editing, entry, edit)
  const { cache } = editing
  cache.transact((db) => {
    deleteEntry(db, entry.entry)
    rebase({ db, names: createNames(db), expiry: cache.expiry }, entry.quote)
  })
  editing.madeHere.forget(entry.entry)
  return null
}

function refusedEntry({ cache }: Editing, entryId: number): OutboxEntry {
  const entry = readEntry(cache.read, entryId)
  if (!entry) throw noSuchChange()
  if (entry.state !== 'refused') throw new RefusedError('not_refused', 'This change was not refused: it is on its way.')
  return entry
}

/** The edit again in these of its fields, with what is shown now as what the person saw. */
function onTop(editing: Editing, { body, base }: OutboxEntry, fields: readonly DisputeField[]): Edit {
  if (body.name === 'quote.create') return { body, base }
  const shown = shownQuote(editing, body.quote)
  switch (body.name) {
    case 'quote.edit':
      return fieldsEdit(editing, shown, changedFields(shown, pick(body.fields, fields)))
    case 'quote.change_status':
      return statusEdit(editing, shown, body)
    case 'quote.reassign':
      return reassignEdit(editing, shown, {
        team_id: fields.includes('team_id') ? body.team_id : shown.team_id,
        owner_id: fields.includes('owner_id') ? body.owner_id : shown.owner_id,
      })
    case 'quote.add_note':
      return { body, base }
    default:
      throw new TypeError(`unknown edit "${(body as OutboxEntry['body']).name}"`)
  }
}

function changesAnything(editing: Editing, { body, base }: Edit): boolean {
  if (body.name === 'quote.edit') return Object.keys(body.fields).length > 0
  if (body.name === 'quote.reassign') return body.team_id !== base.team_id || body.owner_id !== base.owner_id
  if (body.name !== 'quote.change_status') return true
  const shown = shownQuote(editing, body.quote)
  return shown.status !== body.to || shown.outcome !== body.outcome
}

function replace(editing: Editing, { entry }: OutboxEntry, edit: Edit): number {
  const queued = queueEdit(editing, edit, (db) => deleteEntry(db, entry))
  editing.madeHere.forget(entry)
  return queued
}
