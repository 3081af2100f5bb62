import { z } from 'zod'
import { addDays, localDate } from './expiry.ts'
import { type PlainDateText, plainDateSchema, timeZoneSchema, toInstantText } from './time.ts'
import { officeWeek, type WorkingCalendar, weekHoursSchema } from './working-calendar.ts'
import { createWorkingHours, neverOpens, type WorkingHours } from './working-hours.ts'

/** Public holidays by ISO 3166 country and, where it has its own, region (`DE`, `BY`). */
const holidayPlaceSchema = z.strictObject({
  country: z.string().regex(/^[A-Z]{2}$/, { error: 'expected a country as two capital letters' }),
  region: z
    .string()
    .regex(/^[A-Z0-9-]{1,8}$/i, { error: 'expected the code of a region' })
    .nullable(),
})
export type HolidayPlace = z.infer<typeof holidayPlaceSchema>

/** A public holiday, as plain data; which days are ones is looked up outside the domain. */
export const holidaySchema = z.strictObject({ date: plainDateSchema, name: z.string() })
export type Holiday = z.infer<typeof holidaySchema>

/** What a person (or a team, as its default) has chosen; `resolveCalendar` makes it a calendar that can be asked. */
export const calendarSettingsSchema = z.strictObject({
  /** Null: the zone in the directory. */
  time_zone: timeZoneSchema.nullable(),
  /** While travelling: the zone that this machine is set to, whatever else is chosen. */
  follow_machine: z.boolean(),
  hours: weekHoursSchema,
  holidays: holidayPlaceSchema.nullable(),
  days_off: z.array(plainDateSchema).max(1_000),
  /** The day they are back; every day before it is off. */
  away_until: plainDateSchema.nullable(),
})
export type CalendarSettings = z.infer<typeof calendarSettingsSchema>

export const defaultCalendarSettings: CalendarSettings = {
  time_zone: null,
  follow_machine: false,
  hours: officeWeek,
  holidays: null,
  days_off: [],
  away_until: null,
}

/** What a calendar needs beside the settings. */
export interface CalendarPlace {
  person_zone: string
  machine_zone: string
  holidays: readonly Holiday[]
}

export function resolveCalendar(settings: CalendarSettings, place: CalendarPlace): WorkingCalendar {
  const chosen = settings.time_zone ?? place.person_zone
  return {
    time_zone: settings.follow_machine ? place.machine_zone : chosen,
    hours: settings.hours,
    days_off: [...new Set([...settings.days_off, ...place.holidays.map(({ date }) => date)])].sort(),
    away_until: settings.away_until,
  }
}

export type CalendarCheck = { ok: true } | { ok: false; message: string }

/** Refuses what would hold every alert for ever, in words. */
export function checkCalendar(calendar: WorkingCalendar, nowMs: number): CalendarCheck {
  if (createWorkingHours(calendar).nextOpeningMs(nowMs) !== null) return { ok: true }
  const isAway = calendar.away_until !== null && calendar.away_until > localDate(nowMs, calendar.time_zone)
  return {
    ok: false,
    message: isAway ? `${neverOpens} You are away until ${calendar.away_until}: choose an earlier day.` : neverOpens,
  }
}

export const calendarPreviewSchema = z.strictObject({
  is_open: z.boolean(),
  time_zone: timeZoneSchema,
  /** Null when it does not open within 400 days. */
  next_opening_at: z.iso.datetime({ precision: 3 }).nullable(),
  /** `now`, `in 2 d 14 h`, `in 35 min`; null as above. */
  next_opening_in: z.string().nullable(),
  /** When it closes, while it is open. */
  closes_at: z.iso.datetime({ precision: 3 }).nullable(),
  next_holidays: z.array(holidaySchema),
})
export type CalendarPreview = z.infer<typeof calendarPreviewSchema>

const previewedHolidays = 5

/** What the settings mean from now on. */
export function previewCalendar(hours: WorkingHours, holidays: readonly Holiday[], nowMs: number): CalendarPreview {
  const { time_zone } = hours.calendar
  const openingMs = hours.nextOpeningMs(nowMs)
  const closingMs = hours.closingMs(nowMs)
  const today: PlainDateText = localDate(nowMs, time_zone)
  const year = addDays(today, 366)
  return {
    is_open: openingMs === nowMs,
    time_zone,
    next_opening_at: openingMs === null ? null : toInstantText(openingMs),
    next_opening_in: openingMs === null ? null : spanText(openingMs - nowMs),
    closes_at: closingMs === null ? null : toInstantText(closingMs),
    next_holidays: holidays
      .filter(({ date }) => date >= today && date < year)
      .toSorted((a, b) => (a.date < b.date ? -1 : 1))
      .slice(0, previewedHolidays),
  }
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A span of elapsed time in its two largest units, begun minutes counted whole. */
export function spanText(ms: number): string {
  if (ms <= 0) return 'now'
  const up = Math.ceil(ms / minuteMs) * minuteMs
  const days = Math.floor(up / dayMs)
  const hours = Math.floor((up % dayMs) / hourMs)
  const minutes = Math.floor((up % hourMs) / minuteMs)
  const parts = days > 0 ? [part(days, 'd'), part(hours, 'h')] : [part(hours, 'h'), part(minutes, 'min')]
  return `in ${parts.filter((text) => text !== '').join(' ')}`
}

const part = (count: number, unit: string): string => (count > 0 ? `${count} ${unit}` : '')
