import { Temporal } from 'temporal-polyfill'
import { daysUntilExpiry, isPastValidUntil, type ValidUntil, validUntilMs } from '../../domain/expiry.ts'

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const
const longWeekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

interface DateParts {
  year: number
  month: number
  day: number
  dayOfWeek: number
}

const dayAndMonth = (date: DateParts) => `${date.day} ${months[date.month - 1]}`

/** `27 Nov`, with the year only when it is not `thisYear`. */
function shortDate(date: DateParts, thisYear: number): string {
  return date.year === thisYear ? dayAndMonth(date) : `${dayAndMonth(date)} ${date.year}`
}

/** A date alone: `Fri 27 Nov`, with the year only when it is not `thisYear`. */
export function plainDateWords(text: string, thisYear: number): string {
  const date = Temporal.PlainDate.from(text)
  return `${weekdays[date.dayOfWeek - 1]} ${shortDate(date, thisYear)}`
}

const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** `Europe/Berlin` → `Berlin`, `America/Argentina/Buenos_Aires` → `Buenos Aires`. */
export function zoneCity(timeZone: string): string {
  return (timeZone.split('/').at(-1) ?? timeZone).replaceAll('_', ' ')
}

/** How loudly a valid-until date asks for attention. `none` for closed quotes and for all that is far away. */
export type Urgency = 'none' | 'soon' | 'today' | 'past'

export interface ExpiryWords {
  /** For a table cell: `today`, `tomorrow`, `Fri, 3 d`, `27 Nov`, `expired 5 d ago`. */
  short: string
  /** What is left: `3 days left`, `6 hours left`, `expired 5 days ago`; null for a closed quote. */
  left: string | null
  /** The whole local instant: `until Fri 27 Nov 24:00 Berlin`. */
  until: string
  /** For hover and screen readers, nothing abbreviated. */
  full: string
  urgency: Urgency
}

/** A quote's valid-until date as people speak of it. The last day counts whole, so it ends at 24:00. */
export function expiryWords(validUntil: ValidUntil, closed: boolean, nowMs: number): ExpiryWords {
  const date = Temporal.PlainDate.from(validUntil.expires_on)
  const days = daysUntilExpiry(validUntil, nowMs)
  const past = isPastValidUntil(validUntil, nowMs)
  const thisYear = localParts(nowMs, validUntil.time_zone).year
  const weekday = weekdays[date.dayOfWeek - 1]
  const longWeekday = longWeekdays[date.dayOfWeek - 1]
  const until = `until ${weekday} ${shortDate(date, thisYear)} 24:00 ${zoneCity(validUntil.time_zone)}`
  const exact = `${longWeekday} ${dayAndMonth(date)} ${date.year}, 24:00 in ${validUntil.time_zone}`
  if (closed) {
    const full = `Was valid until ${exact}`
    return { short: shortDate(date, thisYear), left: null, until, full, urgency: 'none' }
  }
  const left = past ? `expired ${agoInDays(-days)}` : leftWords(days, validUntilMs(validUntil) - nowMs)
  return {
    short: past ? pastWords(-days, shortDate(date, thisYear)) : aheadWords(days, weekday, shortDate(date, thisYear)),
    left,
    until,
    full: past ? `Expired: was valid until ${exact}` : `Valid until ${exact} (${left})`,
    urgency: urgencyOf(past, days),
  }
}

/** A date that is being chosen: `Fri 27 Nov, in 6 d`, `Sat 21 Nov, today`, `Fri 20 Nov, already past`. */
export function choiceWords(validUntil: ValidUntil, nowMs: number): { text: string; past: boolean } {
  const thisYear = localParts(nowMs, validUntil.time_zone).year
  const days = daysUntilExpiry(validUntil, nowMs)
  const ahead = days === 0 ? 'today' : days === 1 ? 'tomorrow' : days < 0 ? 'already past' : `in ${days} d`
  return { text: `${plainDateWords(validUntil.expires_on, thisYear)}, ${ahead}`, past: days < 0 }
}

function urgencyOf(past: boolean, days: number): Urgency {
  if (past) return 'past'
  if (days === 0) return 'today'
  return days <= 3 ? 'soon' : 'none'
}

function aheadWords(days: number, weekday: string | undefined, date: string): string {
  if (days === 0) return 'today'
  if (days === 1) return 'tomorrow'
  return days < 7 ? `${weekday}, ${days} d` : date
}

function pastWords(daysAgo: number, date: string): string {
  if (daysAgo <= 1) return 'expired yesterday'
  return daysAgo <= 14 ? `expired ${daysAgo} d ago` : `expired ${date}`
}

function agoInDays(daysAgo: number): string {
  return daysAgo <= 1 ? 'yesterday' : `${daysAgo} days ago`
}

function leftWords(days: number, leftMs: number): string {
  if (days > 0) return `${plural(days, 'day')} left`
  const minutes = Math.max(1, Math.floor(leftMs / 60_000))
  return minutes < 60 ? `${plural(minutes, 'minute')} left` : `${plural(Math.floor(minutes / 60), 'hour')} left`
}

function localParts(epochMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toZonedDateTimeISO(timeZone)
}

const twoDigits = (value: number) => String(value).padStart(2, '0')
const clockOf = (time: { hour: number; minute: number }) => `${twoDigits(time.hour)}:${twoDigits(time.minute)}`

/** Days between the local dates of two instants: 0 today, 1 yesterday, -1 tomorrow. */
function localDaysAgo(time: Temporal.ZonedDateTime, now: Temporal.ZonedDateTime): number {
  return time.toPlainDate().until(now.toPlainDate(), { largestUnit: 'day' }).days
}

/** A moment near now, for "since …" and "at …": `13:40`, `yesterday 13:40`, `tomorrow 09:00`, `Mon 3 Nov 13:40`. */
export function momentWords(instant: string, nowMs: number, timeZone: string): string {
  const time = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  const now = localParts(nowMs, timeZone)
  const daysAgo = localDaysAgo(time, now)
  if (daysAgo === 0) return clockOf(time)
  if (daysAgo === 1) return `yesterday ${clockOf(time)}`
  if (daysAgo === -1) return `tomorrow ${clockOf(time)}`
  return `${weekdays[time.dayOfWeek - 1]} ${shortDate(time, now.year)} ${clockOf(time)}`
}

/** How long ago, for a table cell: `now`, `5 min`, `3 h`, `yesterday`, `27 Nov`. */
export function agoWords(instant: string, nowMs: number, timeZone: string): string {
  const time = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  const now = localParts(nowMs, timeZone)
  const daysAgo = localDaysAgo(time, now)
  const minutes = Math.floor((nowMs - time.epochMilliseconds) / 60_000)
  if (minutes < 1) return 'now'
  if (daysAgo === 0) return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`
  if (daysAgo === 1) return 'yesterday'
  return shortDate(time, now.year)
}

/** How long ago, in a sentence: `just now`, `12 min ago`, `3 h ago`, `yesterday 13:40`, `on Mon 3 Nov 13:40`. */
export function sinceWords(instant: string, nowMs: number, timeZone: string): string {
  const words = agoWords(instant, nowMs, timeZone)
  if (words === 'now') return 'just now'
  if (/^\d+ (min|h)$/.test(words)) return `${words} ago`
  const moment = momentWords(instant, nowMs, timeZone)
  return words === 'yesterday' ? moment : `on ${moment}`
}

/** An instant in full for hover and screen readers: `Friday 27 Nov 2026, 13:40 (Europe/Berlin)`. */
export function fullMoment(instant: string, timeZone: string): string {
  const time = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  return `${longWeekdays[time.dayOfWeek - 1]} ${dayAndMonth(time)} ${time.year}, ${clockOf(time)} (${timeZone})`
}
