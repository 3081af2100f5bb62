import { type DayFigures, daySummaryText } from '../../../domain/alert-kinds/day-summary.ts'
import type { AlertText } from '../../../domain/alert-kinds/kind.ts'
import type { RuleOf } from '../../../domain/alert-rule.ts'
import { alertKey } from '../../../domain/alert-state.ts'
import { toInstantText } from '../../../domain/time.ts'
import { readAlert } from '../cache/alert-store.ts'
import { expiringTerm } from '../cache/expiring-soon.ts'
import type { ReadableDb, WritableDb } from '../cache/sql.ts'
import { isOpenNow, type Judging } from './context.ts'
import { hold } from './raise.ts'

/** Later than this after the day opened its summary is none any more. */
const lateAfterMs = 4 * 3_600_000

/** What is due of the summary rule now; null when today's was decided already, or the day has not opened. */
export function dueSummary(db: ReadableDb, judging: Judging) {
  const rule = judging.plan.rules.find(
    (candidate): candidate is RuleOf<'day_summary'> => candidate.kind === 'day_summary',
  )
  if (!rule || !isOpenNow(judging)) return null
  const window = judging.plan.hours.windowBefore(judging.nowMs)
  const first = window && judging.plan.hours.firstWindowFrom(window.date)
  if (!first || judging.nowMs - first.start_ms > lateAfterMs) return null
  const identity = { key: alertKey(null, rule.id, first.date), quote: null, rule: rule.id, occasion: first.date }
  return readAlert(db, identity.key) ? null : { rule, identity, due_at: toInstantText(first.start_ms) }
}

export function raiseSummary(db: WritableDb, judging: Judging, due: NonNullable<ReturnType<typeof dueSummary>>): void {
  hold(db, judging, due.identity, due.rule, due.due_at)
}

/** How things stand at the moment it is told; null when there is nothing to tell. */
export function summaryText(db: ReadableDb, { plan, nowMs }: Judging): AlertText | null {
  return daySummaryText(figures(db, plan.personId, nowMs))
}

function figures(db: ReadableDb, owner: string, nowMs: number): DayFigures {
  const count = (days: number) => {
    const { term, values } = expiringTerm(db, nowMs, days)
    return db.value<number>(`SELECT count(*) FROM quotes WHERE owner_id = ? AND ${term}`, owner, ...values) ?? 0
  }
  const today = count(0)
  const expired =
    db.value<number>(
      `SELECT count(*) FROM quotes INDEXED BY quotes_alerting
       WHERE stage BETWEEN 1 AND 3 AND owner_id = ? AND expires_at_ms <= ?`,
      owner,
      nowMs,
    ) ?? 0
  return { expires_today: today, expires_in_week: count(7) - today, expired }
}
