import { DateTime } from 'luxon'
import { type WorkingCalendar, weekdays } from '../../../domain/working-calendar.ts'

/**
 * A second implementation of working time that shares nothing with the first: luxon's offsets, walked minute by minute.
 * A boundary is every instant at which the wall clock shows it; one that no clock ever shows (a gap) is what the clock of
 * before would have shown.
 */
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

interface Interval {
  openMs: number
  closeMs: number
}

export interface BruteForce {
  isOpen: (atMs: number) => boolean
  /** The instant itself while open, else the first whole minute after it that is; null when none is within the limit. */
  nextOpeningMs: (atMs: number, limitDays: number) => number | null
}

const showings = new Map<string, { firstMs: number; lastMs: number }>()

/** When the clocks of a zone show a local time (given as if it were UTC): coarse steps find the offsets, minutes decide. */
function whenShown(zone: string, localMs: number): { firstMs: number; lastMs: number } {
  const key = `${zone} ${localMs}`
  let found = showings.get(key)
  if (found) return found
  const wanted = new Set<number>()
  for (let at = localMs - 27 * hourMs; at <= localMs + 27 * hourMs; at += 6 * hourMs) {
    wanted.add(localMs - DateTime.fromMillis(at, { zone }).offset * minuteMs)
  }
  const shows = (at: number) => at + DateTime.fromMillis(at, { zone }).offset * minuteMs === localMs
  const hits = [...wanted].filter(shows).sort((a, b) => a - b)
  const inGap = localMs - DateTime.fromMillis(localMs - 26 * hourMs, { zone }).offset * minuteMs
  found = { firstMs: hits[0] ?? inGap, lastMs: hits.at(-1) ?? inGap }
  if (showings.size > 200_000) showings.clear()
  showings.set(key, found)
  return found
}

const localOf = (dateMs: number, wallTime: string): number =>
  dateMs + (Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3))) * minuteMs

export function bruteForce(calendar: WorkingCalendar): BruteForce {
  const known = new Map<number, Interval[]>()

  const intervalsOf = (dateMs: number): Interval[] => {
    let intervals = known.get(dateMs)
    if (intervals) return intervals
    const date = DateTime.fromMillis(dateMs, { zone: 'utc' })
    const text = date.toISODate() ?? ''
    const isOff = calendar.days_off.includes(text) || (calendar.away_until !== null && text < calendar.away_until)
    const name = weekdays[date.weekday - 1]
    intervals = (isOff || name === undefined ? [] : calendar.hours[name]).map(({ from, to }) => ({
      openMs: whenShown(calendar.time_zone, localOf(dateMs, from)).firstMs,
      closeMs: whenShown(calendar.time_zone, localOf(to <= from ? dateMs + dayMs : dateMs, to)).lastMs,
    }))
    known.set(dateMs, intervals)
    return intervals
  }

  /** A local date is at most 14 hours from that of UTC, and a window may reach into the next one. */
  const near = new Map<number, Interval[]>()
  const intervalsNear = (dayStartMs: number): Interval[] => {
    let found = near.get(dayStartMs)
    if (!found) {
      found = [-2, -1, 0, 1].flatMap((offset) => intervalsOf(dayStartMs + offset * dayMs))
      near.set(dayStartMs, found)
    }
    return found
  }
  const isOpen = (atMs: number): boolean => {
    const intervals = intervalsNear(Math.floor(atMs / dayMs) * dayMs)
    for (const { openMs, closeMs } of intervals) if (openMs <= atMs && atMs < closeMs) return true
    return false
  }

  return {
    isOpen,
    nextOpeningMs: (atMs, limitDays) => {
      if (isOpen(atMs)) return atMs
      const endMs = atMs + limitDays * dayMs
      let at = (Math.floor(atMs / minuteMs) + 1) * minuteMs
      while (at < endMs) {
        // A day of UTC on which nothing could be open is passed over as a whole.
        const dayStartMs = Math.floor(at / dayMs) * dayMs
        if (intervalsNear(dayStartMs).length === 0) at = dayStartMs + dayMs
        else if (isOpen(at)) return at
        else at += minuteMs
      }
      return null
    },
  }
}
