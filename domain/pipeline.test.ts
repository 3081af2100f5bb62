import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultStageProbabilities } from './directory.ts'
import { type StatusSum, summarisePipeline } from './pipeline.ts'
import { statuses } from './quote.ts'

const sums = fc.array(
  fc.record<StatusSum>({
    status: fc.constantFrom(...statuses),
    currency: fc.constantFrom('EUR', 'USD', 'JPY'),
    count: fc.nat(1_000),
    value_minor: fc.nat(1_000_000_000),
  }),
  { maxLength: 20 },
)

test('subtotals never mix: each currency is what its own quotes alone would give', () => {
  fc.assert(
    fc.property(sums, (all) => {
      const together = summarisePipeline(all, defaultStageProbabilities)
      for (const currency of ['EUR', 'USD', 'JPY']) {
        const alone = summarisePipeline(
          all.filter((sum) => sum.currency === currency),
          defaultStageProbabilities,
        )
        expect(together.open.filter((subtotal) => subtotal.currency === currency)).toEqual(alone.open)
      }
      expect(new Set(together.open.map((subtotal) => subtotal.currency)).size).toBe(together.open.length)
    }),
  )
})

test('open is active + sent + negotiation; draft is counted apart; closed is nowhere', () => {
  expect(
    summarisePipeline(
      statuses.map((status) => ({ status, currency: 'EUR', count: 1, value_minor: 100 })),
      defaultStageProbabilities,
    ),
  ).toEqual({
    open_count: 3,
    draft_count: 1,
    open: [{ currency: 'EUR', count: 3, value_minor: 300, weighted_minor: 20 + 40 + 70 }],
  })
})

test('weighted amounts are rounded half up per status and currency, in that currency', () => {
  const pipeline = summarisePipeline(
    [
      { status: 'active', currency: 'JPY', count: 1, value_minor: 2 },
      { status: 'sent', currency: 'JPY', count: 1, value_minor: 2 },
      { status: 'negotiation', currency: 'JPY', count: 1, value_minor: 5 },
    ],
    defaultStageProbabilities,
  )
  // 0.4 → 0, 0.8 → 1, 3.5 → 4
  expect(pipeline.open).toEqual([{ currency: 'JPY', count: 3, value_minor: 9, weighted_minor: 5 }])
})

const active = (currency: string, count: number): StatusSum => ({ status: 'active', currency, count, value_minor: 1 })

test('the currency with the most quotes comes first, then by code', () => {
  const pipeline = summarisePipeline([active('USD', 1), active('JPY', 5), active('EUR', 1)], defaultStageProbabilities)
  expect(pipeline.open.map((subtotal) => subtotal.currency)).toEqual(['JPY', 'EUR', 'USD'])
})

test('weighted never exceeds the value, and 100 % weighs everything', () => {
  fc.assert(
    fc.property(sums, (all) => {
      for (const subtotal of summarisePipeline(all, { active: 100, sent: 100, negotiation: 100 }).open) {
        expect(subtotal.weighted_minor).toBe(subtotal.value_minor)
      }
      for (const subtotal of summarisePipeline(all, { active: 0, sent: 0, negotiation: 0 }).open) {
        expect(subtotal.weighted_minor).toBe(0)
      }
    }),
  )
})
