import type { SharedAlert } from '../../../domain/alert-share.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** What the person's devices know together about an alert, as the server confirmed it. */
export function readShared(db: ReadableDb, key: string): SharedAlert | null {
  const text = db.value<string>('SELECT alert FROM shared_alerts WHERE key = ?', key)
  return text === undefined ? null : (JSON.parse(text) as SharedAlert)
}

/** Keeps it as confirmed; what it means on this machine is decided when the alerts are looked at. */
export function saveShared(db: WritableDb, alert: SharedAlert): void {
  db.run(
    'INSERT INTO shared_alerts VALUES (?, ?) ON CONFLICT DO UPDATE SET alert = excluded.alert',
    alert.key,
    JSON.stringify(alert),
  )
  db.run('INSERT OR IGNORE INTO alert_told VALUES (?)', alert.key)
  db.touched.shared()
}

/** Keys of which something came that was not looked at yet. */
export function readTold(db: ReadableDb, limit: number): string[] {
  return db.values<string>('SELECT key FROM alert_told ORDER BY key LIMIT ?', limit)
}

export function dropTold(db: WritableDb, key: string): void {
  db.run('DELETE FROM alert_told WHERE key = ?', key)
}

/** Of the person's stream only these are left. */
export function sweepShared(db: WritableDb, isPresent: (key: string) => boolean): void {
  for (const key of db.values<string>('SELECT key FROM shared_alerts')) {
    if (isPresent(key)) continue
    db.run('DELETE FROM shared_alerts WHERE key = ?', key)
    dropTold(db, key)
    db.touched.shared()
  }
}

/** The next `limit` by key, as confirmed. */
export function listSharedAfter(db: ReadableDb, after: string, limit: number): SharedAlert[] {
  return db
    .values<string>('SELECT alert FROM shared_alerts WHERE key > ? ORDER BY key LIMIT ?', after, limit)
    .map((text) => JSON.parse(text) as SharedAlert)
}
