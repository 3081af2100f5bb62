import { DateTime } from 'luxon'
import { type WeekHours, type WorkingCalendar, weekdays } from '../../../domain/working-calendar.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const fromMs = DateTime.utc(2024, 1, 1).toMillis()
const toMs = DateTime.utc(2031, 1, 1).toMillis()
const zones = Intl.supportedValuesOf('timeZone')

/** mulberry32: the same seed makes the same cases anywhere. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below
  }
}

export interface Situation {
  calendar: WorkingCalendar
  atMs: number
}

const changes = new Map<string, number[]>()

/** Instants at which the clocks of a zone change; found by luxon, to the minute. */
function changesOf(zone: string): number[] {
  let found = changes.get(zone)
  if (found) return found
  found = []
  const offsetAt = (at: number) => DateTime.fromMillis(at, { zone }).offset
  const stepMs = 7 * dayMs
  for (let at = fromMs; at < toMs; at += stepMs) {
    if (offsetAt(at) === offsetAt(at + stepMs)) continue
    let [low, high] = [at, at + stepMs]
    while (high - low > 60_000) {
      const middle = Math.floor((low + high) / 120_000) * 60_000
      if (offsetAt(middle) === offsetAt(low)) low = middle
      else high = middle
    }
    found.push(high)
  }
  changes.set(zone, found)
  return found
}

/** Any zone of the world, any week, any days off; half of the instants lie where clocks change. */
export function situation(random: (below: number) => number): Situation {
  const int = (below: number) => Math.floor(random(below))
  const pick = <T>(list: readonly T[]): T => list[int(list.length)] as T
  const time_zone = pick(zones)
  const near = changesOf(time_zone)
  const atMs =
    near.length > 0 && random(1) < 0.5 ? pick(near) + int(4 * dayMs) - 3 * dayMs : fromMs + int(toMs - fromMs)
  const today = Math.floor(atMs / dayMs) * dayMs
  const dateText = (offset: number) => DateTime.fromMillis(today + offset * dayMs, { zone: 'utc' }).toISODate() ?? ''
  const calendar: WorkingCalendar = {
    time_zone,
    hours: week(int),
    days_off: Array.from({ length: int(4) }, () => dateText(int(10) - 3)),
    away_until: random(1) < 0.1 ? dateText(int(15) - 3) : null,
  }
  return { calendar, atMs }
}

const quarterText = (quarter: number) =>
  `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`

function week(int: (below: number) => number): WeekHours {
  const range = () => ({ from: quarterText(int(96)), to: quarterText(int(97)) })
  const hours = Object.fromEntries(
    weekdays.map((day) => [day, int(3) === 0 ? [] : Array.from({ length: 1 + int(2) }, range)]),
  ) as WeekHours
  if (weekdays.every((day) => hours[day].length === 0)) hours.monday = [range()]
  return hours
}
