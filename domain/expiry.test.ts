import * as fc from 'fast-check'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  addDays,
  daysBeforeExpiryMs,
  daysUntilExpiry,
  isExpired,
  isPastValidUntil,
  localDate,
  validUntilMs,
} from './expiry.ts'
import { toEpochMs, toInstantText } from './time.ts'

const until = (expires_on: string, time_zone: string) => toInstantText(validUntilMs({ expires_on, time_zone }))
const hourMs = 3_600_000

describe('valid until', () => {
  test('case 24: days of 23 and 25 hours end where the zone says', () => {
    expect(until('2026-03-08', 'America/New_York')).toBe('2026-03-09T04:00:00.000Z')
    expect(until('2026-11-01', 'America/New_York')).toBe('2026-11-02T05:00:00.000Z')
    const short = { expires_on: '2026-03-08', time_zone: 'America/New_York' }
    const long = { expires_on: '2026-11-01', time_zone: 'America/New_York' }
    expect(validUntilMs(short) - daysBeforeExpiryMs(short, 0)).toBe(23 * hourMs)
    expect(validUntilMs(long) - daysBeforeExpiryMs(long, 0)).toBe(25 * hourMs)
  })

  test('case 25: where midnight does not exist the day starts at its first instant', () => {
    expect(until('2026-09-05', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z')
  })

  test('case 26: one date ends 25 hours apart at the two ends of the world', () => {
    expect(until('2026-05-01', 'Pacific/Kiritimati')).toBe('2026-05-01T10:00:00.000Z')
    expect(until('2026-05-01', 'Pacific/Pago_Pago')).toBe('2026-05-02T11:00:00.000Z')
  })

  test('the date is inclusive: valid to the last millisecond of its local day', () => {
    const quote = { status: 'sent', expires_on: '2026-03-06', time_zone: 'Europe/Berlin' }
    const endMs = toEpochMs('2026-03-06T23:00:00Z')
    expect(isExpired(quote, endMs - 1)).toBe(false)
    expect(isExpired(quote, endMs)).toBe(true)
    expect(daysUntilExpiry(quote, endMs - 1)).toBe(0)
    expect(daysUntilExpiry(quote, endMs)).toBe(-1)
  })

  test('a closed quote and one without a date do not expire', () => {
    const lateMs = toEpochMs('2030-01-01T00:00:00Z')
    expect(isExpired({ status: 'closed', expires_on: '2026-03-06', time_zone: 'UTC' }, lateMs)).toBe(false)
    expect(isExpired({ status: 'sent', expires_on: null, time_zone: 'UTC' }, lateMs)).toBe(false)
  })
})

describe('calendar days', () => {
  test('case 28: three days from 10:00 is 10:00, over a change of the clock too', () => {
    expect(addDays('2026-03-06', 3)).toBe('2026-03-09')
    const quote = { expires_on: '2026-03-09', time_zone: 'America/New_York' }
    // The rule of three days comes true at the start of 03-06 there: 72 hours less one before the start of 03-09.
    expect(toInstantText(daysBeforeExpiryMs(quote, 3))).toBe('2026-03-06T05:00:00.000Z')
    expect(daysBeforeExpiryMs(quote, 0) - daysBeforeExpiryMs(quote, 3)).toBe(71 * hourMs)
    const start = Temporal.ZonedDateTime.from('2026-03-06T10:00-05:00[America/New_York]')
    const later = start
      .toPlainDate()
      .add({ days: 3 })
      .toZonedDateTime({ timeZone: 'America/New_York', plainTime: '10:00' })
    expect(later.toString({ timeZoneName: 'never' })).toBe('2026-03-09T10:00:00-04:00')
    expect(localDate(later.epochMilliseconds, 'America/New_York')).toBe(addDays('2026-03-06', 3))
  })

  const zone = fc.constantFrom(
    'America/New_York',
    'America/Santiago',
    'Europe/Berlin',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Pacific/Kiritimati',
    'Pacific/Pago_Pago',
  )
  const instantMs = fc.integer({ min: toEpochMs('2024-01-01T00:00Z'), max: toEpochMs('2030-01-01T00:00Z') })

  test('days left and the valid-until instant agree: negative exactly when it has passed', () => {
    fc.assert(
      fc.property(zone, instantMs, fc.integer({ min: -40, max: 40 }), (time_zone, nowMs, days) => {
        const quote = { expires_on: addDays(localDate(nowMs, time_zone), days), time_zone }
        expect(daysUntilExpiry(quote, nowMs)).toBe(days)
        expect(isPastValidUntil(quote, nowMs)).toBe(days < 0)
      }),
      { numRuns: 500 },
    )
  })

  test('adding days and taking them back is the same date', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4_000, max: 4_000 }), (days) => {
        expect(addDays(addDays('2026-03-08', days), -days)).toBe('2026-03-08')
      }),
    )
  })
})
