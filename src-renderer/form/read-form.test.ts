import { describe, expect, it } from 'vitest'
import { makeDetail, makeRow, personId, teamId } from '../../tests/support/renderer/rows.ts'
import { lostParts, missingIn } from './missing.ts'
import { readForm } from './read-form.ts'
import { blankLine, newValues, type QuoteFormValues, valuesOfQuote } from './values.ts'

const start: QuoteFormValues = newValues({ team_id: teamId, owner_id: personId, currency: 'EUR', time_zone: 'UTC' })
const typedLine = { product: ' Press ', description: '', quantity: '2', unit_price: '1,250.50' }
const problems = (values: QuoteFormValues) => {
  const read = readForm(values)
  return read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe('reading the form', () => {
  it('needs nothing but whose it is, its currency and its zone for a draft', () => {
    expect(readForm(start)).toEqual({
      ok: true,
      assignment: { team_id: teamId, owner_id: personId },
      fields: {
        customer_id: null,
        title: '',
        currency: 'EUR',
        lines: [],
        value_minor: 0,
        expires_on: null,
        time_zone: 'UTC',
      },
    })
  })

  it('turns what is typed into minor units, trims it and leaves blank lines out', () => {
    const read = readForm({ ...start, lines: [typedLine, blankLine], value: '2501', expires_on: '2026-12-31' })
    expect(read).toMatchObject({
      ok: true,
      fields: {
        lines: [{ product: 'Press', description: '', quantity: 2, unit_price_minor: 125_050 }],
        value_minor: 250_100,
        expires_on: '2026-12-31',
      },
    })
  })

  it('changes nothing of a quote that nobody typed into', () => {
    const { quote } = makeDetail(makeRow(7))
    const lines = [{ product: 'Press', description: 'new', quantity: 3, unit_price_minor: 333 }]
    const { customer_id, title, currency, value_minor, expires_on, time_zone } = quote
    const read = readForm(valuesOfQuote({ ...quote, lines }, null))
    expect(read).toMatchObject({
      fields: { customer_id, title, currency, lines, value_minor, expires_on, time_zone },
    })
  })

  it('says at each field what is wrong with it', () => {
    const bad = { product: '', description: 'x', quantity: '0', unit_price: '' }
    expect(
      problems({ ...start, lines: [blankLine, bad], value: 'lots', owner_id: '', expires_on: '2026-02-30' }),
    ).toEqual([
      'lines.1.product: Name the product.',
      'lines.1.quantity: Type a whole number from 1 to 1,000,000.',
      'lines.1.unit_price: Type a price; 0 if it is free.',
      'value: Type digits with a point for decimals: 1250.50.',
      'expires_on: Choose a date that exists.',
      'owner_id: Choose an owner.',
    ])
  })

  it('refuses lines that add up beyond what can be kept exactly', () => {
    const huge = { ...typedLine, quantity: '1000000', unit_price: '90000000000' }
    expect(problems({ ...start, lines: [huge] })).toEqual(['lines: The lines add up to more than can be kept exactly.'])
  })
})

describe('what is still missing', () => {
  it('is named while one types', () => {
    expect(missingIn(start)).toEqual(['customer', 'lines', 'value', 'valid until'])
    expect(missingIn({ ...start, lines: [typedLine], value: '12', expires_on: '2026-12-31' })).toEqual(['customer'])
  })

  it('may not be taken from an offer that is out; a draft may lack anything', () => {
    expect(lostParts(start, [], 'draft')).toEqual([])
    expect(lostParts(start, [], 'sent').map(({ path }) => path)).toEqual(['customer', 'lines', 'value', 'expires_on'])
    expect(lostParts(start, ['customer'], 'sent').map(({ path }) => path)).not.toContain('customer')
  })
})
