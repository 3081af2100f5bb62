import { Temporal } from 'temporal-polyfill'
import type { CalendarPreview } from '../../domain/calendar-settings.ts'
import { momentWords } from './dates.ts'

const weekdayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** `Monday 09:00` within a week, `Monday 7 Dec 09:00` beyond it. */
function openingDay(instant: string, nowMs: number, timeZone: string): string {
  const time = Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone)
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate()
  const days = today.until(time.toPlainDate(), { largestUnit: 'day' }).days
  if (days < 2) return momentWords(instant, nowMs, timeZone)
  const clock = time.toPlainTime().toString({ smallestUnit: 'minute' })
  if (days < 7) return `${weekdayNames[time.dayOfWeek - 1]} ${clock}`
  return momentWords(instant, nowMs, timeZone)
}

/** `Next opening: Monday 09:00, in 2 d 14 h`; while it is open, until when. */
export function openingWords(preview: CalendarPreview, nowMs: number): string {
  const { is_open, closes_at, next_opening_at, next_opening_in, time_zone } = preview
  if (is_open) return closes_at === null ? 'Open now' : `Open now, until ${momentWords(closes_at, nowMs, time_zone)}`
  if (next_opening_at === null) return 'It does not open again'
  const day = openingDay(next_opening_at, nowMs, time_zone)
  return `Next opening: ${day}${next_opening_in === null ? '' : `, ${next_opening_in}`}`
}
