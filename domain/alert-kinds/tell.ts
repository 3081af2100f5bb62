import { quoteLabel } from '../ids.ts'
import { formatMoney } from '../money.ts'
import { openStatuses, type Quote, type Status } from '../quote.ts'
import type { AlertText, TellingFacts } from './kind.ts'

export const isOpen = (status: Status): boolean => (openStatuses as readonly Status[]).includes(status)

/** Who, how much, until when: what every text about a quote ends with. */
export function tell(quote: Quote, facts: TellingFacts, what: string): AlertText {
  const value = formatMoney({ minor: quote.value_minor, currency: quote.currency }, facts.locale)
  const until = quote.expires_on === null ? [] : [`valid until ${quote.expires_on}`]
  return {
    title: `${quoteLabel(quote)} ${what}`,
    body: [facts.customer_name ?? 'No customer', value, ...until].join(' · '),
  }
}

/** Who did it, for the middle of a sentence. */
export const somebody = ({ actor_name }: TellingFacts): string => actor_name ?? 'somebody else'
