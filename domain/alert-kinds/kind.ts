import type { AlertRule } from '../alert-rule.ts'
import type { Wording } from '../alert-rules.ts'
import type { HistoryEntry, Quote } from '../quote.ts'
import type { WorkingHours } from '../working-hours.ts'

/** What timed rules look at: few columns, so that many quotes are planned fast. */
export type TimedQuote = Pick<Quote, 'status' | 'expires_on' | 'time_zone' | 'sent_at'>

export interface Due {
  /** Which coming-true of the rule this is: with quote and rule id it is the alert's identity. At most 11 characters. */
  occasion: string
  due_ms: number
  /** Among rules that say the same thing, the later one takes the place of the earlier. Epoch milliseconds. */
  rank: number
  /** Never told by then: too old to interrupt anybody for. Epoch milliseconds. */
  stale_ms: number
  /** Brought forward to the last working window before the quote runs out. */
  early: boolean
}

/** What a text may mention beside the quote. */
export interface TellingFacts {
  customer_name: string | null
  /** Whoever did it, of an event. */
  actor_name: string | null
  entry: HistoryEntry | null
  now_ms: number
  wording: Wording
  locale: string
}

/** What came true this long ago and was never told (the app was off) interrupts nobody any more. */
export const staleAfterMs = 7 * 86_400_000

export interface AlertText {
  title: string
  body: string
}

interface Told<Rule extends AlertRule> {
  /** Why it no longer holds for the quote as it stands, in words; null when it does. The audience is judged elsewhere. */
  stale: (rule: Rule, quote: Quote, occasion: string) => string | null
  text: (rule: Rule, quote: Quote, facts: TellingFacts) => AlertText
}

/** Comes true by itself, at an instant that the quote tells. */
export interface TimedKind<Rule extends AlertRule> extends Told<Rule> {
  trigger: 'time'
  /** Rules of one family say the same thing: only the latest that has come true is told. */
  family: string
  /** Quotes that agree in it come true at the same instants; null when none of the family's rules comes true. */
  memoKey: (quote: TimedQuote) => string | null
  /** Null when it does not come true as the quote stands. */
  due: (rule: Rule, quote: TimedQuote, hours: WorkingHours) => Due | null
}

/** Comes true by what somebody else did; its occasion is the quote's version after it. */
export interface EventKind<Rule extends AlertRule> extends Told<Rule> {
  trigger: 'event'
  /** @param personId whom the alert would be for; never who did it */
  happened: (rule: Rule, entry: HistoryEntry, quote: Quote, personId: string) => boolean
}
