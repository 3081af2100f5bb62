import { kindOf } from '../../../domain/alert-kinds/all.ts'
import type { AlertPlan } from '../../../domain/alert-plan.ts'
import type { AlertRule } from '../../../domain/alert-rule.ts'
import type { Alert } from '../../../domain/alert-state.ts'
import type { Quote } from '../../../domain/quote.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb } from '../cache/sql.ts'

/** Passed on by the server, whatever rules this person has: as grave as it was for whom it came from. */
export const escalationRule = (severity: AlertRule['severity']): AlertRule => ({
  kind: 'status_changed',
  id: 'escalated',
  enabled: true,
  severity,
  channel: 'both',
  break_through: false,
  scope: 'teams',
})

export type Verdict = { holds: true; quote: Quote | null; rule: AlertRule } | { holds: false; reason: string }

const no = (reason: string): Verdict => ({ holds: false, reason })

/** I18: judged again at delivery, from how things stand now. */
export function judge(db: ReadableDb, alert: Alert, plan: AlertPlan): Verdict {
  if (alert.kind === 'escalation') return judgeEscalation(db, alert)
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

function judgeEscalation(db: ReadableDb, alert: Alert): Verdict {
  const quote = alert.quote === null ? null : readQuote(db, alert.quote)
  if (!quote) return no('the quote is gone')
  if (quote.status === 'closed') return no('the quote was closed')
  return { holds: true, quote, rule: escalationRule(alert.severity) }
}
