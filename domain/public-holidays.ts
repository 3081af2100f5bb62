import type { Holiday, HolidayPlace } from './calendar-settings.ts'
import { addDays } from './expiry.ts'

/** Public holidays of the years given. @throws RangeError naming a country or region that is not known */
export type HolidaySource = (place: HolidayPlace, years: readonly number[]) => Promise<Holiday[]>

const dayMs = 86_400_000

/** The library brings its data for the whole world (1.5 MB), so it is loaded when somebody has chosen a country. */
export const publicHolidays: HolidaySource = async (place, years) => {
  const { default: Holidays } = await import('date-holidays')
  const countries = new Holidays()
  if (!(place.country in countries.getCountries())) {
    throw new RangeError(`No public holidays are known for the country "${place.country}".`)
  }
  const regions: Record<string, string> | undefined = countries.getStates(place.country)
  if (place.region !== null && !(place.region in (regions ?? {}))) {
    throw new RangeError(`No region "${place.region}" is known of the country "${place.country}".`)
  }
  const known = place.region === null ? new Holidays(place.country) : new Holidays(place.country, place.region)
  const names = new Map<string, string>()
  for (const year of years) {
    for (const { type, name, date, start, end } of known.getHolidays(year)) {
      if (type !== 'public') continue
      for (const day of datesOf(date, end.getTime() - start.getTime())) if (!names.has(day)) names.set(day, name)
    }
  }
  return [...names].map(([date, name]) => ({ date, name })).sort((a, b) => (a.date < b.date ? -1 : 1))
}

/** Dates of which the greater part is a holiday: one from sunset to sunset is the day it ends on. */
function datesOf(localStart: string, lengthMs: number): string[] {
  const startsLate = localStart.slice(11, 13) >= '12'
  const first = startsLate ? addDays(localStart.slice(0, 10), 1) : localStart.slice(0, 10)
  const count = Math.max(1, Math.round(lengthMs / dayMs))
  return Array.from({ length: count }, (_, day) => addDays(first, day))
}

/** Countries and regions that can be chosen, by code; an empty list of regions: the country has none of its own. */
export async function holidayPlaces(country: string | null): Promise<{ code: string; name: string }[]> {
  const { default: Holidays } = await import('date-holidays')
  const all = new Holidays()
  const found: Record<string, string> | undefined =
    country === null ? all.getCountries('en') : all.getStates(country, 'en')
  return Object.entries(found ?? {}).map(([code, name]) => ({ code, name }))
}
