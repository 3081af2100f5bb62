import { z } from 'zod'
import { plainDateSchema, timeZoneSchema } from './time.ts'

/** Wall-clock time `HH:MM`; `24:00` is allowed as an end. */
const wallTimeSchema = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, { error: 'expected a time as HH:MM' })

/** A stretch of working time that starts on its weekday; an end not after the start lies on the next day. */
const rangeSchema = z.strictObject({ from: wallTimeSchema.refine((time) => time !== '24:00'), to: wallTimeSchema })

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const dayRanges = z.array(rangeSchema).max(8)

/** Several ranges a weekday, over midnight too. Refused when there is none at all. */
export const weekHoursSchema = z
  .strictObject({
    monday: dayRanges,
    tuesday: dayRanges,
    wednesday: dayRanges,
    thursday: dayRanges,
    friday: dayRanges,
    saturday: dayRanges,
    sunday: dayRanges,
  })
  .refine((hours) => weekdays.some((day) => hours[day].length > 0), {
    error: 'A calendar with no working time would hold every alert for ever: give at least one weekday some hours.',
  })
export type WeekHours = z.infer<typeof weekHoursSchema>

/**
 * When a person works, as plain data: hours per weekday in one IANA zone, less the dates in `days_off` (holidays among
 * them) and every date before `away_until`, the day they are back. What the person has chosen is `CalendarSettings`.
 */
export const workingCalendarSchema = z.strictObject({
  time_zone: timeZoneSchema,
  hours: weekHoursSchema,
  days_off: z.array(plainDateSchema),
  away_until: plainDateSchema.nullable().default(null),
})
export type WorkingCalendar = z.infer<typeof workingCalendarSchema>

const officeHours = [{ from: '09:00', to: '17:00' }]

export const officeWeek: WeekHours = {
  monday: officeHours,
  tuesday: officeHours,
  wednesday: officeHours,
  thursday: officeHours,
  friday: officeHours,
  saturday: [],
  sunday: [],
}

/** Monday to Friday, 09:00–17:00 in the person's zone: what holds until they say otherwise. */
export function officeCalendar(timeZone: string): WorkingCalendar {
  return { time_zone: timeZoneSchema.parse(timeZone), hours: officeWeek, days_off: [], away_until: null }
}
