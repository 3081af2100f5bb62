import { addDays } from '../../domain/expiry.ts'
import { plainDateSchema } from '../../domain/time.ts'
import { type WeekHours, weekdays } from '../../domain/working-calendar.ts'

export type Weekday = (typeof weekdays)[number]
export type Range = WeekHours[Weekday][number]

/** A time as people type it (`9`, `9:30`, `0930`, `17.30`, `24`) as `HH:MM`; null when it is none. */
export function readTime(typed: string): string | null {
  const text = typed.trim()
  const parts = /^(\d{1,2})(?:[:.h](\d{2}))?$/.exec(text) ?? /^(\d{1,2})(\d{2})$/.exec(text)
  if (parts === null) return null
  const hour = Number(parts[1])
  const minute = Number(parts[2] ?? '0')
  if (minute > 59 || hour > 24 || (hour === 24 && minute > 0)) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/** Whether a range ends on the day after it starts. `24:00` is the end of the same day. */
export const isOverMidnight = ({ from, to }: Range) => to <= from

/** `09:00–17:00`, `22:00–06:00 (next day)`. */
export const rangeWords = (range: Range) => `${range.from}–${range.to}${isOverMidnight(range) ? ' (next day)' : ''}`

/** What is wrong with the ranges of a day, in words; null when nothing is. */
export function rangesProblem(ranges: readonly Range[]): string | null {
  if (ranges.some(({ from }) => from === '24:00')) return 'A range cannot begin at 24:00: use 00:00 of the next day.'
  const ends = ranges
    .map((range) => ({
      from: range.from,
      to: isOverMidnight(range) ? `${range.to}+` : range.to,
      over: isOverMidnight(range),
    }))
    .sort((a, b) => (a.from < b.from ? -1 : 1))
  for (const [index, range] of ends.entries()) {
    const next = ends[index + 1]
    if (next !== undefined && (range.over || range.to > next.from)) return 'These ranges overlap: make them one.'
  }
  return null
}

/** A range that fits after those that are there: the afternoon after a morning, else office hours. */
export function nextRange(ranges: readonly Range[]): Range {
  const last = ranges.at(-1)
  if (last === undefined) return { from: '09:00', to: '17:00' }
  const hour = Math.min(22, Number(last.to.slice(0, 2)) + 1)
  const from = `${String(hour).padStart(2, '0')}:00`
  return { from, to: `${String(Math.min(24, hour + 4)).padStart(2, '0')}:00` }
}

/** The ranges of one day on all days that have any. */
export function copiedToWorkdays(hours: WeekHours, from: Weekday): WeekHours {
  const copy = { ...hours }
  for (const day of weekdays) if (hours[day].length > 0) copy[day] = hours[from]
  return copy
}

/** `2026-12-24`, or `2026-12-24..2026-12-31` (also with `–` or `to`), as single dates; null when it is neither. */
export function readDays(typed: string): string[] | null {
  const parts = typed.trim().split(/\s*(?:\.\.|–|\bto\b)\s*/)
  const [first, last = first] = parts
  if (first === undefined || last === undefined || parts.length > 2) return null
  if (!plainDateSchema.safeParse(first).success || !plainDateSchema.safeParse(last).success || last < first) return null
  const days: string[] = []
  for (let day = first; day <= last && days.length <= 366; day = addDays(day, 1)) days.push(day)
  return days.length > 366 ? null : days
}

/** Days in a row as one stretch, so that two weeks are one line. */
export function stretches(days: readonly string[]): { first: string; last: string }[] {
  const found: { first: string; last: string }[] = []
  for (const day of [...new Set(days)].sort()) {
    const current = found.at(-1)
    if (current !== undefined && addDays(current.last, 1) === day) current.last = day
    else found.push({ first: day, last: day })
  }
  return found
}
