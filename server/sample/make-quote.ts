import { addDays, localDate, validUntilMs } from '../../domain/expiry.ts'
import { linesTotalMinor, type Quote } from '../../domain/quote.ts'
import { type PlainDateText, toEpochMs } from '../../domain/time.ts'
import type { NewQuote, PastEntry } from '../quotes/add-quote.ts'
import { makeLines, makeTitle } from './catalogue.ts'
import type { SampleCustomer } from './make-directory.ts'
import { makePast, type Parties } from './make-past.ts'
import type { Random } from './random.ts'
import { type Ending, makeStory } from './stories.ts'
import { spreadSteps } from './timeline.ts'

export interface SampleQuote {
  quote: NewQuote
  past: PastEntry[]
}

export interface SampleSetting {
  random: Random
  nowMs: number
  newId: (atMs: number) => string
}

/** Who makes the quote for whom, and when it runs out if that is given. */
export interface QuoteBrief extends Parties {
  customer: SampleCustomer
  ending: Ending
  /** Days from the customer's today to the valid-until date; null lets the story decide. */
  expiresInDays: number | null
}

/** The server closes a quote as expired this long after its date. */
const graceDays = 14
const open = new Set<Ending>(['draft', 'active', 'sent', 'negotiation'])

export function makeQuote(brief: QuoteBrief, setting: SampleSetting): SampleQuote {
  const { random, nowMs } = setting
  const { home } = brief.customer
  const story = makeStory(brief.ending, random)
  const today = localDate(nowMs, home.time_zone)
  const dates = chooseDates(brief, today, random)
  const instants = spreadSteps(
    { from: dates.begun, to: dates.last, count: story.length, timeZone: home.time_zone, notAfterMs: nowMs },
    random,
  )
  if (brief.ending === 'expired') {
    instants[instants.length - 1] = validUntilMs({ ...home, expires_on: addDays(dates.expires_on, graceDays) })
  }
  const past = makePast(story, instants, brief, random)
  // Once active it was complete, and stays so.
  const mayBeIncomplete = past.length === 1 && past[0]?.to_status === 'draft'
  const content = makeContent(brief, mayBeIncomplete, random)
  const last = past.at(-1)
  const [first] = past
  if (!first || !last) throw new Error('a story needs at least its beginning')
  const quote: NewQuote = {
    id: setting.newId(toEpochMs(first.at)),
    team_id: brief.customer.team.id,
    owner_id: brief.ownerId,
    ...content,
    status: last.to_status,
    outcome: last.outcome,
    reason: last.reason,
    value_minor: linesTotalMinor(content.lines),
    currency: home.currency,
    expires_on: mayBeIncomplete && random.chance(0.15) ? null : dates.expires_on,
    time_zone: home.time_zone,
    sent_at: past.findLast((entry) => entry.to_status === 'sent')?.at ?? null,
    closed_at: last.to_status === 'closed' ? last.at : null,
    created_at: first.at,
    updated_at: last.at,
  }
  return { quote, past }
}

/** Local dates of the first and last step and of valid-until; a decision always comes before the date runs out. */
function chooseDates(
  { ending, expiresInDays }: QuoteBrief,
  today: PlainDateText,
  random: Random,
): { begun: PlainDateText; last: PlainDateText; expires_on: PlainDateText } {
  if (ending === 'expired') {
    const expires_on = addDays(today, -graceDays - random.int(2, 400))
    const last = addDays(expires_on, -random.int(10, 30))
    return { begun: addDays(last, -random.int(1, 20)), last, expires_on }
  }
  if (open.has(ending)) {
    const days = expiresInDays ?? random.int(9, 75)
    const last = addDays(today, Math.min(0, days) - random.int(1, 25))
    return { begun: addDays(last, -random.int(0, 40)), last, expires_on: addDays(today, days) }
  }
  const last = addDays(today, -random.int(1, 540))
  return { begun: addDays(last, -random.int(4, 40)), last, expires_on: addDays(last, random.int(3, 45)) }
}

/** Some first drafts are still without customer or lines. */
function makeContent(
  brief: QuoteBrief,
  mayBeIncomplete: boolean,
  random: Random,
): Pick<Quote, 'customer_id' | 'title' | 'lines'> {
  const lines = makeLines(brief.customer.home.currency, random)
  const title = makeTitle(lines, random)
  return {
    customer_id: mayBeIncomplete && random.chance(0.1) ? null : brief.customer.customer.id,
    title: random.chance(0.004) ? longTitle(title) : title,
    lines: mayBeIncomplete && random.chance(0.12) ? [] : lines,
  }
}

const longTitle = (title: string) =>
  `${title}, with conveyors, guarding, changeover parts, installation outside working hours, acceptance test at both sites and two weeks of production support`
