import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoteLabel } from './ids.ts'
import { linesTotalMinor, missingParts } from './quote.ts'

const line = (quantity: number, unit_price_minor: number) => ({
  product: 'Press',
  description: '',
  quantity,
  unit_price_minor,
})

test('what a quote lacks is named part by part, and a complete one lacks nothing', () => {
  const complete = { customer_id: 'a', lines: [line(1, 100)], value_minor: 100, expires_on: '2026-03-08' }
  expect(missingParts(complete)).toEqual([])
  expect(missingParts({ customer_id: null, lines: [], value_minor: 0, expires_on: null })).toEqual([
    'customer',
    'lines',
    'value',
    'valid until',
  ])
})

test('the lines add up to quantity × unit price, exactly', () => {
  const lines = fc.array(fc.tuple(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 0, max: 1_000_000 })))
  fc.assert(
    fc.property(lines, (pairs) => {
      const expected = pairs.reduce((sum, [quantity, price]) => sum + BigInt(quantity) * BigInt(price), 0n)
      expect(BigInt(linesTotalMinor(pairs.map(([quantity, price]) => line(quantity, price))))).toBe(expected)
    }),
  )
})

test('lines that add up beyond the safe integers throw', () => {
  expect(() => linesTotalMinor([line(2, Number.MAX_SAFE_INTEGER)])).toThrow(RangeError)
})

test('a quote is called by its number, with the revision from the second on, and Q-new before it has one', () => {
  expect(quoteLabel({ quote_id: 1042, revision: 1 })).toBe('Q-1042')
  expect(quoteLabel({ quote_id: 1042, revision: 2 })).toBe('Q-1042 r2')
  expect(quoteLabel({ quote_id: null, revision: 1 })).toBe('Q-new')
})
