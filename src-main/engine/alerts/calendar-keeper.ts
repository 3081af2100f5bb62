import type { AlertSettings } from '../../../domain/alert-settings.ts'
import { effectiveCalendar } from '../../../domain/alert-settings.ts'
import {
  type CalendarPreview,
  type CalendarSettings,
  type Holiday,
  previewCalendar,
  resolveCalendar,
} from '../../../domain/calendar-settings.ts'
import type { Person } from '../../../domain/directory.ts'
import { localDate } from '../../../domain/expiry.ts'
import type { HolidaySource } from '../../../domain/public-holidays.ts'
import type { Clock } from '../../../domain/time.ts'
import { createWorkingHours, type WorkingHours } from '../../../domain/working-hours.ts'
import type { Log } from '../log.ts'

export interface CalendarDeps {
  person: () => Person
  settings: () => AlertSettings
  clock: Clock
  machineZone: () => string
  holidays: HolidaySource
  log: Log
  /** Holidays have arrived. */
  changed: () => void
}

/** The hours of one person as they stand: settings, zone, holidays of this year and the next two. */
export interface CalendarKeeper {
  /** Null while the holidays that were chosen are not known yet: judged without them, an alert could come on one. */
  hours: () => WorkingHours | null
  preview: () => CalendarPreview | null
  /** Why public holidays are missing, for diagnostics; null when they are not. */
  problem: () => string | null
}

const noHolidays: readonly Holiday[] = []

export function createCalendarKeeper(deps: CalendarDeps): CalendarKeeper {
  const loaded = new Map<string, readonly Holiday[]>()
  const loading = new Set<string>()
  let current: { signature: string; hours: WorkingHours } | null = null
  let problem: string | null = null

  const readHolidays = async (
    key: string,
    place: NonNullable<CalendarSettings['holidays']>,
    years: readonly number[],
  ) => {
    try {
      loaded.set(key, await deps.holidays(place, years))
      problem = null
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error)
      deps.log.error({ err: error, place }, 'public holidays are not known: working days alone decide')
      loaded.set(key, noHolidays)
    }
  }

  const load = (key: string, place: NonNullable<CalendarSettings['holidays']>, years: readonly number[]) => {
    if (loading.has(key)) return
    loading.add(key)
    void readHolidays(key, place, years).then(deps.changed)
  }

  const holidaysOf = (settings: CalendarSettings): readonly Holiday[] | null => {
    if (settings.holidays === null) return noHolidays
    const year = Number(localDate(deps.clock.nowMs(), 'UTC').slice(0, 4))
    const key = `${settings.holidays.country} ${settings.holidays.region ?? ''} ${year}`
    const known = loaded.get(key)
    if (!known) load(key, settings.holidays, [year - 1, year, year + 1, year + 2])
    return known ?? null
  }

  const look = () => {
    const person = deps.person()
    const settings = effectiveCalendar(
      deps.settings(),
      person.memberships.map(({ team_id }) => team_id),
    )
    const holidays = holidaysOf(settings)
    if (holidays === null) return null
    const place = { person_zone: person.time_zone, machine_zone: deps.machineZone(), holidays }
    const calendar = resolveCalendar(settings, place)
    const signature = JSON.stringify(calendar)
    if (current?.signature !== signature) current = { signature, hours: createWorkingHours(calendar) }
    return { hours: current.hours, holidays }
  }

  return {
    hours: () => look()?.hours ?? null,
    preview: () => {
      const known = look()
      return known && previewCalendar(known.hours, known.holidays, deps.clock.nowMs())
    },
    problem: () => problem,
  }
}
