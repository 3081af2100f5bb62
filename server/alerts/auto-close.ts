import { autoCloseMs } from '../../domain/alert-policy.ts'
import { addDays, localDate } from '../../domain/expiry.ts'
import { openStatuses, type Quote } from '../../domain/quote.ts'
import type { Deps } from '../deps.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { findQuote } from '../quotes/queries.ts'
import { presentPolicy } from './queries.ts'

/** Quotes closed in one transaction: edits of people wait no longer than that takes. */
const portion = 50

/**
 * Closes open quotes whose valid-until date lies further back than the policy says, with the outcome `expired`. Each is
 * judged again in the transaction that closes it.
 * @returns how many were closed
 */
export async function closeExpired({ store, clock }: Pick<Deps, 'store' | 'clock'>): Promise<number> {
  const { auto_close_after_days: days } = await presentPolicy(store.read)
  if (days === null) return 0
  const nowMs = clock.nowMs()
  const isOver = (quote: Pick<Quote, 'expires_on' | 'time_zone'>) =>
    quote.expires_on !== null &&
    autoCloseMs({ expires_on: quote.expires_on, time_zone: quote.time_zone }, days) <= nowMs
  // Somewhere on earth it is already tomorrow: the index narrows, the quote's zone decides.
  const candidates = await store.read
    .selectFrom('quotes')
    .select(['id', 'expires_on', 'time_zone'])
    .where('status', 'in', openStatuses)
    .where('expires_on', '<=', addDays(localDate(nowMs, 'UTC'), 1 - days))
    .execute()
  const due = candidates.filter(isOver).map(({ id }) => id)
  let closed = 0
  for (let start = 0; start < due.length; start += portion) {
    closed += await store.transact(async (tx) => {
      let count = 0
      for (const id of due.slice(start, start + portion)) {
        const quote = await findQuote(tx.db, id)
        if (!quote || !isOver(quote)) continue
        const wish = {
          transition: { to: 'closed', outcome: 'expired' } as const,
          reason: `Closed ${days} days after it ran out, as the workspace has decided.`,
        }
        if ((await changeStatus(tx, quote, wish, null)).ok) count += 1
      }
      return count
    })
  }
  return closed
}
