import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { addDays, daysUntilExpiry } from '../../../domain/expiry.ts'
import { type Quote, statuses } from '../../../domain/quote.ts'
import { quoteFilterSchema } from '../../../domain/rpc/quotes.ts'
import { toEpochMs } from '../../../domain/time.ts'
import { added, apply, logOf, makeQuote, north, tempCache } from '../../../tests/support/engine-world.ts'
import { countExpiring } from './figures.ts'
import { createQuotePages } from './quote-pages.ts'

// The clocks of New York change on 8 March 2026, those of Berlin on 29 March, those of Auckland on 5 April.
const zones = [
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Auckland',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
  'Asia/Kolkata',
]
let temp: ReturnType<typeof tempCache>
let quotes: Quote[]

beforeAll(() => {
  temp = tempCache()
  quotes = Array.from({ length: 60 }, (_, day) =>
    zones.map((time_zone, n) => {
      const status = statuses[(day + n) % statuses.length] as Quote['status']
      const outcome = status === 'closed' ? ('won' as const) : null
      return makeQuote({ status, outcome, expires_on: addDays('2026-02-25', day), time_zone })
    }),
  ).flat()
  apply(temp.cache, north, logOf(quotes.map((quote) => added(quote))))
})
afterAll(() => temp.dispose())

const isOpen = ({ status }: Quote) => ['active', 'sent', 'negotiation'].includes(status)
function expected(nowMs: number, days: number): string[] {
  const isSoon = ({ expires_on, time_zone }: Quote) => {
    const left = daysUntilExpiry({ expires_on: expires_on ?? '', time_zone }, nowMs)
    return left >= 0 && left <= days
  }
  return quotes
    .filter((quote) => isOpen(quote) && isSoon(quote))
    .map(({ id }) => id)
    .toSorted()
}
function found(nowMs: number, days: number): string[] {
  const filter = quoteFilterSchema.parse({ expiring_within_days: days })
  const query = { filter, sort: { column: 'expires', direction: 'asc' } as const, offset: 0, limit: 500 }
  const { rows } = createQuotePages(temp.cache).page(query, nowMs)
  return rows.map(({ id }) => id).toSorted()
}

it('"within n days" counts calendar days in the quote’s own zone, in the list as in the figure', () => {
  const from = toEpochMs('2026-03-01T00:00:00.000Z') / 60_000
  const to = toEpochMs('2026-04-10T00:00:00.000Z') / 60_000
  fc.assert(
    fc.property(fc.integer({ min: from, max: to }), fc.nat(16), (minute, days) => {
      const nowMs = minute * 60_000
      const ids = expected(nowMs, days)
      expect(found(nowMs, days)).toEqual(ids)
      expect(countExpiring(temp.cache.read, nowMs, days)).toBe(ids.length)
    }),
    { numRuns: 60 },
  )
})

it('the last day counts as a whole when the clocks change before its end', () => {
  for (const at of ['2026-03-25T21:30:00.000Z', '2026-03-28T23:30:00.000Z', '2026-03-29T21:59:00.000Z']) {
    expect(found(toEpochMs(at), 0)).toEqual(expected(toEpochMs(at), 0))
    expect(found(toEpochMs(at), 4)).toEqual(expected(toEpochMs(at), 4))
  }
})
