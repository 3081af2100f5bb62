import type { Assignment, Quote, QuoteFields } from '../../domain/quote.ts'
import { checkCreate } from '../../domain/quote-edit.ts'
import type { Caller } from '../auth/caller.ts'
import { findCustomer } from '../customers/queries.ts'
import { findPerson } from '../people/queries.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { addDraft } from './add-quote.ts'
import { noSuchCustomer } from './edit-quote.ts'
import { findQuote } from './queries.ts'
import type { EditOutcome } from './record-change.ts'

/** The same words whoever has the other quote and wherever it is: asking reveals nothing of it. */
const idInUse = {
  ok: false,
  code: 'invalid_edit',
  message: 'quote: this id belongs to a quote already. Make a new quote, which gets an id of its own.',
} as const satisfies EditOutcome

/** Makes a new draft and gives it its number, in the caller's transaction. Whether the person may is judged here. */
export async function makeDraft(
  tx: Tx,
  wish: { id: Quote['id']; to: Assignment; fields: QuoteFields; origin: Origin | null },
  by: Caller,
): Promise<EditOutcome> {
  const { id, to, fields, origin } = wish
  const check = checkCreate(to, await findPerson(tx.db, to.owner_id), by)
  if (!check.ok) return check
  if (await findQuote(tx.db, id)) return idInUse
  if (fields.customer_id !== null && !(await findCustomer(tx.db, fields.customer_id))) return noSuchCustomer
  return { ok: true, ...(await addDraft(tx, { id, ...to, ...fields }, { actorId: by.id, origin })) }
}
