import { permissionsIn } from '../../domain/permissions.ts'
import type { Quote, QuoteField, QuoteFields } from '../../domain/quote.ts'
import { applyEdit, changedFields, checkEdit, mayEdit, valuesOf } from '../../domain/quote-edit.ts'
import type { Caller } from '../auth/caller.ts'
import { findCustomer } from '../customers/queries.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { type EditOutcome, recordChange } from './record-change.ts'

export const noSuchCustomer = {
  ok: false,
  code: 'invalid_edit',
  message: 'customer_id: there is no such customer. Choose one of the list.',
} as const satisfies EditOutcome

/**
 * Sets fields of a quote: row, history entry and event in the caller's transaction. The caller has found the quote readable.
 * Fields that have their value already are left out of the history; when that is all of them (two people made the same
 * edit), the entry stands for the second of them and tells of no field.
 */
export async function editQuote(
  tx: Tx,
  quote: Quote,
  wish: { fields: Partial<QuoteFields>; origin: Origin | null },
  by: Caller,
): Promise<EditOutcome> {
  const permissions = permissionsIn(by.memberships, quote.team_id)
  const fields = changedFields(quote, wish.fields)
  const names = Object.keys(fields) as QuoteField[]
  // Naming no field at all is a mistake of the client's, and checkEdit says so.
  const same = names.length === 0 && Object.keys(wish.fields).length > 0
  if (same) {
    const { refusal } = mayEdit(quote, permissions)
    if (refusal) return refusal
  } else {
    const check = checkEdit(quote, fields, permissions)
    if (!check.ok) return check
  }
  if (fields.customer_id && !(await findCustomer(tx.db, fields.customer_id))) return noSuchCustomer
  return recordChange(
    tx,
    quote,
    applyEdit(quote, fields, tx.at),
    { kind: 'edited', from_status: quote.status, before: valuesOf(quote, names), after: fields },
    { actorId: by.id, origin: wish.origin },
  )
}
