import type { Person } from '../../../domain/directory.ts'
import { quoteLabel } from '../../../domain/ids.ts'
import { permissionsIn } from '../../../domain/permissions.ts'
import type { Outcome, Quote, Status } from '../../../domain/quote.ts'
import { toInstantText } from '../../../domain/time.ts'
import { checkTransition } from '../../../domain/workflow.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendEntry } from '../cache/outbox-store.ts'
import { readConfirmed, rebase, saveConfirmed, transitionOf } from '../cache/overlay.ts'
import { readQuote } from '../cache/quote-store.ts'
import { RefusedError } from './refusal.ts'

export interface StatusWish {
  id: string
  to: Status
  outcome: Outcome | null
  reason: string | null
}

/** The person as somebody who acts on this quote. */
export const actorOn = (person: Person, quote: Pick<Quote, 'team_id'>) =>
  ({ kind: 'person', permissions: permissionsIn(person.memberships, quote.team_id) }) as const

/**
 * Queues a change and shows it, in one transaction.
 * @returns the outbox entry, null when the cache has no such quote
 * @throws RefusedError naming the allowed next states
 */
export function changeStatus(
  { cache, person, nowMs }: { cache: Cache; person: Person; nowMs: number },
  wish: StatusWish,
): number | null {
  const quote = readQuote(cache.read, wish.id)
  const confirmed = readConfirmed(cache.read, wish.id)
  if (!quote || !confirmed) return null
  if (wish.to === 'closed' && wish.outcome === null) {
    throw new RefusedError('not_a_next_state', 'Closing a quote needs an outcome: won, lost or withdrawn.')
  }
  const outcome = wish.to === 'closed' ? wish.outcome : null
  const check = checkTransition(quote, transitionOf({ to_status: wish.to, outcome }), actorOn(person, quote), nowMs)
  if (!check.ok) throw new RefusedError(check.code, check.message)
  return cache.transact((db) => {
    const names = createNames(db)
    saveConfirmed(db, confirmed.quote, confirmed.stream)
    const entry = appendEntry(db, {
      quote: quote.id,
      quote_label: quoteLabel(quote),
      customer_name: names.customer(quote.customer_id),
      // The server's version, not the shown one: what others did since then is a conflict, our own edits are not.
      base_version: confirmed.quote.version,
      to_status: wish.to,
      outcome,
      reason: wish.reason,
      queued_at: toInstantText(nowMs),
    })
    rebase({ db, names, expiry: cache.expiry }, quote.id)
    return entry
  })
}
