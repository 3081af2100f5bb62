import type { RuleOf } from '../alert-rule.ts'
import { formatMoney } from '../money.ts'
import type { Quote } from '../quote.ts'
import type { EventKind } from './kind.ts'
import { tell } from './tell.ts'

type Rule = RuleOf<'big_quote'>

const isBig = (rule: Rule, quote: Pick<Quote, 'value_minor' | 'currency'>): boolean =>
  quote.currency === rule.currency && quote.value_minor >= rule.amount_minor

/** Reached the amount: it was made as large, or grew past it by this edit. */
export const bigQuote: EventKind<Rule> = {
  trigger: 'event',
  happened: (rule, entry, quote) => {
    if (entry.kind === 'created') return isBig(rule, quote)
    if (entry.kind !== 'edited' || !entry.before || !entry.after) return false
    return isBig(rule, { ...quote, ...entry.after }) && !isBig(rule, { ...quote, ...entry.before })
  },
  stale: (rule, quote) => {
    if (quote.status === 'closed') return 'the quote is closed'
    return isBig(rule, quote) ? null : 'its value is below the amount again'
  },
  text: (rule, quote, facts) =>
    tell(
      quote,
      facts,
      `is a big one: ${formatMoney({ minor: rule.amount_minor, currency: rule.currency }, facts.locale)} or more`,
    ),
}
