import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { plainDateSchema, timeZoneSchema } from './time.ts'

/** Wall-clock time `HH:MM`; `24:00` is allowed as an end. */
const wallTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'expected a time as HH:MM' })

/** A stretch of working time that starts on its weekday; an end not after the start lies on the next day. */
const rangeSchema = z.strictObject({ from: wallTimeSchema.refine((time) => time !== '24:00'), to: wallTimeSchema })

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const dayRanges = z.array(rangeSchema)

/** When a person works: hours per weekday in one IANA zone, less the dates in `days_off` (holidays among them). */
export const workingCalendarSchema = z
  .strictObject({
    time_zone: timeZoneSchema,
    hours: z.strictObject({
      monday: dayRanges,
      tuesday: dayRanges,
      wednesday: dayRanges,
      thursday: dayRanges,
      friday: dayRanges,
      saturday: dayRanges,
      sunday: dayRanges,
    }),
    days_off: z.array(plainDateSchema),
  })
  .refine((calendar) => weekdays.some((day) => calendar.hours[day].length > 0), {
    error: 'A calendar with no working time would hold every alert for ever: give at least one weekday some hours.',
  })
export type WorkingCalendar = z.infer<typeof workingCalendarSchema>

const officeHours = [{ from: '09:00', to: '17:00' }]

/** Monday to Friday, 09:00–17:00 in the person's zone: what holds until they say otherwise. */
export function officeCalendar(timeZone: string): WorkingCalendar {
  return workingCalendarSchema.parse({
    time_zone: timeZone,
    hours: {
      monday: officeHours,
      tuesday: officeHours,
      wednesday: officeHours,
      thursday: officeHours,
      friday: officeHours,
      saturday: [],
      sunday: [],
    },
    days_off: [],
  })
}

/** Half-open [startMs, endMs) in epoch milliseconds. */
interface Window {
  startMs: number
  endMs: number
}

function instantMs(
  date: Temporal.PlainDate,
  wallTime: string,
  timeZone: string,
  disambiguation: 'compatible' | 'later',
): number {
  const day = wallTime === '24:00' ? date.add({ days: 1 }) : date
  const time = wallTime === '24:00' ? '00:00' : wallTime
  return day.toPlainDateTime(Temporal.PlainTime.from(time)).toZonedDateTime(timeZone, { disambiguation })
    .epochMilliseconds
}

/**
 * The windows that start on a local date. A start inside a gap moves past it; an end inside a fold is the later one.
 * A window that a gap swallows (02:30–03:00 where the clock jumps from 02:00 to 03:00) would end before it starts: none.
 */
function windowsOf(calendar: WorkingCalendar, date: Temporal.PlainDate): Window[] {
  if (calendar.days_off.includes(date.toString())) return []
  const weekday = weekdays[date.dayOfWeek - 1]
  if (weekday === undefined) return []
  return calendar.hours[weekday]
    .map(({ from, to }) => ({
      startMs: instantMs(date, from, calendar.time_zone, 'compatible'),
      endMs: instantMs(to <= from ? date.add({ days: 1 }) : date, to, calendar.time_zone, 'later'),
    }))
    .filter((window) => window.startMs < window.endMs)
}

/** How far ahead an opening is looked for: past a year of days off the calendar counts as never opening. */
const searchDays = 400

/**
 * The first instant at or after `atMs` that is working time; `atMs` itself when it is.
 * @returns epoch milliseconds
 * @throws RangeError when days off leave no opening within 400 days
 */
export function nextOpeningMs(calendar: WorkingCalendar, atMs: number): number {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(calendar.time_zone).toPlainDate()
  // A window over midnight belongs to the day before.
  for (let offset = -1; offset <= searchDays; offset += 1) {
    const openings = windowsOf(calendar, today.add({ days: offset }))
      .filter((window) => window.endMs > atMs)
      .map((window) => Math.max(window.startMs, atMs))
    if (openings.length > 0) return Math.min(...openings)
  }
  throw new RangeError(`the working calendar does not open within ${searchDays} days: take some days off back`)
}

export function isWorkingTime(calendar: WorkingCalendar, atMs: number): boolean {
  return nextOpeningMs(calendar, atMs) === atMs
}

/**
 * The end of the working window that `atMs` lies in, or null outside working time.
 * @returns epoch milliseconds
 */
export function closingMs(calendar: WorkingCalendar, atMs: number): number | null {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(calendar.time_zone).toPlainDate()
  const ends = [-1, 0]
    .flatMap((offset) => windowsOf(calendar, today.add({ days: offset })))
    .filter((window) => window.startMs <= atMs && atMs < window.endMs)
    .map((window) => window.endMs)
  return ends.length > 0 ? Math.max(...ends) : null
}
