import type { Alert } from '../../../domain/alert-state.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

const columns = `key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason, toast, title, body,
  shown_at, read_at, acknowledged_at, resolved_at, note, dismissed_at`

const waiting = `state IN ('held', 'snoozed')`

export function readAlert(db: ReadableDb, key: string): Alert | null {
  return db.get<Alert>(`SELECT ${columns} FROM alerts WHERE key = ?`, key) ?? null
}

/** Every alert about a quote, in whatever state. */
export function readAlertsOf(db: ReadableDb, quote: string): Alert[] {
  return db.all<Alert>(`SELECT ${columns} FROM alerts WHERE quote = ? ORDER BY n`, quote)
}

/** What a toast told, one or many, and nobody has read. */
export function readUnreadOfToast(db: ReadableDb, toast: string): string[] {
  return db.values<string>(
    `SELECT key FROM alerts INDEXED BY alerts_unread
     WHERE shown_at IS NOT NULL AND read_at IS NULL AND dismissed_at IS NULL AND toast = ? ORDER BY shown_at, n`,
    toast,
  )
}

/** What is known of a quote's alerts, in the columns that raising another one needs. */
export type KnownAlert = Pick<
  Alert,
  'key' | 'rule' | 'occasion' | 'state' | 'acknowledged_at' | 'resolved_at' | 'dismissed_at'
>

export function readKnown(db: ReadableDb, quote: string): KnownAlert[] {
  return db.all<KnownAlert>(
    `SELECT key, rule, occasion, state, acknowledged_at, resolved_at, dismissed_at FROM alerts WHERE quote = ?`,
    quote,
  )
}

/** Notes which toast it goes out in, and as what; nothing that an index holds changes. */
export function saveHandedOver(
  db: WritableDb,
  alert: Pick<Alert, 'key' | 'toast' | 'title' | 'body' | 'decided_at' | 'reason'>,
): void {
  db.run(
    'UPDATE alerts SET toast = ?, title = ?, body = ?, decided_at = ?, reason = ? WHERE key = ?',
    alert.toast,
    alert.title,
    alert.body,
    alert.decided_at,
    alert.reason,
    alert.key,
  )
}

/**
 * Shown, all of them in one statement. Marked or cancelled while it was on its way: that stands.
 * @returns those that are kept here still, whatever their state, in the order they were raised
 */
export function saveShown(db: WritableDb, keys: readonly string[], at: string, reason: string): string[] {
  const list = JSON.stringify(keys)
  db.run(
    `UPDATE alerts SET state = 'shown', shown_at = coalesce(shown_at, ?), decided_at = ?, reason = ?
     WHERE key IN (SELECT value FROM json_each(?)) AND ${waiting}`,
    at,
    at,
    reason,
    list,
  )
  db.touched.alerts()
  return db.values<string>('SELECT key FROM alerts WHERE key IN (SELECT value FROM json_each(?)) ORDER BY n', list)
}

/** Held or snoozed, and may be told by `now`; in the order they came due. */
export function readReleasable(db: ReadableDb, now: string): Alert[] {
  return db.all<Alert>(`SELECT ${columns} FROM alerts WHERE ${waiting} AND release_at <= ? ORDER BY release_at, n`, now)
}

/** Held or snoozed, whenever they are to be told. */
export function readWaiting(db: ReadableDb): Alert[] {
  return db.all<Alert>(`SELECT ${columns} FROM alerts WHERE ${waiting} ORDER BY release_at, n`)
}

export function readHeldSummary(db: ReadableDb): { held: number; next_release_at: string | null } {
  return (
    db.get<{ held: number; next_release_at: string | null }>(
      `SELECT count(*) AS held, min(release_at) AS next_release_at FROM alerts WHERE ${waiting}`,
    ) ?? { held: 0, next_release_at: null }
  )
}

/** I16: what an alert says of a quote is told only as long as the quote is in sight. */
export const inSight = '(quote IS NULL OR EXISTS (SELECT 1 FROM quotes WHERE quotes.id = alerts.quote))'
const unread = `shown_at IS NOT NULL AND read_at IS NULL AND dismissed_at IS NULL AND ${inSight}`

/** The badge. */
export function countUnread(db: ReadableDb): number {
  return db.value<number>(`SELECT count(*) FROM alerts WHERE ${unread}`) ?? 0
}

/** Keys of what was told and not read, for "mark all read". */
export function readUnreadKeys(db: ReadableDb): string[] {
  return db.values<string>(`SELECT key FROM alerts WHERE ${unread}`)
}

export type NewAlert = Pick<
  Alert,
  | 'key'
  | 'quote'
  | 'rule'
  | 'kind'
  | 'occasion'
  | 'severity'
  | 'state'
  | 'due_at'
  | 'release_at'
  | 'decided_at'
  | 'reason'
>

/** Keeps a new alert. One of the same identity that was cancelled gives way: what cancelled it no longer holds. */
export function insertAlert(db: WritableDb, alert: NewAlert): void {
  db.run(
    `INSERT INTO alerts (key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET state = excluded.state, severity = excluded.severity, due_at = excluded.due_at,
       release_at = excluded.release_at, decided_at = excluded.decided_at, reason = excluded.reason, toast = NULL
     WHERE alerts.state = 'cancelled'`,
    alert.key,
    alert.quote,
    alert.rule,
    alert.kind,
    alert.occasion,
    alert.severity,
    alert.state,
    alert.due_at,
    alert.release_at,
    alert.decided_at,
    alert.reason,
  )
  db.touched.alerts()
}

/** Writes what may change of an alert. */
export function saveAlert(db: WritableDb, alert: Alert): void {
  db.run(
    `UPDATE alerts SET state = ?, release_at = ?, decided_at = ?, reason = ?, toast = ?, title = ?, body = ?, shown_at = ?,
       read_at = ?, acknowledged_at = ?, resolved_at = ?, note = ?, dismissed_at = ? WHERE key = ?`,
    alert.state,
    alert.release_at,
    alert.decided_at,
    alert.reason,
    alert.toast,
    alert.title,
    alert.body,
    alert.shown_at,
    alert.read_at,
    alert.acknowledged_at,
    alert.resolved_at,
    alert.note,
    alert.dismissed_at,
    alert.key,
  )
  db.touched.alerts()
}
