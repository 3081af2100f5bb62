import { snoozeChoices, snoozedUntilMs } from '../../../domain/snooze.ts'
import { toInstantText } from '../../../domain/time.ts'
import { createWorkingHours } from '../../../domain/working-hours.ts'
import { bruteForce } from './brute-force.ts'
import { type Situation, seeded, situation } from './situations.ts'

export interface CampaignResult {
  cases: number
  seed: number
  zones: number
  /** Instants that were outside hours, so that something was held. */
  held: number
  /** The two implementations gave different instants. */
  differences: number
  /** A release or the end of a snooze that the second implementation calls closed. */
  outside_hours: number
  examples: string[]
}

const limitDays = 60
const keptExamples = 5

/** Random calendars and instants, judged by the product and by brute force. */
export function runCampaign(cases: number, seed: number, progress: (done: number) => void = () => {}): CampaignResult {
  const random = seeded(seed)
  const zones = new Set<string>()
  const result: CampaignResult = { cases, seed, zones: 0, held: 0, differences: 0, outside_hours: 0, examples: [] }
  const keep = (what: string, { calendar, atMs }: Situation) => {
    if (result.examples.length < keptExamples) {
      result.examples.push(`${what} at ${toInstantText(atMs)} with ${JSON.stringify(calendar)}`)
    }
  }
  for (let done = 0; done < cases; done += 1) {
    const one = situation(random)
    const { calendar, atMs } = one
    zones.add(calendar.time_zone)
    const hours = createWorkingHours(calendar)
    const second = bruteForce(calendar)
    const released = hours.nextOpeningMs(atMs)
    if (released !== atMs) result.held += 1
    const expected = second.nextOpeningMs(atMs, limitDays)
    // A calendar whose only windows fall into days off may open later than brute force has patience for.
    const agree =
      expected === released ||
      (expected === null && (released ?? Number.POSITIVE_INFINITY) > atMs + limitDays * 86_400_000)
    if (!agree) {
      result.differences += 1
      keep(`${String(released)} instead of ${String(expected)}`, one)
    }
    for (const choice of snoozeChoices) {
      const untilMs = snoozedUntilMs(hours, choice, atMs)
      if (untilMs === null || (untilMs > atMs && second.isOpen(untilMs))) continue
      result.outside_hours += 1
      keep(`snooze ${choice} until ${toInstantText(untilMs)}`, one)
    }
    if (released !== null && !second.isOpen(released)) {
      result.outside_hours += 1
      keep(`released ${toInstantText(released)}`, one)
    }
    if (done % 10_000 === 9_999) progress(done + 1)
  }
  return { ...result, zones: zones.size }
}
