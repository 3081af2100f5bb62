import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  dueRule,
  expiryLeadDays,
  expiryText,
  nextDueMs,
  ruleBeforeClosing,
  ruleDueMs,
  showOrHold,
} from './alert-rules.ts'
import { addDays, localDate, validUntilMs } from './expiry.ts'
import { toEpochMs } from './time.ts'
import { closingMs, nextOpeningMs, officeCalendar } from './working-calendar.ts'

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

  test('the next instant to look at is ahead, and the due rule changes exactly there', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3, max: 20 }), fc.integer({ min: 0, max: 86_399_999 }), (days, offset) => {
        const nowMs = toEpochMs('2026-11-01T00:00Z') + offset
        const quote = until(addDays(localDate(nowMs, newYork), days))
        const next = nextDueMs(quote, nowMs)
        expect(next === null).toBe(days <= 0)
        if (next === null) return
        expect(next).toBeGreaterThan(nowMs)
        expect(dueRule(quote, next - 1)).toBe(dueRule(quote, nowMs))
        expect(dueRule(quote, next)).not.toBe(dueRule(quote, nowMs))
      }),
    )
  })
})

describe('show or hold', () => {
  const office = officeCalendar(newYork)

  test('in working hours at once, else held until they begin', () => {
    expect(showOrHold(office, toEpochMs('2026-03-06T16:59:59.999-05:00'))).toEqual({ decision: 'show' })
    expect(showOrHold(office, toEpochMs('2026-03-06T17:00-05:00'))).toEqual({
      decision: 'hold',
      untilMs: toEpochMs('2026-03-09T09:00-04:00'),
    })
  })

  test('case 1: held over the weekend on which it expires, and the text then says expired', () => {
    const heldAtMs = toEpochMs('2026-03-07T23:30-05:00')
    const quote = alerted('2026-03-08')
    const untilMs = toEpochMs('2026-03-09T09:00-04:00')
    expect(showOrHold(office, heldAtMs)).toEqual({ decision: 'hold', untilMs })
    expect(expiryText(quote, 'Acme Corp', heldAtMs, 'en').title).toBe('Q-1042 expires tomorrow')
    expect(expiryText(quote, 'Acme Corp', untilMs, 'en').title).toBe('Q-1042 has expired')
  })
})

const titleAt = (at: string) => expiryText(alerted('2026-03-13'), 'Acme Corp', toEpochMs(at), 'en').title

describe('a quote that runs out before the next opening', () => {
  const office = officeCalendar(newYork)
  const longWeekend = { ...office, days_off: ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'] }
  const onFriday = (expires_on: string, calendar = office) =>
    ruleBeforeClosing(until(expires_on), calendar, toEpochMs('2026-03-06T15:00-05:00'))

  test('is announced in the last window before it, by the loosest rule that would come true unseen', () => {
    expect(onFriday('2026-03-08')).toBe(1)
    // Saturday's rule of one day has come true on Friday itself; Monday's day is seen on Monday.
    expect(onFriday('2026-03-07')).toBe(null)
    expect(onFriday('2026-03-09')).toBe(null)
    expect(onFriday('2026-03-11', longWeekend)).toBe(3)
    expect(onFriday('2026-03-15', longWeekend)).toBe(7)
  })

  test('outside working time nothing is announced early, nor what has run out already', () => {
    expect(ruleBeforeClosing(until('2026-03-08'), office, toEpochMs('2026-03-06T17:00-05:00'))).toBe(null)
    expect(onFriday('2026-03-05')).toBe(null)
  })

  test('no quote runs out between closing and opening without a rule that spoke before', () => {
    const someTime = fc.integer({ min: toEpochMs('2026-03-02T00:00Z'), max: toEpochMs('2026-03-09T00:00Z') })
    fc.assert(
      fc.property(someTime, fc.integer({ min: 0, max: 12 }), fc.boolean(), (nowMs, days, long) => {
        const calendar = long ? longWeekend : office
        const closing = closingMs(calendar, nowMs)
        const quote = until(addDays(localDate(nowMs, newYork), days))
        fc.pre(closing !== null && validUntilMs(quote) <= nextOpeningMs(calendar, closing))
        expect(dueRule(quote, nowMs) ?? ruleBeforeClosing(quote, calendar, nowMs)).not.toBe(null)
      }),
    )
  })
})

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
