import { Temporal } from 'temporal-polyfill'
import type { PlainDateText } from './time.ts'

/** What decides when a quote runs out: a local date, inclusive, in the quote's own zone. */
export interface ValidUntil {
  expires_on: PlainDateText
  time_zone: string
}

/**
 * The first instant at which the quote is no longer valid: the start of the local day after `expires_on`.
 * Days may have 23 or 25 hours and midnight may not exist; the zone data decides.
 * @returns epoch milliseconds
 */
export function validUntilMs({ expires_on, time_zone }: ValidUntil): number {
  return Temporal.PlainDate.from(expires_on).add({ days: 1 }).toZonedDateTime(time_zone).epochMilliseconds
}

/**
 * The start of the local day that lies `days` calendar days before `expires_on`.
 * @returns epoch milliseconds
 */
export function daysBeforeExpiryMs({ expires_on, time_zone }: ValidUntil, days: number): number {
  return Temporal.PlainDate.from(expires_on).subtract({ days }).toZonedDateTime(time_zone).epochMilliseconds
}

/** The calendar date it is in `timeZone` at `nowMs`. */
export function localDate(nowMs: number, timeZone: string): PlainDateText {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** Adds calendar days to a plain date; negative `days` go back. */
export function addDays(date: PlainDateText, days: number): PlainDateText {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** Calendar days from today (in the quote's zone) to `expires_on`: 0 on the last day, negative once expired. */
export function daysUntilExpiry(quote: ValidUntil, nowMs: number): number {
  const today = Temporal.PlainDate.from(localDate(nowMs, quote.time_zone))
  return today.until(Temporal.PlainDate.from(quote.expires_on), { largestUnit: 'day' }).days
}

/** Derived, never stored: still open and past the valid-until instant. A quote without a date does not expire. */
export function isExpired(
  quote: { status: string; expires_on: PlainDateText | null; time_zone: string },
  nowMs: number,
): boolean {
  if (quote.status === 'closed' || quote.expires_on === null) return false
  return isPastValidUntil({ expires_on: quote.expires_on, time_zone: quote.time_zone }, nowMs)
}

/** Whether the date has run out, whatever the quote's status. */
export function isPastValidUntil(validUntil: ValidUntil, nowMs: number): boolean {
  return nowMs >= validUntilMs(validUntil)
}
