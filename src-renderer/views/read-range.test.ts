import { describe, expect, it } from 'vitest'
import { parseMajor } from '../../domain/money.ts'
import { readRange } from './read-range.ts'

const range = (min: string, max: string, currency = 'EUR') => readRange(min, max, (text) => parseMajor(text, currency))

describe('a range of amounts', () => {
  it('is read in minor units of its currency; an empty side is open', () => {
    expect(range('1000', '2500.50')).toEqual({ min: 100_000, max: 250_050 })
    expect(range('', '5')).toEqual({ min: null, max: 500 })
    expect(range('1000', ' ', 'JPY')).toEqual({ min: 1_000, max: null })
  })

  it.each([
    ['', '', /at least one/],
    ['10', '5', /swap/],
    ['ten', '', /"ten" is not an amount/],
    ['', '1.005', /more decimals/],
  ])('"%s" to "%s" is refused with what to do', (min, max, problem) => {
    expect(range(min, max)).toMatchObject({ problem: expect.stringMatching(problem) })
  })
})
