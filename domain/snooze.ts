import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { addDays, localDate } from './expiry.ts'
import type { WorkingHours } from './working-hours.ts'

export const snoozeChoices = ['hour', 'tomorrow', 'next_working_day'] as const
export const snoozeChoiceSchema = z.enum(snoozeChoices)
export type SnoozeChoice = z.infer<typeof snoozeChoiceSchema>

/**
 * When a snoozed alert may come again; always working time, never the past. `hour`: an hour from now; `tomorrow`: the
 * same time on the next calendar day; both move to the next opening. `next_working_day`: when that day opens.
 * @returns epoch milliseconds, null when the calendar does not open again within 400 days
 */
export function snoozedUntilMs(hours: WorkingHours, choice: SnoozeChoice, nowMs: number): number | null {
  const { time_zone } = hours.calendar
  if (choice === 'hour') return hours.nextOpeningMs(nowMs + 3_600_000)
  if (choice === 'tomorrow') {
    const here = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(time_zone)
    return hours.nextOpeningMs(here.add({ days: 1 }).epochMilliseconds)
  }
  return hours.firstWindowFrom(addDays(localDate(nowMs, time_zone), 1))?.start_ms ?? null
}
