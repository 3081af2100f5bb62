import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addMoney,
  currencyDigits,
  currencySchema,
  formatMoney,
  minorUnitsSchema,
  parseMajor,
  percentOf,
  toMajorNumber,
  toMajorText,
} from './money.ts'

const currency = fc.constantFrom('EUR', 'USD', 'GBP', 'CHF', 'JPY', 'KRW', 'KWD', 'TND')
const minor = fc.integer({ min: 0, max: 999_999_999_999_999 })

describe('digits by currency', () => {
  test.each([
    ['EUR', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['KWD', 3],
    ['TND', 3],
  ])('%s has %i decimals', (code, digits) => {
    expect(currencyDigits(code)).toBe(digits)
  })

  test('a minor unit is exact as text: 1 yen, 1 cent, 1 fils', () => {
    expect(toMajorText({ minor: 1, currency: 'JPY' })).toBe('1')
    expect(toMajorText({ minor: 1, currency: 'EUR' })).toBe('0.01')
    expect(toMajorText({ minor: 1, currency: 'KWD' })).toBe('0.001')
    expect(toMajorText({ minor: -5, currency: 'EUR' })).toBe('-0.05')
  })
})

describe('reading and writing', () => {
  test('every amount survives text and back, in every number of digits', () => {
    fc.assert(
      fc.property(minor, currency, (amount, code) => {
        const parsed = parseMajor(toMajorText({ minor: amount, currency: code }), code)
        expect(parsed).toEqual({ ok: true, money: { minor: amount, currency: code } })
      }),
      { numRuns: 500 },
    )
  })

  test('whatever is not plain decimal text is refused with the text in the message', () => {
    for (const text of ['', '-1', '+1', '1,5', '1.', '.5', '1 000', '1e3', '0x10', '€5', 'NaN', '1.2.3', '١']) {
      const problem = expect.stringContaining(`"${text}"`)
      expect(parseMajor(text, 'EUR')).toEqual({ ok: false, problem })
    }
  })

  test('decimals the currency does not have are refused, not rounded away', () => {
    expect(parseMajor('1.005', 'EUR')).toMatchObject({ ok: false })
    expect(parseMajor('1.5', 'JPY')).toMatchObject({ ok: false })
    expect(parseMajor('1.0005', 'KWD')).toMatchObject({ ok: false })
    expect(parseMajor('1.500', 'EUR')).toEqual({ ok: true, money: { minor: 150, currency: 'EUR' } })
    expect(parseMajor('12.00', 'JPY')).toEqual({ ok: true, money: { minor: 12, currency: 'JPY' } })
  })

  test('an amount beyond the safe integers is refused', () => {
    expect(parseMajor('999999999999999', 'EUR')).toMatchObject({ ok: false })
    expect(parseMajor('999999999999999', 'JPY')).toMatchObject({ ok: true })
  })

  test('major numbers are what the fixed wire formats carry', () => {
    expect(toMajorNumber({ minor: 45_000_000, currency: 'USD' })).toBe(450_000)
    expect(toMajorNumber({ minor: 450_000, currency: 'JPY' })).toBe(450_000)
    expect(toMajorNumber({ minor: 1_050, currency: 'KWD' })).toBe(1.05)
  })

  test('people read the amount with its currency and its decimals', () => {
    expect(formatMoney({ minor: 4_500_000, currency: 'EUR' }, 'en')).toBe('€45,000.00')
    expect(formatMoney({ minor: 45_000, currency: 'JPY' }, 'en')).toBe('¥45,000')
    expect(formatMoney({ minor: 420_000_000, currency: 'EUR' }, 'en', 'compact')).toBe('€4.2M')
    // The largest amount kept is not rounded through a float on its way to the screen.
    expect(formatMoney({ minor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }, 'en')).toBe('€90,071,992,547,409.91')
  })

  test('unknown and lower-case currency codes are refused', () => {
    const codes = ['eur', 'EURO', 'CHF', 'ZZZ', '', '€']
    expect(codes.filter((code) => currencySchema.safeParse(code).success)).toEqual(['CHF'])
  })

  test('minor units are whole, not negative, and exact', () => {
    for (const bad of [-1, 0.5, Number.NaN, 2 ** 53]) expect(minorUnitsSchema.safeParse(bad).success).toBe(false)
  })
})

describe('adding', () => {
  test('sums within one currency are exact', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000_000_000 }), { maxLength: 50 }), currency, (minors, code) => {
        const sum = addMoney(
          minors.map((amount) => ({ minor: amount, currency: code })),
          code,
        )
        expect(sum).toEqual({ minor: minors.reduce((a, b) => a + b, 0), currency: code })
      }),
    )
  })

  test('currencies never mix: adding two of them throws and names both', () => {
    expect(() => addMoney([{ minor: 1, currency: 'USD' }], 'EUR')).toThrow(/USD.*EUR/)
  })

  test('a sum beyond the safe integers throws instead of losing cents', () => {
    const most = { minor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }
    expect(() => addMoney([most, { minor: 1, currency: 'EUR' }], 'EUR')).toThrow(RangeError)
  })
})

describe('percent', () => {
  test('rounds half up to the minor unit and keeps the currency', () => {
    expect(percentOf({ minor: 5, currency: 'EUR' }, 70)).toEqual({ minor: 4, currency: 'EUR' })
    expect(percentOf({ minor: 1, currency: 'JPY' }, 50)).toEqual({ minor: 1, currency: 'JPY' })
    expect(percentOf({ minor: 1, currency: 'JPY' }, 49)).toEqual({ minor: 0, currency: 'JPY' })
  })

  test('is within half a unit of the true share, also where a float would not be', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.integer({ min: 0, max: 100 }), (amount, share) => {
        const error = BigInt(percentOf({ minor: amount, currency: 'EUR' }, share).minor) * 100n
        const distance = error - BigInt(amount) * BigInt(share)
        expect(distance > -50n && distance <= 50n).toBe(true)
      }),
    )
  })
})
