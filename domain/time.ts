import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** An instant as ISO 8601 in UTC with milliseconds: fixed width, so text order is time order. */
export const instantSchema = z.iso.datetime({ precision: 3 })
export type InstantText = z.infer<typeof instantSchema>

const plainDatePattern = /^\d{4}-\d{2}-\d{2}$/

function isPlainDate(text: string): boolean {
  if (!plainDatePattern.test(text)) return false
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' })
    return true
  } catch {
    return false
  }
}

/** A calendar date with no time and no zone, exactly `YYYY-MM-DD`; 2026-02-30 is refused, not rolled over. */
export const plainDateSchema = z
  .string()
  .refine(isPlainDate, { error: 'expected a calendar date that exists, as YYYY-MM-DD' })
export type PlainDateText = z.infer<typeof plainDateSchema>

/** Building a format to test a zone costs tens of microseconds, and a catch-up tests the same few zones 100,000 times. */
const knownTimeZones = new Set<string>()
const maxKnownTimeZones = 1_000

function isTimeZone(name: string): boolean {
  if (knownTimeZones.has(name)) return true
  // Offsets such as "+02:00" are accepted by Intl but are not zones: they know no daylight saving.
  if (/^[+-]/.test(name)) return false
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
    if (known && knownTimeZones.size < maxKnownTimeZones) knownTimeZones.add(name)
    return known
  } catch {
    return false
  }
}

/** An IANA time zone name that this runtime's zone data knows, e.g. `Europe/Berlin`. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: 'expected an IANA time zone such as Europe/Berlin' })

/** Epoch milliseconds to the canonical instant text. */
export function toInstantText(epochMs: number): InstantText {
  return Temporal.Instant.fromEpochMilliseconds(epochMs).toString({ smallestUnit: 'millisecond' })
}

/** Canonical (or any ISO 8601) instant text to epoch milliseconds; throws RangeError on anything else. */
export function toEpochMs(instant: string): number {
  return Temporal.Instant.from(instant).epochMilliseconds
}

/** Where every "now" comes from. Nothing in the product reads the ambient clock but implementations of this. */
export interface Clock {
  nowMs(): number
}
