import { kindOf } from '../../../domain/alert-kinds/all.ts'
import type { AlertPlan } from '../../../domain/alert-plan.ts'
import type { AlertRule } from '../../../domain/alert-rule.ts'
import type { Alert } from '../../../domain/alert-state.ts'
import type { Quote } from '../../../domain/quote.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb } from '../cache/sql.ts'

export type Verdict = { holds: true; quote: Quote | null; rule: AlertRule } | { holds: false; reason: string }

const no = (reason: string): Verdict => ({ holds: false, reason })

/** I18: judged again at delivery, from how things stand now. */
export function judge(db: ReadableDb, alert: Alert, plan: AlertPlan): Verdict {
  const rule = plan.rule(alert.rule)
  if (!rule) return no(`the rule "${alert.rule}" was switched off`)
  const kind = kindOf(rule)
  if (alert.quote === null || kind === null) return { holds: true, quote: null, rule }
  const quote = readQuote(db, alert.quote)
  if (!quote) return no('the quote is gone')
  const stale = kind.stale(rule, quote, alert.occasion)
  if (stale !== null) return no(stale)
  if (!plan.concerns(rule.scope, quote)) return no('the quote belongs to somebody else now')
  return { holds: true, quote, rule }
}
