import type { RuleOf } from '../alert-rule.ts'
import { expiryText } from '../alert-rules.ts'
import { daysBeforeExpiryMs, validUntilMs } from '../expiry.ts'
import type { Quote } from '../quote.ts'
import type { WorkingHours } from '../working-hours.ts'
import { type AlertText, type Due, staleAfterMs, type TellingFacts, type TimedKind, type TimedQuote } from './kind.ts'
import { isOpen } from './tell.ts'

type Rule = RuleOf<'expires_in'>

/** When the lead begins: the start of that local day where the quote lives, whatever the hours. */
function leadMs(rule: Rule, until: { expires_on: string; time_zone: string }, hours: WorkingHours): number | null {
  if (rule.count === 'calendar') return daysBeforeExpiryMs(until, rule.days)
  const day = hours.addWorkingDays(until.expires_on, -rule.days)
  return day === null ? null : daysBeforeExpiryMs({ ...until, expires_on: day }, 0)
}

/** A quote that runs out before anybody is back is announced from the opening of the last window before that. */
function seenBefore(endMs: number, dueMs: number, hours: WorkingHours): Pick<Due, 'due_ms' | 'early'> {
  const openingMs = hours.nextOpeningMs(dueMs)
  if (openingMs !== null && openingMs < endMs) return { due_ms: dueMs, early: false }
  const last = hours.windowBefore(dueMs)
  return last ? { due_ms: last.start_ms, early: true } : { due_ms: dueMs, early: false }
}

export const expiresIn: TimedKind<Rule> = {
  trigger: 'time',
  family: 'expiry',
  memoKey: (quote) => expiryKey(quote),
  due: (rule, { status, expires_on, time_zone }: TimedQuote, hours) => {
    if (expires_on === null || !isOpen(status)) return null
    const until = { expires_on, time_zone }
    const ms = leadMs(rule, until, hours)
    if (ms === null) return null
    const endMs = validUntilMs(until)
    return { occasion: expires_on, rank: ms, stale_ms: endMs + staleAfterMs, ...seenBefore(endMs, ms, hours) }
  },
  stale: (_rule, quote, occasion) => staleExpiry(quote, occasion),
  text: (_rule, quote, facts) => textOfExpiry(quote, facts),
}

export const expiryKey = ({ status, expires_on, time_zone }: TimedQuote): string | null =>
  expires_on !== null && isOpen(status) ? `${expires_on} ${time_zone}` : null

export function staleExpiry(quote: Quote, occasion: string): string | null {
  if (!isOpen(quote.status)) return `the quote is ${quote.status}`
  return quote.expires_on === occasion ? null : 'its valid-until date was changed'
}

export function textOfExpiry(quote: Quote, { customer_name, now_ms, locale, wording }: TellingFacts): AlertText {
  if (quote.expires_on === null) throw new TypeError('a quote without a date does not expire')
  return expiryText({ ...quote, expires_on: quote.expires_on }, customer_name, now_ms, locale, wording)
}
