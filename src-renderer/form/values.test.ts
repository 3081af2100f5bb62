import { describe, expect, it } from 'vitest'
import { makeDetail, makeRow, personId, teamId } from '../../tests/support/renderer/rows.ts'
import { blankLine, isTouched, linesTotal, lineTotal, newValues, valuesOfQuote } from './values.ts'

const { quote } = makeDetail(makeRow(1))
const line = { product: 'Press', description: '', quantity: 2, unit_price_minor: 1_250 }

describe('the form of a quote', () => {
  it.each([
    ['EUR', '12.50'],
    ['JPY', '1250'],
    ['KWD', '1.250'],
  ])('shows prices in the major units of %s', (currency, unit_price) => {
    const values = valuesOfQuote({ ...quote, currency, lines: [line] }, 'Acme')
    expect(values.lines[0]).toMatchObject({ quantity: '2', unit_price })
  })

  it('proposes the sum of the lines as value, but leaves a value that somebody set', () => {
    expect(valuesOfQuote({ ...quote, lines: [line], value_minor: 2_500 }, null).value_follows).toBe(true)
    expect(valuesOfQuote({ ...quote, lines: [line], value_minor: 2_400 }, null)).toMatchObject({
      value_follows: false,
      value: '24.00',
    })
  })

  it('adds the lines up exactly, leaves blank ones out, and has no sum while one cannot be read', () => {
    const typed = { product: 'Press', description: '', quantity: '3', unit_price: '0.10' }
    expect(lineTotal(typed, 'EUR')).toBe(30)
    expect(linesTotal([typed, blankLine, { ...typed, quantity: '1' }], 'EUR')).toBe(40)
    expect(linesTotal([typed, { ...typed, unit_price: '1,5' }], 'EUR')).toBeNull()
    expect(linesTotal([{ ...typed, quantity: '1000000', unit_price: '90000000000' }], 'EUR')).toBeNull()
    expect(linesTotal([], 'EUR')).toBe(0)
  })

  it('has something to lose once anything but a blank line differs', () => {
    const start = newValues({ team_id: teamId, owner_id: personId, currency: 'EUR', time_zone: 'UTC' })
    expect(isTouched(start, { ...start, lines: [] })).toBe(false)
    expect(isTouched(start, { ...start, lines: [{ ...blankLine, description: 'x' }] })).toBe(true)
    expect(isTouched(start, { ...start, title: 'x' })).toBe(true)
    expect(isTouched(start, { ...start, owner_id: 'x' })).toBe(true)
    expect(isTouched(start, { ...start, customer: { id: 'x', name: 'X' } })).toBe(true)
  })
})
