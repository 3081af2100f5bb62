import type { RuleOf } from '../alert-rule.ts'
import { formatMoney } from '../money.ts'
import type { HistoryEntry } from '../quote.ts'
import type { EventKind } from './kind.ts'
import { isOpen, somebody, tell } from './tell.ts'

type Rule = RuleOf<'value_changed'>

/** More than `percent` up or down; from nothing, or into another currency, any change is one. */
function changedBy(percent: number, { before, after }: HistoryEntry): boolean {
  if (before?.currency !== undefined && before.currency !== after?.currency) return true
  if (before?.value_minor === undefined || after?.value_minor === undefined) return false
  const change = Math.abs(after.value_minor - before.value_minor)
  if (before.value_minor === 0) return change > 0
  // Whole numbers beyond 2^53 / 100 lose digits as numbers.
  return BigInt(change) * 100n > BigInt(before.value_minor) * BigInt(percent)
}

export const valueChanged: EventKind<Rule> = {
  trigger: 'event',
  happened: (rule, entry) => entry.kind === 'edited' && changedBy(rule.percent, entry),
  stale: (_rule, quote) => (isOpen(quote.status) || quote.status === 'draft' ? null : `the quote is ${quote.status}`),
  text: (_rule, quote, facts) => {
    const before = facts.entry?.before
    const money = (minor: number, currency: string) => formatMoney({ minor, currency }, facts.locale)
    const now = money(quote.value_minor, quote.currency)
    if (before?.value_minor === undefined)
      return tell(quote, facts, `is worth ${now} now: ${somebody(facts)} changed it`)
    const was = money(before.value_minor, before.currency ?? quote.currency)
    return tell(quote, facts, `is worth ${now} now, was ${was}: ${somebody(facts)} changed it`)
  },
}
