import { Temporal } from 'temporal-polyfill'
import { addDays } from '../../domain/expiry.ts'
import type { PlainDateText } from '../../domain/time.ts'
import type { Random } from './random.ts'

const minuteMs = 60_000

/** An instant in office hours of the last weekday at or before the date. */
function officeInstantMs(date: PlainDateText, timeZone: string, random: Random): number {
  const day = Temporal.PlainDate.from(date)
  const weekday = day.subtract({ days: Math.max(0, day.dayOfWeek - 5) })
  const plainTime = { hour: random.int(8, 17), minute: random.int(0, 59), second: random.int(0, 59) }
  return weekday.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds
}

/**
 * Instants of `count` steps, spread from one local date to another in office hours, each at least a minute after the one
 * before, none later than `notAfterMs`.
 */
export function spreadSteps(
  span: { from: PlainDateText; to: PlainDateText; count: number; timeZone: string; notAfterMs: number },
  random: Random,
): number[] {
  const days = Temporal.PlainDate.from(span.from).until(span.to, { largestUnit: 'day' }).days
  const steps = Array.from({ length: span.count }, (_, index) => {
    const share = span.count === 1 ? 0 : index / (span.count - 1)
    return officeInstantMs(addDays(span.from, Math.round(days * share)), span.timeZone, random)
  }).sort((a, b) => a - b)
  // From the last back, so that what is clamped to the end pushes the others before it.
  let limitMs = span.notAfterMs
  for (let index = steps.length - 1; index >= 0; index -= 1) {
    limitMs = Math.min(steps[index] ?? limitMs, limitMs)
    steps[index] = limitMs
    limitMs -= minuteMs * random.int(1, 30)
  }
  return steps
}
