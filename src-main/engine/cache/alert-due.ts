import type { HistoryEntry } from '../../../domain/quote.ts'
import type { ReadableDb, WatchedQuote, WritableDb } from './sql.ts'

/** When to look at the quote again, and which rule comes true then. */
export function putDue(db: WritableDb, quote: string, rule: string, dueMs: number): void {
  db.run(
    `INSERT INTO alert_due VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET rule = excluded.rule, due_ms = excluded.due_ms WHERE alert_due.due_ms <> excluded.due_ms`,
    quote,
    rule,
    dueMs,
  )
}

export function dropDue(db: WritableDb, quote: string): void {
  db.run('DELETE FROM alert_due WHERE quote = ?', quote)
}

export function clearDue(db: WritableDb): void {
  db.run('DELETE FROM alert_due')
}

const watchedColumns =
  'quotes.id, quotes.owner_id, quotes.team_id, quotes.status, quotes.expires_on, quotes.time_zone, quotes.sent_at'

/** Quotes to look at by now, longest due first: a stretch of one index, however large the cache. */
export function readDue(db: ReadableDb, nowMs: number, limit: number): WatchedQuote[] {
  return db.all<WatchedQuote>(
    `SELECT ${watchedColumns} FROM alert_due JOIN quotes ON quotes.id = alert_due.quote
     WHERE alert_due.due_ms <= ? ORDER BY alert_due.due_ms LIMIT ?`,
    nowMs,
    limit,
  )
}

export const readNextDueMs = (db: ReadableDb): number | null =>
  db.value<number>('SELECT min(due_ms) FROM alert_due') ?? null

/** Open quotes that a plan could be about, in pieces: those of one owner, or everybody's. */
export function readPlannable(db: ReadableDb, ownerId: string | null, after: string, limit: number): WatchedQuote[] {
  const mine = ownerId === null ? '' : 'AND owner_id = ?'
  return db.all<WatchedQuote>(
    `SELECT ${watchedColumns} FROM quotes WHERE stage BETWEEN 1 AND 3 AND id > ? ${mine} ORDER BY id LIMIT ?`,
    after,
    ...(ownerId === null ? [] : [ownerId]),
    limit,
  )
}

/** A change that a rule may be about. */
export function putNews(db: WritableDb, entry: HistoryEntry): void {
  db.run('INSERT OR IGNORE INTO alert_news VALUES (?, ?)', entry.quote, entry.version)
}

export function readNews(db: ReadableDb, limit: number): { quote: string; version: number }[] {
  return db.all('SELECT quote, version FROM alert_news ORDER BY quote, version LIMIT ?', limit)
}

export function dropNews(db: WritableDb, { quote, version }: { quote: string; version: number }): void {
  db.run('DELETE FROM alert_news WHERE quote = ? AND version = ?', quote, version)
}
