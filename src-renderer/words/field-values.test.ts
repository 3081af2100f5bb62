import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { fieldTitle, sideCurrencies, valueWords } from './field-values.ts'

const context = {
  currency: 'EUR',
  nowMs: Temporal.Instant.from('2026-11-24T10:00:00Z').epochMilliseconds,
  timeZone: 'Europe/Berlin',
  nameOf: (id: string) => (id.endsWith('1') ? 'Mia Wolf' : null),
}
const known = '0190a0a0-0000-7000-8000-000000000001'
const unknown = '0190a0a0-0000-7000-8000-000000000002'
const desk = { product: 'Desk', description: '', quantity: 2, unit_price_minor: 100_50 }

describe('a field’s value', () => {
  it.each([
    ['value_minor', 4_500_000, '€45,000.00'],
    ['lines', [desk], '1 line, €201.00'],
    ['lines', [], 'no lines'],
    ['expires_on', '2026-11-27', 'Fri 27 Nov'],
    ['expires_on', '2027-01-05', 'Tue 5 Jan 2027'],
    ['expires_on', null, 'no date'],
    ['time_zone', 'Europe/Berlin', 'Berlin (Europe/Berlin)'],
    ['title', '', 'no title'],
    ['title', 'Rollout', 'Rollout'],
    ['status', 'negotiation', 'negotiation'],
    ['status', 'lost', 'lost'],
    ['currency', 'JPY', 'JPY'],
    ['owner_id', known, 'Mia Wolf'],
    ['owner_id', unknown, 'somebody'],
    ['owner_id', 'Mia Wolf', 'Mia Wolf'],
    ['customer_id', null, 'no customer'],
    ['team_id', null, 'nothing'],
  ] as const)('%s %o is said as "%s"', (field, value, words) => {
    expect(valueWords(field, value, context)).toBe(words)
  })

  it('is written with the digits of its currency', () => {
    expect(valueWords('value_minor', 45_000, { ...context, currency: 'JPY' })).toBe('¥45,000')
    expect(valueWords('value_minor', 45_000, { ...context, currency: 'KWD' })).toMatch(/45\.000$/)
  })

  it('has a title', () => {
    expect(fieldTitle('expires_on')).toBe('Valid until')
    expect(fieldTitle('status')).toBe('Status')
  })
})

it('each side’s amounts are in its own currency when that is in dispute too', () => {
  const about = { by_name: null, at: '2026-11-24T10:00:00.000Z' }
  const currency = { field: 'currency', base: 'EUR', mine: 'USD', theirs: 'JPY', ...about } as const
  expect(sideCurrencies([currency], 'CHF')).toEqual({ base: 'EUR', mine: 'USD', theirs: 'JPY' })
  expect(sideCurrencies([], 'CHF')).toEqual({ base: 'CHF', mine: 'CHF', theirs: 'CHF' })
})
