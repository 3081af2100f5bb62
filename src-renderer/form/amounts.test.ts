import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amountText, readAmount, readQuantity } from './amounts.ts'

describe('an amount that somebody types', () => {
  it.each([
    ['1250', 'EUR', 125_000],
    [' 1250.5 ', 'EUR', 125_050],
    ['1,250.50', 'EUR', 125_050],
    ['1 250 000', 'EUR', 125_000_000],
    ['0', 'EUR', 0],
    ['1250', 'JPY', 1_250],
    ['1250.00', 'JPY', 1_250],
    ['1.234', 'KWD', 1_234],
    ['1', 'KWD', 1_000],
  ])('%s %s is %i minor units', (text, currency, value) => {
    expect(readAmount(text, currency)).toEqual({ ok: true, value })
  })

  it.each([
    ['12,5', 'EUR', 'Type digits with a point for decimals: 1250.50.'],
    ['1.250,50', 'EUR', 'Type digits with a point for decimals: 1250.50.'],
    ['€12', 'EUR', 'Type digits with a point for decimals: 1250.50.'],
    ['', 'EUR', 'Type digits with a point for decimals: 1250.50.'],
    ['x', 'JPY', 'Type digits: 1250.'],
    ['12.345', 'EUR', 'EUR has only 2 decimals.'],
    ['12.5', 'JPY', 'JPY has no decimals.'],
    ['1.2345', 'KWD', 'KWD has only 3 decimals.'],
    ['-1', 'EUR', 'An amount cannot be negative.'],
    ['99999999999999999', 'EUR', 'That is more than can be kept exactly.'],
  ])('%s %s is refused in words', (text, currency, problem) => {
    expect(readAmount(text, currency)).toEqual({ ok: false, problem })
  })

  it('reads back exactly what it shows, in every number of decimals', () => {
    const amount = fc.tuple(fc.maxSafeNat(), fc.constantFrom('EUR', 'JPY', 'KWD'))
    fc.assert(
      fc.property(amount, ([minor, currency]) => {
        expect(readAmount(amountText(minor, currency), currency)).toEqual({ ok: true, value: minor })
      }),
    )
  })
})

describe('a quantity that somebody types', () => {
  it.each([
    ['1', 1],
    ['1,000', 1_000],
    ['1000000', 1_000_000],
  ])('%s is %i', (text, value) => expect(readQuantity(text)).toEqual({ ok: true, value }))

  it.each(['0', '', '1.5', '-1', '1000001', 'two', '1e3'])('%s is refused', (text) => {
    expect(readQuantity(text)).toMatchObject({ ok: false })
  })
})
