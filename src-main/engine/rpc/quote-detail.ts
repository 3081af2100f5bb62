import type { Person } from '../../../domain/directory.ts'
import { defaultStageProbabilities } from '../../../domain/directory.ts'
import { summarisePipeline } from '../../../domain/pipeline.ts'
import { missingParts } from '../../../domain/quote.ts'
import type { QuoteDetail } from '../../../domain/rpc/quotes.ts'
import { allowedTransitions, transitionLabel } from '../../../domain/workflow.ts'
import { readCustomer, readPerson, readTeam, readWorkspace } from '../cache/directory-store.ts'
import { readCustomerSums, readOtherRows } from '../cache/figures.ts'
import { readHistory } from '../cache/history-store.ts'
import type { Cache } from '../cache/open-cache.ts'
import { entriesOf } from '../cache/outbox-store.ts'
import { fetchRows } from '../cache/quote-pages.ts'
import { readQuote } from '../cache/quote-store.ts'
import { actorOn } from '../outbox/change-status.ts'
import { toPendingChange } from './pending-change.ts'

const othersShown = 20

/** Everything the quote page shows, from the cache alone. Null when the quote is not in it. */
export function readQuoteDetail(cache: Cache, id: string, person: Person, nowMs: number): QuoteDetail | null {
  const { read, expiry } = cache
  const quote = readQuote(read, id)
  if (!quote) return null
  const allowed = allowedTransitions(quote, actorOn(person, quote), nowMs)
  return {
    quote,
    missing: missingParts(quote),
    expires_at_ms: expiry(quote.expires_on, quote.time_zone),
    owner: readPerson(read, quote.owner_id),
    team: readTeam(read, quote.team_id),
    customer: quote.customer_id === null ? null : readCustomerContext(cache, quote.customer_id, id),
    history: readHistory(read, id),
    allowed: allowed.map((transition) => ({
      to: transition.to,
      outcome: transition.to === 'closed' ? transition.outcome : null,
      label: transitionLabel(transition),
    })),
    pending: entriesOf(read, id).map(toPendingChange),
  }
}

function readCustomerContext({ read }: Cache, customerId: string, quoteId: string): QuoteDetail['customer'] {
  const customer = readCustomer(read, customerId)
  if (!customer) return null
  const sums = readCustomerSums(read, customerId)
  const probabilities = readWorkspace(read)?.stage_probabilities ?? defaultStageProbabilities
  const { open, open_count } = summarisePipeline(sums, probabilities)
  const won = sums.filter((sum) => sum.outcome === 'won')
  const count = (list: typeof sums) => list.reduce((total, sum) => total + sum.count, 0)
  const wonCount = count(won)
  const lostCount = count(sums.filter((sum) => sum.outcome === 'lost'))
  const decided = wonCount + lostCount
  return {
    customer,
    open_count,
    won_count: wonCount,
    lost_count: lostCount,
    win_rate_percent: decided === 0 ? null : Math.round((100 * wonCount) / decided),
    open,
    won: won.map(({ currency, count: quotes, value_minor }) => ({ currency, count: quotes, value_minor })),
    others: fetchRows(read, readOtherRows(read, customerId, quoteId, othersShown)),
  }
}
