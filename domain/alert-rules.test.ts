import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dueRule, expiryLeadDays, expiryText, ruleDueMs } from './alert-rules.ts'
import { addDays, localDate, validUntilMs } from './expiry.ts'
import { toEpochMs } from './time.ts'

const newYork = 'America/New_York'
const until = (expires_on: string) => ({ expires_on, time_zone: newYork })
const alerted = (expires_on: string) => ({
  ...until(expires_on),
  quote_id: 1042,
  revision: 1,
  value_minor: 4_500_000,
  currency: 'EUR',
})

describe('when a rule comes true', () => {
  test('at the start of the local day 7, 3, 1 and 0 days before, counted as calendar days', () => {
    const quote = until('2026-03-09')
    expect(expiryLeadDays.map((days) => ruleDueMs(quote, days))).toEqual(
      ['2026-03-02T05:00Z', '2026-03-06T05:00Z', '2026-03-08T05:00Z', '2026-03-09T04:00Z'].map(toEpochMs),
    )
  })

  test('the tightest rule that has come true is the due one; before seven days there is none', () => {
    const quote = until('2026-03-20')
    const dueAt = (at: string) => dueRule(quote, toEpochMs(at))
    expect(dueAt('2026-03-12T23:59:59.999-04:00')).toBe(null)
    expect(dueAt('2026-03-13T00:00-04:00')).toBe(7)
    expect(dueAt('2026-03-16T23:59:59.999-04:00')).toBe(7)
    expect(dueAt('2026-03-17T00:00-04:00')).toBe(3)
    expect(dueAt('2026-03-19T12:00-04:00')).toBe(1)
    expect(dueAt('2026-03-20T12:00-04:00')).toBe(0)
    expect(dueAt('2026-03-22T12:00-04:00')).toBe(0)
    expect(dueAt('2026-03-27T12:00-04:00')).toBe(0)
    expect(dueAt('2026-03-28T00:00-04:00')).toBe(null)
  })

  test('the due rule is the one with the fewest days among those not below the days left', () => {
    fc.assert(
      fc.property(fc.integer({ min: -7, max: 12 }), fc.integer({ min: 0, max: 86_399_999 }), (days, offset) => {
        const nowMs = toEpochMs('2026-03-08T00:00Z') + offset
        const quote = until(addDays(localDate(nowMs, newYork), days))
        const reached = expiryLeadDays.filter((lead) => lead >= days)
        expect(dueRule(quote, nowMs)).toBe(reached.length > 0 ? Math.min(...reached) : null)
      }),
    )
  })
})

const titleAt = (at: string) => expiryText(alerted('2026-03-13'), 'Acme Corp', toEpochMs(at), 'en').title

describe('what the toast says', () => {
  test('days as people count them, from how things stand when it is shown', () => {
    expect(titleAt('2026-03-06T23:59-05:00')).toBe('Q-1042 expires in 7 days')
    expect(titleAt('2026-03-10T09:00-04:00')).toBe('Q-1042 expires in 3 days')
    expect(titleAt('2026-03-12T09:00-04:00')).toBe('Q-1042 expires tomorrow')
    expect(titleAt('2026-03-13T09:00-04:00')).toBe('Q-1042 expires today')
    const lastMs = validUntilMs(until('2026-03-13')) - 1
    expect(expiryText(alerted('2026-03-13'), null, lastMs, 'en').title).toBe('Q-1042 expires today')
    expect(expiryText(alerted('2026-03-13'), null, lastMs + 1, 'en').title).toBe('Q-1042 has expired')
  })

  test('customer, value and date; a missing customer and a revision are said', () => {
    const nowMs = toEpochMs('2026-03-10T09:00-04:00')
    expect(expiryText(alerted('2026-03-13'), 'Acme Corp', nowMs, 'en').body).toBe(
      'Acme Corp · €45,000.00 · valid until 2026-03-13',
    )
    const revised = expiryText({ ...alerted('2026-03-13'), revision: 2 }, null, nowMs, 'en')
    expect(revised.title).toBe('Q-1042 r2 expires in 3 days')
    expect(revised.body).toMatch(/^No customer · /)
  })
})
