import { defaultStageProbabilities } from '../../../domain/directory.ts'
import { permissionsIn } from '../../../domain/permissions.ts'
import { summarisePipeline } from '../../../domain/pipeline.ts'
import { missingParts, type Quote } from '../../../domain/quote.ts'
import { checkNote, mayEdit } from '../../../domain/quote-edit.ts'
import type { QuoteDetail } from '../../../domain/rpc/quotes.ts'
import { allowedTransitions, transitionLabel } from '../../../domain/workflow.ts'
import { readCustomer, readPerson, readTeam, readWorkspace } from '../cache/directory-store.ts'
import { readCustomerSums, readOtherRows } from '../cache/figures.ts'
import { readHistory } from '../cache/history-store.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { entriesOf } from '../cache/outbox-store.ts'
import { fetchRows } from '../cache/quote-pages.ts'
import type { ReadableDb } from '../cache/sql.ts'
import { baseVersion, type Editing, shownQuote } from '../outbox/queue-edit.ts'
import { toPendingChanges } from './pending-change.ts'

const othersShown = 20

/** Everything the quote page shows, from the cache alone. @throws NotHereError */
export function readQuoteDetail(editing: Editing, id: string): QuoteDetail {
  const { cache, person, nowMs } = editing
  const { read, expiry } = cache
  const quote = shownQuote(editing, id)
  const permissions = permissionsIn(person.memberships, quote.team_id)
  const history = readHistory(read, id)
  const allowed = allowedTransitions(quote, { kind: 'person', permissions }, nowMs)
  return {
    quote,
    missing: missingParts(quote),
    expires_at_ms: expiry(quote.expires_on, quote.time_zone),
    owner: readPerson(read, quote.owner_id),
    team: readTeam(read, quote.team_id),
    customer: quote.customer_id === null ? null : readCustomerContext(cache, quote.customer_id, id),
    history,
    names: namesIn(read, history),
    allowed: allowed.map((transition) => ({
      to: transition.to,
      outcome: transition.to === 'closed' ? transition.outcome : null,
      label: transitionLabel(transition),
    })),
    pending: toPendingChanges(editing, entriesOf(read, id)),
    base_version: baseVersion(read, id),
    may: whatMayBeDone(quote, permissions),
  }
}

/** Of customers, owners and teams before and after each change. */
function namesIn(read: ReadableDb, history: QuoteDetail['history']): QuoteDetail['names'] {
  const names = createNames(read)
  const found: QuoteDetail['names'] = {}
  const note = (id: string | null | undefined, look: (id: string) => string | null) => {
    const name = id ? look(id) : null
    if (id && name !== null) found[id] = name
  }
  for (const fields of history.flatMap(({ before, after }) => [before, after])) {
    note(fields?.customer_id, names.customer)
    note(fields?.owner_id, names.owner)
    note(fields?.team_id, names.team)
  }
  return found
}

function whatMayBeDone(quote: Quote, permissions: ReturnType<typeof permissionsIn>): QuoteDetail['may'] {
  const { fields, refusal } = mayEdit(quote, permissions)
  return {
    edit: [...fields],
    edit_refusal: refusal?.message ?? null,
    reassign: permissions.has('quotes:reassign') && quote.outcome !== 'superseded',
    note: checkNote(permissions).ok,
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
