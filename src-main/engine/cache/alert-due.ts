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

/** So many due at once that they are looked at in the order of their ids. */
const many = 1_000

/** Whether a good part of the cache is due: after a night, or under a new plan. */
export const isMuchDue = (db: ReadableDb, nowMs: number): boolean =>
  db.value<number>('SELECT 1 FROM alert_due WHERE due_ms <= ? LIMIT 1 OFFSET ?', nowMs, many) !== undefined

/** Quotes to look at by now, longest due first: a stretch of one index, however large the cache. */
export function readDue(db: ReadableDb, nowMs: number, limit: number): WatchedQuote[] {
  return db.all<WatchedQuote>(
    `SELECT ${watchedColumns} FROM alert_due JOIN quotes ON quotes.id = alert_due.quote
     WHERE alert_due.due_ms <= ? ORDER BY alert_due.due_ms LIMIT ?`,
    nowMs,
    limit,
  )
}

/**
 * The same when many are due, in the order of their ids: what is written of them lies together then, and each page of the
 * tables and indexes is written once rather than once a quote.
 */
export function readDueById(db: ReadableDb, nowMs: number, after: string, limit: number): WatchedQuote[] {
  return db.all<WatchedQuote>(
    `SELECT ${watchedColumns} FROM alert_due NOT INDEXED CROSS JOIN quotes ON quotes.id = alert_due.quote
     WHERE alert_due.quote > ? AND alert_due.due_ms <= ? ORDER BY alert_due.quote LIMIT ?`,
    after,
    nowMs,
    limit,
  )
}

export const readNextDueMs = (db: ReadableDb): number | null =>
  db.value<number>('SELECT min(due_ms) FROM alert_due') ?? null

/** Quotes to plan, in the order of their ids: what is written of them lies together then. */
export function readPlannable(db: ReadableDb, after: string, limit: number): WatchedQuote[] {
  return db.all<WatchedQuote>(`SELECT ${watchedColumns} FROM quotes WHERE id > ? ORDER BY id LIMIT ?`, after, limit)
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
