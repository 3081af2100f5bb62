import { createAlertPlan } from '../../domain/alert-plan.ts'
import type { AlertRule } from '../../domain/alert-rule.ts'
import { resolveCalendar } from '../../domain/calendar-settings.ts'
import type { Person } from '../../domain/directory.ts'
import type { Quote } from '../../domain/quote.ts'
import type { CalendarView } from '../../domain/rpc/alerts.ts'
import { toInstantText } from '../../domain/time.ts'
import { createWorkingHours } from '../../domain/working-hours.ts'

/** What comes true next of a quote by itself, and when it would be told. */
export type NextAlert =
  | { kind: 'closed' | 'not_mine' | 'none' }
  | { kind: 'rule'; rule: AlertRule; due_at: string; told_at: string; time_zone: string }

/** By the same rules of the domain that the engine judges by; public holidays as far as the preview names them. */
export function nextAlertOf(
  quote: Quote,
  me: Person,
  rules: readonly AlertRule[],
  calendar: Pick<CalendarView, 'effective' | 'preview' | 'person_zone' | 'machine_zone'>,
  nowMs: number,
): NextAlert {
  if (quote.status === 'closed') return { kind: 'closed' }
  const { effective, preview, person_zone, machine_zone } = calendar
  const hours = createWorkingHours(
    resolveCalendar(effective, { person_zone, machine_zone, holidays: preview?.next_holidays ?? [] }),
  )
  const plan = createAlertPlan(me, rules, hours)
  const concerned = plan.rules.some((rule) => rule.kind !== 'day_summary' && plan.concerns(rule.scope, quote))
  if (!concerned && quote.owner_id !== me.id) return { kind: 'not_mine' }
  const next = plan.nextDue(quote, nowMs)
  if (next === null) return { kind: 'none' }
  const toldMs = hours.nextOpeningMs(next.due_ms) ?? next.due_ms
  return {
    kind: 'rule',
    rule: next.rule,
    due_at: toInstantText(next.due_ms),
    told_at: toInstantText(toldMs),
    time_zone: hours.calendar.time_zone,
  }
}
