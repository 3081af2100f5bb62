import {
  type CalendarSettings,
  checkCalendar,
  previewCalendar,
  resolveCalendar,
} from '../../../domain/calendar-settings.ts'
import { localDate } from '../../../domain/expiry.ts'
import type { HolidaySource } from '../../../domain/public-holidays.ts'
import type { CalendarTrial } from '../../../domain/rpc/alerts.ts'
import { createWorkingHours } from '../../../domain/working-hours.ts'

interface Place {
  personZone: string
  machineZone: string
  nowMs: number
  holidays: HolidaySource
}

/** What calendar settings would mean from now on, or why they are refused, in words. */
export async function tryCalendar(settings: CalendarSettings, place: Place): Promise<CalendarTrial> {
  const { nowMs } = place
  const year = Number(localDate(nowMs, 'UTC').slice(0, 4))
  try {
    const holidays = settings.holidays
      ? await place.holidays(settings.holidays, [year - 1, year, year + 1, year + 2])
      : []
    const { personZone: person_zone, machineZone: machine_zone } = place
    const calendar = resolveCalendar(settings, { person_zone, machine_zone, holidays })
    const check = checkCalendar(calendar, nowMs)
    if (!check.ok) return check
    return { ok: true, preview: previewCalendar(createWorkingHours(calendar), holidays, nowMs) }
  } catch (error) {
    // A country or region that is not known.
    if (error instanceof RangeError) return { ok: false, message: error.message }
    throw error
  }
}
