import type { Outcome, Status } from '../../domain/quote.ts'
import { type Transition, transitionLabel } from '../../domain/workflow.ts'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../http/problem-error.ts'
import { findPerson } from '../people/queries.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { findReadableQuoteByNumber } from '../quotes/find-readable.ts'
import { noSuchQuote } from '../quotes/policy.ts'
import type { Tx } from '../store/tx.ts'

interface Wish {
  quote_id: number
  status: Status
  outcome?: Outcome | undefined
  reason?: string | undefined
}

/**
 * The body of `POST /quotations/update-status`.
 * @throws ProblemError invalid_request, not_found, transition_refused (its message names the allowed next states)
 */
export async function updateStatus(tx: Tx, wish: Wish, caller: Caller) {
  const transition = toTransition(wish)
  // Judged with the rights of this transaction: those of the request may have been taken away while it waited.
  const by = await findPerson(tx.db, caller.id)
  const quote = by?.active ? await findReadableQuoteByNumber(tx.db, by, wish.quote_id) : null
  if (!by || !quote) throw new ProblemError('not_found', noSuchQuote)

  const change = await changeStatus(tx, quote, { transition, reason: wish.reason ?? null }, by)
  if (!change.ok) {
    const { code, message, allowed } = change.refusal
    throw new ProblemError('transition_refused', message, { reason: code, allowed: allowed.map(transitionLabel) })
  }
  return {
    quote_id: wish.quote_id,
    status: change.quote.status,
    previous_status: quote.status,
    outcome: change.quote.outcome,
    version: change.quote.version,
    seq: change.place.seq,
  }
}

function toTransition({ status, outcome }: Wish): Transition {
  if (status === 'closed') {
    if (outcome) return { to: 'closed', outcome }
    throw new ProblemError(
      'invalid_request',
      'outcome: closing a quote needs how it ended: won, lost or withdrawn, as in {"status": "closed", "outcome": "won"}.',
    )
  }
  if (outcome) {
    throw new ProblemError('invalid_request', `outcome: only a closed quote has one; leave it out for ${status}.`)
  }
  return { to: status }
}
