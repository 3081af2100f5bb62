import { Temporal } from 'temporal-polyfill'
import type { PlainDateText } from './time.ts'
import { type WorkingCalendar, weekdays } from './working-calendar.ts'

/** Half-open [start_ms, end_ms) in epoch milliseconds; `date` is the local date it starts on. */
export interface WorkingWindow {
  date: PlainDateText
  start_ms: number
  end_ms: number
}

/** Questions to one calendar. What was worked out for a day is remembered, so that judging many quotes is cheap. */
export interface WorkingHours {
  readonly calendar: WorkingCalendar
  /** The first working instant at or after `atMs`, itself when it is one; null when none comes within 400 days. */
  nextOpeningMs: (atMs: number) => number | null
  isOpen: (atMs: number) => boolean
  /** End of the window that `atMs` lies in, null outside working time. */
  closingMs: (atMs: number) => number | null
  /** The latest window that starts at or before `atMs`, null when none did within 400 days. */
  windowBefore: (atMs: number) => WorkingWindow | null
  /** The first window that starts on `date` or later, null when none does within 400 days. */
  firstWindowFrom: (date: PlainDateText) => WorkingWindow | null
  /** Whether some window starts on the date. Being away is no matter: business goes on. */
  isWorkingDate: (date: PlainDateText) => boolean
  /** The date `count` working dates after (negative: before) `date`, which itself need not be one; null past 400 days. */
  addWorkingDays: (date: PlainDateText, count: number) => PlainDateText | null
}

/** How far an opening is looked for: past a year of days off the calendar counts as never opening. */
const searchDays = 400
/** A day takes some hundred bytes; more than two years of them are forgotten together. */
const rememberedDays = 1_000

export const neverOpens = `The working calendar does not open within ${searchDays} days: take some days off back.`

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

export function createWorkingHours(calendar: WorkingCalendar): WorkingHours {
  const daysOff = new Set(calendar.days_off)
  const known = new Map<PlainDateText, readonly WorkingWindow[]>()
  const added = new Map<string, PlainDateText>()

  const rangesOf = (date: Temporal.PlainDate, text: PlainDateText) => {
    const weekday = weekdays[date.dayOfWeek - 1]
    return weekday === undefined || daysOff.has(text) ? [] : calendar.hours[weekday]
  }

  /**
   * The windows that start on a local date, by start. A start inside a gap moves past it; an end inside a fold is the
   * later one. A window that a gap swallows (02:30–03:00 where the clock jumps from 02:00 to 03:00) would end before it
   * starts: none.
   */
  const windowsOf = (date: Temporal.PlainDate): readonly WorkingWindow[] => {
    const text = date.toString()
    let windows = known.get(text)
    if (windows) return windows
    const isAway = calendar.away_until !== null && text < calendar.away_until
    windows = (isAway ? [] : rangesOf(date, text))
      .map(({ from, to }) => ({
        date: text,
        start_ms: instantMs(date, from, calendar.time_zone, 'compatible'),
        end_ms: instantMs(to <= from ? date.add({ days: 1 }) : date, to, calendar.time_zone, 'later'),
      }))
      .filter((window) => window.start_ms < window.end_ms)
      .sort((a, b) => a.start_ms - b.start_ms)
    if (known.size >= rememberedDays) known.clear()
    known.set(text, windows)
    return windows
  }

  const dateAt = (atMs: number) =>
    Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(calendar.time_zone).toPlainDate()
  /** A window over midnight belongs to the day before. */
  const around = (atMs: number) => {
    const today = dateAt(atMs)
    return [...windowsOf(today.subtract({ days: 1 })), ...windowsOf(today)].filter(
      ({ start_ms, end_ms }) => start_ms <= atMs && atMs < end_ms,
    )
  }
  const firstFrom = (date: Temporal.PlainDate, accept: (window: WorkingWindow) => boolean) => {
    for (let offset = 0; offset <= searchDays; offset += 1) {
      const found = windowsOf(date.add({ days: offset })).find(accept)
      if (found) return found
    }
    return null
  }
  /** A stretch in which the answer is known: open all along, or closed until `openingMs`. */
  let stretch: { fromMs: number; untilMs: number; openingMs: number | null } | null = null
  const nextOpeningMs = (atMs: number): number | null => {
    if (!stretch || atMs < stretch.fromMs || atMs >= stretch.untilMs) {
      const [open] = around(atMs)
      if (open) stretch = { fromMs: open.start_ms, untilMs: open.end_ms, openingMs: null }
      else {
        const next = firstFrom(dateAt(atMs).subtract({ days: 1 }), ({ start_ms }) => start_ms > atMs)
        if (!next) return null
        stretch = { fromMs: atMs, untilMs: next.start_ms, openingMs: next.start_ms }
      }
    }
    return stretch.openingMs ?? atMs
  }
  const isWorkingDate = (date: Temporal.PlainDate) => rangesOf(date, date.toString()).length > 0

  return {
    calendar,
    nextOpeningMs,
    isOpen: (atMs) => nextOpeningMs(atMs) === atMs,
    closingMs: (atMs) => {
      const ends = around(atMs).map(({ end_ms }) => end_ms)
      return ends.length > 0 ? Math.max(...ends) : null
    },
    windowBefore: (atMs) => {
      const today = dateAt(atMs)
      for (let offset = 0; offset <= searchDays; offset += 1) {
        const found = windowsOf(today.subtract({ days: offset })).findLast(({ start_ms }) => start_ms <= atMs)
        if (found) return found
      }
      return null
    },
    firstWindowFrom: (date) => firstFrom(Temporal.PlainDate.from(date), () => true),
    isWorkingDate: (date) => isWorkingDate(Temporal.PlainDate.from(date)),
    addWorkingDays: (date, count) => {
      const key = `${date} ${count}`
      const before = added.get(key)
      if (before !== undefined) return before
      const step = { days: count < 0 ? -1 : 1 }
      let day = Temporal.PlainDate.from(date)
      let left = Math.abs(count)
      for (let walked = 0; left > 0; walked += 1) {
        if (walked > searchDays * 2) return null
        day = day.add(step)
        if (isWorkingDate(day)) left -= 1
      }
      const text = day.toString()
      if (added.size >= rememberedDays) added.clear()
      added.set(key, text)
      return text
    },
  }
}
