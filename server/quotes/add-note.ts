import { permissionsIn } from '../../domain/permissions.ts'
import type { Quote } from '../../domain/quote.ts'
import { applyEdit, checkNote } from '../../domain/quote-edit.ts'
import type { Caller } from '../auth/caller.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { type EditOutcome, recordChange } from './record-change.ts'

/** Writes a note into a quote's history, in the caller's transaction. The caller has found the quote readable. */
export async function addNote(
  tx: Tx,
  quote: Quote,
  wish: { text: string; origin: Origin | null },
  by: Caller,
): Promise<EditOutcome> {
  const check = checkNote(permissionsIn(by.memberships, quote.team_id))
  if (!check.ok) return check
  return recordChange(
    tx,
    quote,
    applyEdit(quote, {}, tx.at),
    { kind: 'noted', from_status: quote.status, note: wish.text },
    { actorId: by.id, origin: wish.origin },
  )
}
