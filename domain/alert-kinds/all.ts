import type { AlertRule, RuleKind, RuleOf } from '../alert-rule.ts'
import { assigned } from './assigned.ts'
import { bigQuote } from './big-quote.ts'
import { expired } from './expired.ts'
import { expiresIn } from './expires-in.ts'
import type { EventKind, TimedKind } from './kind.ts'
import { noAnswer } from './no-answer.ts'
import { statusChanged } from './status-changed.ts'
import { valueChanged } from './value-changed.ts'

type OfKind<Kind extends RuleKind> = TimedKind<RuleOf<Kind>> | EventKind<RuleOf<Kind>>

/** The summary of the day is about no single quote and stands apart. */
const kinds: { [Kind in Exclude<RuleKind, 'day_summary'>]: OfKind<Kind> } = {
  expires_in: expiresIn,
  expired,
  no_answer: noAnswer,
  value_changed: valueChanged,
  status_changed: statusChanged,
  assigned,
  big_quote: bigQuote,
}

/** How rules of this one's kind come true and are told; null for the summary of the day. */
export function kindOf(rule: AlertRule): TimedKind<AlertRule> | EventKind<AlertRule> | null {
  // A kind is only ever asked with rules of its own: the table above is typed so.
  return rule.kind === 'day_summary'
    ? null
    : (kinds[rule.kind] as unknown as TimedKind<AlertRule> | EventKind<AlertRule>)
}
