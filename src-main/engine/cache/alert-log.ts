import type { AlertDecision } from '../../../domain/alert-state.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** Appends a decision; nothing ever changes one. */
export function logDecision(db: WritableDb, decision: Omit<AlertDecision, 'n'>): void {
  db.run(
    `INSERT INTO alert_log (key, quote, rule, at, time_zone, opening_at, decision, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    decision.key,
    decision.quote,
    decision.rule,
    decision.at,
    decision.time_zone,
    decision.opening_at,
    decision.decision,
    decision.reason,
  )
}

/** Why did I (not) get this? Every decision about a quote (null: about none in particular), latest first. */
export function readDecisions(db: ReadableDb, quote: string | null, limit = 500): AlertDecision[] {
  return db.all<AlertDecision>('SELECT * FROM alert_log WHERE quote IS ? ORDER BY n DESC LIMIT ?', quote, limit)
}

/** Decisions older than this instant, and what was decided by then for good, are of no use to anybody any more. */
export function pruneAlerts(db: WritableDb, before: string): void {
  // The oldest have the lowest numbers; a few thousand at every start keep up with any writing.
  db.run('DELETE FROM alert_log WHERE n IN (SELECT n FROM alert_log ORDER BY n LIMIT 5000) AND at < ?', before)
  db.run(
    `DELETE FROM alerts WHERE n IN (SELECT n FROM alerts ORDER BY n LIMIT 5000)
     AND state NOT IN ('held', 'snoozed') AND decided_at < ? AND due_at < ?`,
    before,
    before,
  )
}

/** I16: nothing of a quote that this person may no longer see stays behind. */
export function forgetAlertsOf(db: WritableDb, quote: string): void {
  for (const table of ['alerts', 'alert_log', 'alert_due', 'alert_news']) {
    db.run(`DELETE FROM ${table} WHERE quote = ?`, quote)
  }
  db.touched.alerts()
}
