import { describe, expect, test } from 'vitest'
import { defaultRules } from './alert-rule.ts'
import {
  type AlertSettings,
  checkSettings,
  defaultAlertSettings,
  effectiveCalendar,
  effectiveRules,
} from './alert-settings.ts'
import {
  calendarSettingsSchema,
  defaultCalendarSettings,
  previewCalendar,
  resolveCalendar,
  spanText,
} from './calendar-settings.ts'
import { snoozedUntilMs } from './snooze.ts'
import { toEpochMs, toInstantText } from './time.ts'
import { officeCalendar } from './working-calendar.ts'
import { createWorkingHours } from './working-hours.ts'

const place = { person_zone: 'America/New_York', machine_zone: 'Asia/Tokyo', holidays: [] }
const office = createWorkingHours(officeCalendar('America/New_York'))

const zoneOf = (given: object) => resolveCalendar({ ...defaultCalendarSettings, ...given }, place).time_zone

const settings = (overrides: Record<string, object>, rules: readonly object[] = []): AlertSettings => ({
  ...defaultAlertSettings,
  person: { ...defaultAlertSettings.person, overrides, rules: rules as never },
})

const until = (choice: 'hour' | 'tomorrow' | 'next_working_day', at: string) =>
  toInstantText(snoozedUntilMs(office, choice, toEpochMs(at)) ?? 0)

describe('calendar settings', () => {
  test('the zone is the one chosen, else the person’s, or the machine’s while travelling', () => {
    expect(zoneOf({})).toBe('America/New_York')
    expect(zoneOf({ time_zone: 'Europe/Berlin' })).toBe('Europe/Berlin')
    expect(zoneOf({ time_zone: 'Europe/Berlin', follow_machine: true })).toBe('Asia/Tokyo')
  })

  test('holidays and days off close a day, and being away closes every day before the return', () => {
    const settings = { ...defaultCalendarSettings, days_off: ['2026-03-10'], away_until: '2026-03-09' }
    const calendar = resolveCalendar(settings, { ...place, holidays: [{ date: '2026-03-09', name: 'Monday' }] })
    expect(calendar.days_off).toEqual(['2026-03-09', '2026-03-10'])
    const opening = createWorkingHours(calendar).nextOpeningMs(toEpochMs('2026-03-04T15:00:00.000Z'))
    expect(toInstantText(opening ?? 0)).toBe('2026-03-11T13:00:00.000Z')
  })

  test('a week that never opens is refused in words', () => {
    const hours = { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] }
    const refused = calendarSettingsSchema.safeParse({ ...defaultCalendarSettings, hours })
    expect(refused.error?.issues[0]?.message).toContain('at least one weekday')
  })

  test('a preview says when it opens next, and when it closes', () => {
    // Friday 19:00 in New York: Monday 09:00 is 2 days and 13 hours away, the clocks change on Sunday.
    const friday = previewCalendar(
      office,
      [{ date: '2026-05-25', name: 'Memorial Day' }],
      toEpochMs('2026-03-07T00:00:00.000Z'),
    )
    expect(friday).toMatchObject({
      is_open: false,
      next_opening_at: '2026-03-09T13:00:00.000Z',
      next_opening_in: 'in 2 d 13 h',
      closes_at: null,
      next_holidays: [{ name: 'Memorial Day' }],
    })
    expect(previewCalendar(office, [], toEpochMs('2026-03-06T20:00:00.000Z'))).toMatchObject({
      is_open: true,
      next_opening_in: 'now',
      closes_at: '2026-03-06T22:00:00.000Z',
    })
    expect([1, 60_000, 3_600_000 * 5, 86_400_000 * 2 + 1].map(spanText)).toEqual([
      'in 1 min',
      'in 1 min',
      'in 5 h',
      'in 2 d',
    ])
  })
})

describe('settings of rules', () => {
  test('a person changes what the workspace says, by the rule’s id, and adds their own', () => {
    const [first] = defaultRules
    const own = { ...first, id: 'mine' }
    const rules = effectiveRules(settings({ 'expires-7': { days: 10 }, 'expires-3': { enabled: false } }, [own]))
    expect(rules.find(({ id }) => id === 'expires-7')).toMatchObject({ days: 10, severity: 'low' })
    expect(rules.map(({ id }) => id)).not.toContain('expires-3')
    expect(rules.map(({ id }) => id)).toContain('mine')
  })

  test('what does not fit is refused with rule and field, and does not count', () => {
    const wrong = settings({ expired: { percent: 5 } })
    expect(checkSettings(wrong)).toEqual({
      ok: false,
      message: 'Rule "expired": a rule of the kind expired has no percent.',
    })
    expect(effectiveRules(wrong).find(({ id }) => id === 'expired')).toEqual(
      defaultRules.find(({ id }) => id === 'expired'),
    )
    expect(checkSettings(settings({ 'expires-7': { days: 400 } }))).toMatchObject({ ok: false })
    expect(checkSettings(settings({}, [defaultRules[0] ?? {}]))).toMatchObject({
      message: expect.stringContaining('"expires-7"'),
    })
    expect(checkSettings(settings({ 'expires-7': { days: 9 } }))).toEqual({ ok: true })
  })

  test('the calendar is the person’s own, else their team’s, else office hours', () => {
    const own = { ...defaultCalendarSettings, time_zone: 'Europe/Berlin' }
    const ofTeam = { ...defaultCalendarSettings, time_zone: 'Europe/Paris' }
    const workspace = { ...defaultAlertSettings.workspace, calendars: { north: ofTeam } }
    expect(effectiveCalendar({ ...defaultAlertSettings, workspace }, ['south', 'north'])).toBe(ofTeam)
    const person = { ...defaultAlertSettings.person, calendar: own }
    expect(effectiveCalendar({ workspace, person }, ['north'])).toBe(own)
    expect(effectiveCalendar(defaultAlertSettings, ['north'])).toBe(defaultCalendarSettings)
  })
})

test('a snooze lands in working hours: an hour or a day on, or when the next working day opens', () => {
  const monday = '2026-03-09T13:00:00.000Z'
  expect(until('hour', '2026-03-06T16:30-05:00')).toBe(monday)
  expect(until('hour', '2026-03-06T10:30-05:00')).toBe('2026-03-06T16:30:00.000Z')
  expect(until('tomorrow', '2026-03-06T10:30-05:00')).toBe(monday)
  expect(until('next_working_day', '2026-03-06T10:30-05:00')).toBe(monday)
  expect(until('tomorrow', '2026-03-09T10:30-04:00')).toBe('2026-03-10T14:30:00.000Z')
})
