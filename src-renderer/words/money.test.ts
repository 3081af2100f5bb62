import { describe, expect, it } from 'vitest'
import { cellMoney, compactMoney, countWords, fullMoney, sideBySide } from './money.ts'

const plainSpaces = (text: string) => text.replaceAll('\u00a0', ' ')

describe('amounts', () => {
  it.each([
    [4_500_000, 'EUR', '€45,000', '€45,000.00'],
    [4_500_050, 'EUR', '€45,000.50', '€45,000.50'],
    [88_000, 'JPY', '¥88,000', '¥88,000'],
    [1_500, 'KWD', 'KWD 1.500', 'KWD 1.500'],
    [2_000, 'KWD', 'KWD 2', 'KWD 2.000'],
    [0, 'USD', '$0', '$0.00'],
  ])('%i %s is %s in a cell and %s in full', (value_minor, currency, cell, full) => {
    expect(plainSpaces(cellMoney({ value_minor, currency }))).toBe(cell)
    expect(plainSpaces(fullMoney({ value_minor, currency }))).toBe(full)
  })

  it('never adds currencies: they stand side by side, the rest is counted', () => {
    const amounts = ['EUR', 'USD', 'JPY', 'GBP'].map((currency) => ({ currency, value_minor: 420_000_000 }))
    expect(sideBySide(amounts, 2)).toEqual({ texts: ['€4.2M', '$4.2M'], more: 2 })
    expect(sideBySide(amounts.slice(0, 1), 2).more).toBe(0)
  })

  it('counts in words', () => {
    expect(countWords(1, 'change')).toBe('1 change')
    expect(countWords(1204, 'quote')).toBe('1,204 quotes')
    expect(compactMoney({ currency: 'USD', value_minor: 110_000_000 })).toBe('$1.1M')
  })
})
