import { addDays, localDate } from '../../domain/expiry.ts'
import { linesTotalMinor } from '../../domain/quote.ts'
import { toEpochMs } from '../../domain/time.ts'
import { makePast } from './make-past.ts'
import type { SampleQuote, SampleSetting } from './make-quote.ts'
import { makeStory } from './stories.ts'
import { spreadSteps } from './timeline.ts'

/** The earlier quote that `successor` replaced: the same wish in other numbers, closed when the new one was begun. */
export function makePredecessor(successor: SampleQuote, managerId: string, setting: SampleSetting): SampleQuote {
  const { random } = setting
  const { quote } = successor
  const story = makeStory('superseded', random)
  const endMs = toEpochMs(quote.created_at)
  const last = localDate(endMs, quote.time_zone)
  const from = addDays(last, -random.int(5, 30))
  const span = { from, to: last, count: story.length, timeZone: quote.time_zone, notAfterMs: endMs }
  const instants = [...spreadSteps(span, random).slice(0, -1), endMs]
  const past = makePast(story, instants, { ownerId: quote.owner_id, managerId }, random)
  const lines = quote.lines.map((line) => ({ ...line, quantity: line.quantity + random.int(0, 2) }))
  return {
    past,
    quote: {
      ...quote,
      id: setting.newId(instants[0] ?? endMs),
      lines,
      value_minor: linesTotalMinor(lines),
      status: 'closed',
      outcome: 'superseded',
      reason: past.at(-1)?.reason ?? null,
      expires_on: addDays(last, random.int(3, 30)),
      sent_at: past.findLast((entry) => entry.to_status === 'sent')?.at ?? null,
      closed_at: quote.created_at,
      created_at: past[0]?.at ?? quote.created_at,
      updated_at: quote.created_at,
    },
  }
}
