import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import {
  agoWords,
  choiceWords,
  expiryWords,
  fullMoment,
  momentWords,
  plainDateWords,
  sinceWords,
  zoneCity,
} from './dates.ts'

const berlin = 'Europe/Berlin'
const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const words = (expires_on: string, now: string, closed = false, time_zone = berlin) =>
  expiryWords({ expires_on, time_zone }, closed, at(now))

describe('a valid-until date as people speak of it', () => {
  const now = '2026-11-24T10:00:00+01:00'
  it.each([
    ['2026-11-24', 'today', 'today'],
    ['2026-11-25', 'tomorrow', 'soon'],
    ['2026-11-27', 'Fri, 3 d', 'soon'],
    ['2026-11-28', 'Sat, 4 d', 'none'],
    ['2026-11-30', 'Mon, 6 d', 'none'],
    ['2026-12-01', '1 Dec', 'none'],
    ['2027-01-05', '5 Jan 2027', 'none'],
    ['2026-11-23', 'expired yesterday', 'past'],
    ['2026-11-19', 'expired 5 d ago', 'past'],
    ['2026-10-12', 'expired 12 Oct', 'past'],
    ['2025-10-12', 'expired 12 Oct 2025', 'past'],
  ])('%s reads "%s" and is %s', (date, short, urgency) => {
    expect(words(date, now)).toMatchObject({ short, urgency })
  })

  it('says what is left and until when, in the zone of the quote', () => {
    expect(words('2026-11-27', now)).toMatchObject({ left: '3 days left', until: 'until Fri 27 Nov 24:00 Berlin' })
    expect(words('2026-11-25', now).left).toBe('1 day left')
    expect(words('2026-11-24', now).left).toBe('14 hours left')
    expect(words('2026-11-24', '2026-11-24T23:59:30+01:00').left).toBe('1 minute left')
    expect(words('2026-11-19', now).left).toBe('expired 5 days ago')
  })

  it('is valid through the last millisecond of its last local day', () => {
    expect(words('2026-11-24', '2026-11-24T23:59:59.999+01:00').urgency).toBe('today')
    expect(words('2026-11-24', '2026-11-25T00:00:00+01:00')).toMatchObject({
      urgency: 'past',
      short: 'expired yesterday',
    })
  })

  it('counts days in the zone of the quote, not of the reader', () => {
    const instant = '2026-05-01T10:30:00Z'
    expect(words('2026-05-01', instant, false, 'Pacific/Kiritimati').urgency).toBe('past')
    expect(words('2026-05-01', instant, false, 'Pacific/Pago_Pago').short).toBe('tomorrow')
  })

  it('does not call a closed quote urgent or expired', () => {
    expect(words('2026-11-19', now, true)).toMatchObject({ short: '19 Nov', left: null, urgency: 'none' })
  })

  it('gives the whole instant with its zone for hover and screen readers', () => {
    expect(words('2026-11-27', now).full).toBe('Valid until Friday 27 Nov 2026, 24:00 in Europe/Berlin (3 days left)')
  })
})

describe('moments', () => {
  const nowMs = at('2026-11-24T14:02:00+01:00')
  it.each([
    ['2026-11-24T12:40:00Z', '13:40'],
    ['2026-11-23T12:40:00Z', 'yesterday 13:40'],
    ['2026-11-25T08:00:00Z', 'tomorrow 09:00'],
    ['2026-11-20T08:00:00Z', 'Fri 20 Nov 09:00'],
  ])('%s is said as "%s"', (instant, expected) => {
    expect(momentWords(instant, nowMs, berlin)).toBe(expected)
  })

  it.each([
    ['2026-11-24T13:01:30Z', 'now'],
    ['2026-11-24T12:40:00Z', '22 min'],
    ['2026-11-24T08:40:00Z', '4 h'],
    ['2026-11-23T22:40:00Z', 'yesterday'],
    ['2026-11-20T08:00:00Z', '20 Nov'],
  ])('%s was "%s" ago', (instant, expected) => {
    expect(agoWords(instant, nowMs, berlin)).toBe(expected)
  })

  it.each([
    ['2026-11-24T13:01:30Z', 'just now'],
    ['2026-11-24T12:40:00Z', '22 min ago'],
    ['2026-11-23T22:40:00Z', 'yesterday 23:40'],
    ['2026-11-20T08:00:00Z', 'on Fri 20 Nov 09:00'],
  ])('%s happened "%s"', (instant, expected) => {
    expect(sinceWords(instant, nowMs, berlin)).toBe(expected)
  })

  it('says a date alone with its weekday, and its year when it is another', () => {
    expect(plainDateWords('2026-11-27', 2026)).toBe('Fri 27 Nov')
    expect(plainDateWords('2027-01-05', 2026)).toBe('Tue 5 Jan 2027')
  })

  it('gives an instant in full with its zone', () => {
    expect(fullMoment('2026-11-24T12:40:00Z', berlin)).toBe('Tuesday 24 Nov 2026, 13:40 (Europe/Berlin)')
  })

  it('names a zone by its city', () => {
    expect(zoneCity('America/Argentina/Buenos_Aires')).toBe('Buenos Aires')
    expect(zoneCity('UTC')).toBe('UTC')
  })
})

describe('a date that is being chosen', () => {
  const nowMs = Temporal.Instant.from('2026-11-21T12:00:00Z').epochMilliseconds
  it.each([
    ['2026-11-27', 'Fri 27 Nov, in 6 d', false],
    ['2026-11-22', 'Sun 22 Nov, tomorrow', false],
    ['2026-11-21', 'Sat 21 Nov, today', false],
    ['2026-11-20', 'Fri 20 Nov, already past', true],
    ['2027-01-04', 'Mon 4 Jan 2027, in 44 d', false],
  ])('%s is %s', (expires_on, text, past) => {
    expect(choiceWords({ expires_on, time_zone: 'Europe/Berlin' }, nowMs)).toEqual({ text, past })
  })

  it('counts its days in the zone of the quote', () => {
    const lateMs = Temporal.Instant.from('2026-11-21T20:00:00Z').epochMilliseconds
    expect(choiceWords({ expires_on: '2026-11-22', time_zone: 'Asia/Tokyo' }, lateMs).text).toBe('Sun 22 Nov, today')
  })
})
