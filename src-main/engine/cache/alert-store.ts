import type { ReadableDb, WritableDb } from './sql.ts'

/** One rule that came true for one valid-until date of a quote, and what was decided about it. */
export interface AlertRow {
  quote: string
  rule: number
  expires_on: string
  state: 'held' | 'shown' | 'cancelled'
  due_at: string
  /** When a held one may be shown: the next opening of the working calendar. */
  release_at: string
  decided_at: string
  /** Why it stands as it does, for a person. */
  reason: string
}

export type AlertKey = Pick<AlertRow, 'quote' | 'rule' | 'expires_on'>

/** An open quote of the person, as the rules look at it. */
export interface AlertCandidate {
  id: string
  owner_id: string
  expires_on: string
  time_zone: string
}

/** The person's open quotes that run out in a span of time: a stretch of one index, however large the cache. */
export function readCandidates(db: ReadableDb, ownerId: string, fromMs: number, toMs: number): AlertCandidate[] {
  return db.all<AlertCandidate>(
    `SELECT id, owner_id, expires_on, time_zone FROM quotes INDEXED BY quotes_alerting
     WHERE stage BETWEEN 1 AND 3 AND owner_id = ? AND expires_at_ms BETWEEN ? AND ?`,
    ownerId,
    fromMs,
    toMs,
  )
}

/** Rules already decided for this date of the quote. */
export function readRules(db: ReadableDb, quote: string, expiresOn: string): AlertRow[] {
  return db.all<AlertRow>('SELECT * FROM alerts WHERE quote = ? AND expires_on = ?', quote, expiresOn)
}

export function readHeld(db: ReadableDb): AlertRow[] {
  return db.all<AlertRow>(`SELECT * FROM alerts WHERE state = 'held' ORDER BY release_at, due_at, quote`)
}

export function readHeldSummary(db: ReadableDb): { held: number; next_release_at: string | null } {
  return (
    db.get<{ held: number; next_release_at: string | null }>(
      `SELECT count(*) AS held, min(release_at) AS next_release_at FROM alerts WHERE state = 'held'`,
    ) ?? { held: 0, next_release_at: null }
  )
}

/** Every decision about a quote, latest first: why did I (not) get this? */
export function readDecisions(db: ReadableDb, quote: string): AlertRow[] {
  return db.all<AlertRow>('SELECT * FROM alerts WHERE quote = ? ORDER BY decided_at DESC, rule', quote)
}

/** Keeps a decision; one that exists stays as it is. */
export function insertAlert(db: WritableDb, alert: AlertRow): void {
  db.run(
    'INSERT OR IGNORE INTO alerts VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    alert.quote,
    alert.rule,
    alert.expires_on,
    alert.state,
    alert.due_at,
    alert.release_at,
    alert.decided_at,
    alert.reason,
  )
  db.touched.alerts()
}

/** Keeps a new alert as held. One that was cancelled gives way: what cancelled it no longer holds. */
export function holdAlert(db: WritableDb, alert: Omit<AlertRow, 'state'>): void {
  db.run(
    `INSERT INTO alerts VALUES (?, ?, ?, 'held', ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET state = 'held', due_at = excluded.due_at, release_at = excluded.release_at,
       decided_at = excluded.decided_at, reason = excluded.reason
     WHERE alerts.state = 'cancelled'`,
    alert.quote,
    alert.rule,
    alert.expires_on,
    alert.due_at,
    alert.release_at,
    alert.decided_at,
    alert.reason,
  )
  db.touched.alerts()
}

/** Decides a held alert; one already decided stays as it is. */
export function decideAlert(
  db: WritableDb,
  key: AlertKey,
  decision: Pick<AlertRow, 'state' | 'release_at' | 'decided_at' | 'reason'>,
): void {
  db.run(
    `UPDATE alerts SET state = ?, release_at = ?, decided_at = ?, reason = ?
     WHERE quote = ? AND rule = ? AND expires_on = ? AND state = 'held'`,
    decision.state,
    decision.release_at,
    decision.decided_at,
    decision.reason,
    key.quote,
    key.rule,
    key.expires_on,
  )
  db.touched.alerts()
}
