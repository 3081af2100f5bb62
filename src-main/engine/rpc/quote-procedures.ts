import type { QuoteFilter } from '../../../domain/rpc/quotes.ts'
import { changeStatus } from '../outbox/change-status.ts'
import { RefusedError } from '../outbox/refusal.ts'
import { accountOf, rpc } from './base.ts'
import { readQuoteDetail } from './quote-detail.ts'

export const quoteProcedures = {
  page: rpc.quotes.page.handler(({ input, context }) => {
    const { pages, clock } = accountOf(context)
    checkFilter(input.filter)
    return pages.page(input, clock.nowMs())
  }),
  get: rpc.quotes.get.handler(({ input, context, errors }) => {
    const { cache, person, clock } = accountOf(context)
    const detail = readQuoteDetail(cache, input.id, person.get(), clock.nowMs())
    if (!detail) throw errors.not_found({ message: notHere })
    return detail
  }),
  changeStatus: rpc.quotes.changeStatus.handler(({ input, context, errors }) => {
    const { cache, person, clock } = accountOf(context)
    const entry = changeStatus({ cache, person: person.get(), nowMs: clock.nowMs() }, input)
    if (entry === null) throw errors.not_found({ message: notHere })
    return { mutation_id: entry }
  }),
}

const notHere = 'This quote is not here (any more): it was removed, or you may no longer see it.'

/** Minor units of different currencies do not compare. */
function checkFilter(filter: QuoteFilter): void {
  const bounded = filter.value_min_minor !== null || filter.value_max_minor !== null
  if (bounded && filter.currencies.length !== 1) {
    throw new RefusedError('one_currency', 'To filter by value, choose exactly one currency.')
  }
}
