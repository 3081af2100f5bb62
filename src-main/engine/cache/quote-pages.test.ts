import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { daysUntilExpiry, isExpired } from '../../../domain/expiry.ts'
import { missingParts, outcomes, type Quote, statuses } from '../../../domain/quote.ts'
import { type QuoteFilter, type QuoteSort, quoteFilterSchema, quoteSortColumns } from '../../../domain/rpc/quotes.ts'
import { toEpochMs } from '../../../domain/time.ts'
import {
  acme,
  added,
  apply,
  changed,
  directoryChanges,
  logOf,
  makeQuote,
  north,
  org,
  rob,
  team,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { createQuotePages, type QuotePages } from './quote-pages.ts'

const nowMs = toEpochMs('2026-03-10T12:00:00.000Z')
let temp: ReturnType<typeof tempCache>
let pages: QuotePages
let quotes: Quote[]

const pick = <Value>(values: readonly Value[], n: number): Value => values[n % values.length] as Value

beforeAll(() => {
  temp = tempCache()
  apply(temp.cache, org, logOf(directoryChanges, org))
  quotes = Array.from({ length: 300 }, (_, n) => {
    const status = pick(statuses, n * 7)
    return makeQuote({
      quote_id: n + 1,
      title: `${pick(['desk', 'Chair', 'lamp'], n * 5)} ${n % 40}`,
      status,
      outcome: status === 'closed' ? pick(outcomes, n) : null,
      value_minor: (n * 7919) % 5_000,
      currency: pick(['EUR', 'JPY', 'USD'], n * 3 + 1),
      expires_on: n % 11 === 0 ? null : `2026-03-${String((n % 28) + 1).padStart(2, '0')}`,
      time_zone: pick(['Europe/Berlin', 'Asia/Tokyo'], n),
      customer_id: n % 13 === 0 ? null : acme.id,
      lines: [{ product: pick(['Desk', 'Sofa'], n), description: '', quantity: 1, unit_price_minor: 1 }],
    })
  })
  apply(temp.cache, north, logOf(quotes.map((quote) => added(quote))))
  pages = createQuotePages(temp.cache)
})
afterAll(() => temp.dispose())

const oneOf = <Value>(wanted: readonly Value[], value: Value) => wanted.length === 0 || wanted.includes(value)

/** What a filter means, one quote at a time. */
function matches(filter: QuoteFilter, quote: Quote): boolean {
  const { expires_on, time_zone } = quote
  const daysLeft = expires_on === null ? null : daysUntilExpiry({ expires_on, time_zone }, nowMs)
  const open = ['active', 'sent', 'negotiation'].includes(quote.status)
  const words = [
    `q ${quote.quote_id}`,
    quote.title,
    quote.customer_id === null ? '' : acme.name,
    rob.name,
    ...quote.lines.map((line) => line.product),
  ]
    .join(' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  const typed = filter.text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
  return (
    oneOf(filter.statuses, quote.status) &&
    (filter.outcomes.length === 0 || (quote.outcome !== null && filter.outcomes.includes(quote.outcome))) &&
    oneOf(filter.owner_ids, quote.owner_id) &&
    oneOf(filter.team_ids, quote.team_id) &&
    (filter.customer_ids.length === 0 ||
      (quote.customer_id !== null && filter.customer_ids.includes(quote.customer_id))) &&
    oneOf(filter.currencies, quote.currency) &&
    quote.value_minor >= (filter.value_min_minor ?? 0) &&
    quote.value_minor <= (filter.value_max_minor ?? Number.POSITIVE_INFINITY) &&
    (filter.expiring_within_days === null ||
      (open && daysLeft !== null && daysLeft >= 0 && daysLeft <= filter.expiring_within_days)) &&
    (filter.expired === null || isExpired(quote, nowMs) === filter.expired) &&
    (filter.incomplete === null || missingParts(quote).length > 0 === filter.incomplete) &&
    typed.every((word) => words.some((candidate) => candidate.startsWith(word)))
  )
}

const none: fc.Arbitrary<never[]> = fc.constant([])
const some = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> => fc.oneof(none, fc.subarray([...values]))
const anyFilter: fc.Arbitrary<QuoteFilter> = fc.record({
  statuses: some(statuses),
  outcomes: some(outcomes),
  owner_ids: some([rob.id]),
  team_ids: some([team.id]),
  customer_ids: some([acme.id]),
  currencies: some(['EUR', 'JPY', 'USD']),
  value_min_minor: fc.option(fc.nat(3_000)),
  value_max_minor: fc.option(fc.integer({ min: 2_000, max: 5_000 })),
  expiring_within_days: fc.option(fc.nat(14)),
  expired: fc.option(fc.boolean()),
  incomplete: fc.option(fc.boolean()),
  text: fc.constantFrom('', '', 'desk', 'ch 1', 'acme', 'Q-12', 'so ro', '"*', 'zzz'),
})
const anySort: fc.Arbitrary<QuoteSort> = fc.record({
  column: fc.constantFrom(...quoteSortColumns),
  direction: fc.constantFrom('asc', 'desc'),
})

const sorted = (column: QuoteSort['column']) =>
  pages.page({ filter: quoteFilterSchema.parse({}), sort: { column, direction: 'asc' }, offset: 0, limit: 500 }, nowMs)
    .rows

describe('a page', () => {
  it('holds exactly what matches, whatever the filter', () => {
    fc.assert(
      fc.property(anyFilter, anySort, (filter, sort) => {
        const page = pages.page({ filter, sort, offset: 0, limit: 500 }, nowMs)
        const expected = quotes.filter((quote) => matches(filter, quote)).map(({ id }) => id)
        expect(page.total).toBe(expected.length)
        expect(page.rows.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
      }),
      { numRuns: 300 },
    )
  })

  it('is a slice of one order, filtered or not, in either direction', () => {
    fc.assert(
      fc.property(anySort, fc.boolean(), fc.nat(250), (sort, filtered, offset) => {
        const filter = quoteFilterSchema.parse(filtered ? { incomplete: false } : {})
        const whole = pages.page({ filter, sort, offset: 0, limit: 500 }, nowMs).rows
        const slice = pages.page({ filter, sort, offset, limit: 20 }, nowMs).rows
        expect(slice).toEqual(whole.slice(offset, offset + 20))
        const back = pages.page(
          { filter, sort: { ...sort, direction: sort.direction === 'asc' ? 'desc' : 'asc' }, offset: 0, limit: 500 },
          nowMs,
        )
        expect(back.rows).toEqual(whole.toReversed())
      }),
      { numRuns: 60 },
    )
  })

  it('sorts by what a person reads: names without regard to case, statuses by workflow, values within a currency', () => {
    const titles = sorted('title').map(({ title }) => title.toLowerCase())
    expect(titles).toEqual(titles.toSorted())
    const stages = sorted('status').map(({ status }) => statuses.indexOf(status))
    expect(stages).toEqual(stages.toSorted((a, b) => a - b))
    const values = sorted('value').map(
      ({ currency, value_minor }) => `${currency}${String(value_minor).padStart(9, '0')}`,
    )
    expect(values).toEqual(values.toSorted())
  })

  it('shows what has changed since it was last asked for', () => {
    const filter = quoteFilterSchema.parse({ text: 'wardrobe' })
    const query = { filter, sort: { column: 'quote_id', direction: 'asc' }, offset: 0, limit: 10 } as const
    expect(pages.page(query, nowMs).total).toBe(0)
    const renamed = { ...pick(quotes, 3), version: 2, title: 'Wardrobe' }
    apply(temp.cache, north, logOf([changed(renamed)], north, quotes.length))
    quotes = quotes.map((quote) => (quote.id === renamed.id ? renamed : quote))
    expect(pages.page(query, nowMs).rows.map(({ id }) => id)).toEqual([renamed.id])
  })
})
