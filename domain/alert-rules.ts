import { daysBeforeExpiryMs, daysUntilExpiry, type ValidUntil, validUntilMs } from './expiry.ts'
import { quoteLabel } from './ids.ts'
import { formatMoney } from './money.ts'

/** Lead times in calendar days, tightest last: a quote is announced at most once for each. */
export const expiryLeadDays = [7, 3, 1, 0] as const
export type ExpiryLeadDays = (typeof expiryLeadDays)[number]

/** Expired longer than this and never announced (app was off): too old to interrupt anybody for. */
const announceExpiredForDays = 7

/** When the rule comes true: the start of the local day `leadDays` before the last valid one. Epoch milliseconds. */
export function ruleDueMs(quote: ValidUntil, leadDays: ExpiryLeadDays): number {
  return daysBeforeExpiryMs(quote, leadDays)
}

/** The tightest rule that has come true, or null when none has yet or the quote expired too long ago. */
export function dueRule(quote: ValidUntil, nowMs: number): ExpiryLeadDays | null {
  if (daysUntilExpiry(quote, nowMs) < -announceExpiredForDays) return null
  const due = expiryLeadDays.filter((leadDays) => ruleDueMs(quote, leadDays) <= nowMs)
  return due.at(-1) ?? null
}

interface AlertedQuote extends ValidUntil {
  quote_id: number | null
  revision: number
  value_minor: number
  currency: string
}

/** How long a quote is valid still, in the words of a toast. */
export type Wording = (quote: ValidUntil) => string

/** At one moment; many quotes share a date and a zone, and working a day out costs more than everything else said. */
export function createWording(nowMs: number): Wording {
  const known = new Map<string, string>()
  return (quote) => {
    const key = `${quote.expires_on} ${quote.time_zone}`
    const words = known.get(key) ?? remaining(quote, nowMs)
    known.set(key, words)
    return words
  }
}

/** What the toast says, from how things stand when it is shown, not when the rule came true. */
export function expiryText(
  quote: AlertedQuote,
  customerName: string | null,
  nowMs: number,
  locale: string,
  wording: Wording = createWording(nowMs),
): { title: string; body: string } {
  const label = quoteLabel(quote)
  const value = formatMoney({ minor: quote.value_minor, currency: quote.currency }, locale)
  return {
    title: `${label} ${wording(quote)}`,
    body: `${customerName ?? 'No customer'} · ${value} · valid until ${quote.expires_on}`,
  }
}

function remaining(quote: ValidUntil, nowMs: number): string {
  if (nowMs >= validUntilMs(quote)) return 'has expired'
  const days = daysUntilExpiry(quote, nowMs)
  if (days === 0) return 'expires today'
  return days === 1 ? 'expires tomorrow' : `expires in ${days} days`
}
