import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkCalendar } from './calendar-settings.ts'
import { addDays } from './expiry.ts'
import { toEpochMs, toInstantText } from './time.ts'
import { officeCalendar, type WorkingCalendar, weekdays, workingCalendarSchema } from './working-calendar.ts'
import { createWorkingHours } from './working-hours.ts'

function nextOpeningMs(calendar: WorkingCalendar, atMs: number): number {
  const openingMs = createWorkingHours(calendar).nextOpeningMs(atMs)
  if (openingMs === null) throw new Error('never opens')
  return openingMs
}
const isWorkingTime = (calendar: WorkingCalendar, atMs: number) => createWorkingHours(calendar).isOpen(atMs)
const closingMs = (calendar: WorkingCalendar, atMs: number) => createWorkingHours(calendar).closingMs(atMs)

type Hours = Partial<WorkingCalendar['hours']>

const closedWeek: WorkingCalendar['hours'] = {
  monday: [],
  tuesday: [],
  wednesday: [],
  thursday: [],
  friday: [],
  saturday: [],
  sunday: [],
}
const calendar = (time_zone: string, hours: Hours, days_off: string[] = []) =>
  workingCalendarSchema.parse({ time_zone, hours: { ...closedWeek, ...hours }, days_off })

const onDays = (days: readonly (typeof weekdays)[number][], from: string, to: string): Hours =>
  Object.fromEntries(days.map((day) => [day, [{ from, to }]]))

const newYork = 'America/New_York'
const office = officeCalendar(newYork)
const officeWithout = (...days_off: string[]): WorkingCalendar => ({ ...office, days_off })
const nights = calendar(newYork, onDays(weekdays.slice(0, 5), '22:00', '06:00'))
const nextOpening = (hours: WorkingCalendar, at: string) => toInstantText(nextOpeningMs(hours, toEpochMs(at)))
const instant = (at: string) => toInstantText(toEpochMs(at))

const cases: Array<[number, string, WorkingCalendar, string, string]> = [
  [1, 'a Saturday night before the clocks change', office, '2026-03-07T23:30-05:00', '2026-03-09T09:00-04:00'],
  [2, 'the last millisecond of Friday', office, '2026-03-06T16:59:59.999-05:00', '2026-03-06T16:59:59.999-05:00'],
  [3, 'closing time itself', office, '2026-03-06T17:00:00.000-05:00', '2026-03-09T09:00-04:00'],
  [4, 'one millisecond early', office, '2026-03-09T08:59:59.999-04:00', '2026-03-09T09:00-04:00'],
  [5, 'opening time itself', office, '2026-03-09T09:00:00-04:00', '2026-03-09T09:00-04:00'],
  [6, 'the first 01:30 of a fold', office, '2026-11-01T01:30-04:00', '2026-11-02T09:00-05:00'],
  [7, 'the second 01:30 of a fold', office, '2026-11-01T01:30-05:00', '2026-11-02T09:00-05:00'],
  [8, 'London before summer time', officeCalendar('Europe/London'), '2026-03-27T18:00Z', '2026-03-30T08:00Z'],
  [9, 'Berlin before winter time', officeCalendar('Europe/Berlin'), '2026-10-23T17:00+02:00', '2026-10-26T08:00Z'],
  [10, 'half an hour of summer', officeCalendar('Australia/Lord_Howe'), '2026-04-03T18:00+11:00', '2026-04-05T22:30Z'],
  [11, 'a zone of +05:30', officeCalendar('Asia/Kolkata'), '2026-03-06T17:30+05:30', '2026-03-09T03:30Z'],
  [12, 'a zone of +05:45', officeCalendar('Asia/Kathmandu'), '2026-03-06T17:30+05:45', '2026-03-09T03:15Z'],
  [13, 'a holiday on Friday', officeWithout('2026-07-03'), '2026-07-02T18:00-04:00', '2026-07-06T09:00-04:00'],
  [14, 'a holiday over new year', officeWithout('2027-01-01'), '2026-12-31T20:00-05:00', '2027-01-04T09:00-05:00'],
  [15, "Friday's window after midnight", nights, '2026-03-07T03:00-05:00', '2026-03-07T03:00-05:00'],
  [16, 'the end of the window over midnight', nights, '2026-03-07T06:00-05:00', '2026-03-09T22:00-04:00'],
  [
    17,
    'an opening inside the gap',
    calendar(newYork, onDays(['sunday'], '02:30', '05:00')),
    '2026-03-08T00:10-05:00',
    '2026-03-08T03:30-04:00',
  ],
  [
    18,
    'a closing inside the fold',
    calendar(newYork, onDays(['sunday'], '00:30', '01:30')),
    '2026-11-01T01:15-05:00',
    '2026-11-01T01:15-05:00',
  ],
  [19, 'Casablanca before Ramadan', officeCalendar('Africa/Casablanca'), '2026-02-13T18:00+01:00', '2026-02-16T09:00Z'],
  [
    20,
    'Cairo from Sunday to Thursday',
    calendar('Africa/Cairo', onDays(['sunday', ...weekdays.slice(0, 4)], '09:00', '17:00')),
    '2026-04-23T18:00+02:00',
    '2026-04-26T06:00Z',
  ],
  [
    21,
    'the hours of the person, not of the sender',
    officeCalendar('America/Los_Angeles'),
    '2026-03-06T16:30-05:00',
    '2026-03-06T16:30-05:00',
  ],
  [
    22,
    'open round the clock',
    calendar(newYork, onDays(weekdays, '00:00', '24:00')),
    '2026-03-08T02:59:59.999-05:00',
    '2026-03-08T02:59:59.999-05:00',
  ],
]

describe('alerts.md', () => {
  test.each(cases)('case %i: %s', (_number, _what, hours, at, expected) => {
    expect(nextOpening(hours, at)).toBe(instant(expected))
  })

  test('case 23: no business day at all is refused with a reason', () => {
    const refused = workingCalendarSchema.safeParse({ time_zone: newYork, hours: closedWeek, days_off: [] })
    expect(refused.success).toBe(false)
    expect(refused.error?.issues[0]?.message).toContain('at least one weekday')
  })
})

describe('what else a calendar promises', () => {
  test('times that are none are refused', () => {
    for (const range of [
      { from: '24:00', to: '06:00' },
      { from: '9:00', to: '17:00' },
      { from: '09:00', to: '24:01' },
      { from: '09:60', to: '17:00' },
    ]) {
      const hours = { ...closedWeek, monday: [range] }
      expect(workingCalendarSchema.safeParse({ time_zone: newYork, hours, days_off: [] }).success).toBe(false)
    }
  })

  test('a window that a gap swallows whole does not open', () => {
    // 02:30–03:00 does not exist on 2026-03-08: the next opening is a week later, and it really is one.
    const sundays = calendar(newYork, onDays(['sunday'], '02:30', '03:00'))
    expect(nextOpening(sundays, '2026-03-08T00:10-05:00')).toBe(instant('2026-03-15T02:30-04:00'))
  })

  test('several ranges a day: the break between them is not working time', () => {
    const hours = calendar(newYork, {
      monday: [
        { from: '13:00', to: '17:00' },
        { from: '08:00', to: '12:00' },
      ],
    })
    expect(nextOpening(hours, '2026-03-09T12:00-04:00')).toBe(instant('2026-03-09T13:00-04:00'))
    expect(nextOpening(hours, '2026-03-09T07:00-04:00')).toBe(instant('2026-03-09T08:00-04:00'))
  })

  test('a day off takes the window that starts on it, also the part after midnight', () => {
    const hours = { ...nights, days_off: ['2026-03-06'] }
    expect(nextOpening(hours, '2026-03-07T03:00-05:00')).toBe(instant('2026-03-09T22:00-04:00'))
  })

  test('days off without end are refused in words that say what to do, not a wait for ever', () => {
    const days_off = Array.from({ length: 410 }, (_, day) => addDays('2026-03-05', day))
    const never = checkCalendar(officeWithout(...days_off), toEpochMs('2026-03-06T12:00Z'))
    expect(never).toMatchObject({ ok: false, message: expect.stringContaining('take some days off back') })
    const away = checkCalendar({ ...office, away_until: '2028-01-01' }, toEpochMs('2026-03-06T12:00Z'))
    expect(away).toMatchObject({ ok: false, message: expect.stringContaining('away until 2028-01-01') })
    expect(checkCalendar(office, toEpochMs('2026-03-06T12:00Z'))).toEqual({ ok: true })
  })
})

/** A second implementation that shares nothing with the first: the runtime's offsets, walked minute by minute. */
const minuteMs = 60_000
const quarterMs = 15 * minuteMs

function zoneOffsets(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset', year: 'numeric' })
  const known = new Map<number, number>()
  return (atMs) => {
    // Every offset of these years begins and ends on a quarter of an hour.
    const quarter = Math.floor(atMs / quarterMs)
    let offset = known.get(quarter)
    if (offset === undefined) {
      const name = format.formatToParts(quarter * quarterMs).find((part) => part.type === 'timeZoneName')?.value ?? ''
      const match = /^GMT(?:([+-])(\d\d):(\d\d))?$/.exec(name)
      if (!match) throw new Error(`unexpected offset "${name}"`)
      offset = (Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)) * minuteMs * (match[1] === '-' ? -1 : 1)
      known.set(quarter, offset)
    }
    return offset
  }
}

type Clocks = (localMs: number) => { firstMs: number; lastMs: number }

/** Instants at which a wall clock shows a time: two in a fold; in a gap what the clock of before would have shown. */
function clockReader(offsetAt: (atMs: number) => number): Clocks {
  const known = new Map<number, { firstMs: number; lastMs: number }>()
  return (localMs) => {
    let found = known.get(localMs)
    if (!found) {
      const showing: number[] = []
      for (let at = localMs - 15 * 60 * minuteMs; at <= localMs + 15 * 60 * minuteMs; at += quarterMs) {
        if (at + offsetAt(at) === localMs) showing.push(at)
      }
      const inGap = localMs - offsetAt(localMs - 24 * 60 * minuteMs)
      found = { firstMs: showing[0] ?? inGap, lastMs: showing.at(-1) ?? inGap }
      known.set(localMs, found)
    }
    return found
  }
}

const dayMs = 24 * 60 * minuteMs
const localOf = (dateMs: number, wallTime: string) =>
  dateMs + (Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3))) * minuteMs

function bruteForce(hours: WorkingCalendar, atMs: number, offsetAt: (atMs: number) => number, read: Clocks): number {
  const windowsFrom = (date: number) => {
    const text = toInstantText(date).slice(0, 10)
    if (hours.days_off.includes(text) || (hours.away_until !== null && text < hours.away_until)) return []
    const day = weekdays[(date / dayMs + 3) % 7] // 1970-01-01 was a Thursday
    return (day === undefined ? [] : hours.hours[day]).map(({ from, to }) => ({
      openMs: read(localOf(date, from)).firstMs,
      closeMs: read(localOf(to <= from ? date + dayMs : date, to)).lastMs,
    }))
  }
  const today = Math.floor((atMs + offsetAt(atMs)) / dayMs) * dayMs
  const windows = Array.from({ length: 60 }, (_, day) => windowsFrom(today + (day - 2) * dayMs)).flat()
  const isOpen = (at: number) => windows.some(({ openMs, closeMs }) => openMs <= at && at < closeMs)
  if (isOpen(atMs)) return atMs
  let at = (Math.floor(atMs / minuteMs) + 1) * minuteMs
  while (!isOpen(at)) {
    at += minuteMs
    if (at > atMs + 55 * dayMs) throw new Error('no opening within 55 days')
  }
  return at
}

const zones = [
  'America/New_York',
  'America/Santiago',
  'America/St_Johns',
  'Europe/London',
  'Europe/Berlin',
  'Africa/Cairo',
  'Africa/Casablanca',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'UTC',
]
const readers = new Map(
  zones.map((zone) => {
    const offsetAt = zoneOffsets(zone)
    return [zone, { offsetAt, read: clockReader(offsetAt) }] as const
  }),
)

const quarter = fc.integer({ min: 0, max: 95 })
const wallTime = (index: number) =>
  `${String(Math.floor(index / 4)).padStart(2, '0')}:${String((index % 4) * 15).padStart(2, '0')}`
const range = fc.record({ from: quarter.map(wallTime), to: fc.integer({ min: 0, max: 96 }).map(wallTime) })
const day = fc.array(range, { maxLength: 2 })
const someHours = fc
  .record({ monday: day, tuesday: day, wednesday: day, thursday: day, friday: day, saturday: day, sunday: day })
  .filter((week) => weekdays.filter((name) => week[name].length > 0).length > 2)
// Around the changes of the clock of both hemispheres, where the mistakes are.
const instants = fc.oneof(
  fc.integer({ min: toEpochMs('2026-03-01T00:00Z'), max: toEpochMs('2026-04-30T00:00Z') }),
  fc.integer({ min: toEpochMs('2026-09-01T00:00Z'), max: toEpochMs('2026-11-05T00:00Z') }),
)
const daysOff = fc.array(fc.constantFrom('2026-03-08', '2026-03-29', '2026-09-06', '2026-10-25', '2026-11-01'), {
  maxLength: 2,
})

const situation = fc
  .record({
    time_zone: fc.constantFrom(...zones),
    hours: someHours,
    days_off: daysOff,
    awayDays: fc.option(fc.integer({ min: -3, max: 20 })),
    atMs: instants,
  })
  .map(({ awayDays, ...rest }) => ({
    ...rest,
    away_until: awayDays === null ? null : addDays(toInstantText(rest.atMs).slice(0, 10), awayDays),
  }))

test('the next opening is what walking minute by minute with the runtime’s own offsets finds', () => {
  fc.assert(
    fc.property(situation, ({ atMs, ...hours }) => {
      const reader = readers.get(hours.time_zone)
      if (!reader) throw new Error('unknown zone')
      expect(toInstantText(nextOpeningMs(hours, atMs))).toBe(
        toInstantText(bruteForce(hours, atMs, reader.offsetAt, reader.read)),
      )
    }),
    { numRuns: 1_000 },
  )
})

test('an opening is working time, never in the past, and its own next opening', () => {
  fc.assert(
    fc.property(situation, ({ atMs, ...hours }) => {
      const opening = nextOpeningMs(hours, atMs)
      expect(opening).toBeGreaterThanOrEqual(atMs)
      expect(isWorkingTime(hours, opening)).toBe(true)
      expect(nextOpeningMs(hours, opening)).toBe(opening)
    }),
    { numRuns: 1_000 },
  )
})

test('a window closes at the first instant after which it is not working time, and outside there is no closing', () => {
  expect(closingMs(office, toEpochMs('2026-03-06T09:00-05:00'))).toBe(toEpochMs('2026-03-06T17:00-05:00'))
  expect(closingMs(office, toEpochMs('2026-03-06T17:00-05:00'))).toBe(null)
  expect(closingMs(nights, toEpochMs('2026-03-07T03:00-05:00'))).toBe(toEpochMs('2026-03-07T06:00-05:00'))
  fc.assert(
    fc.property(situation, ({ atMs, ...hours }) => {
      const closing = closingMs(hours, atMs)
      expect(closing === null).toBe(!isWorkingTime(hours, atMs))
      if (closing === null) return
      expect(closing).toBeGreaterThan(atMs)
      expect(isWorkingTime(hours, closing - 1)).toBe(true)
    }),
    { numRuns: 500 },
  )
})
