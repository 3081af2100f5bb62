import type { StatusSum } from '../../../domain/pipeline.ts'
import { expiringTerm } from './expiring-soon.ts'
import type { ReadableDb } from './sql.ts'

/** Quotes by status and currency, as the database keeps them added up. */
export function readSums(db: ReadableDb): StatusSum[] {
  return db.all<StatusSum>('SELECT status, currency, count, value_minor FROM sums WHERE count > 0')
}

interface CurrencySum {
  currency: string
  count: number
  value_minor: number
}

/** @param from inclusive instant text */
export function readWonSince(db: ReadableDb, from: string): CurrencySum[] {
  return db.all<CurrencySum>(
    `SELECT currency, count(*) AS count, sum(value_minor) AS value_minor FROM quotes INDEXED BY quotes_won
     WHERE outcome = 'won' AND closed_at >= ? GROUP BY currency ORDER BY count DESC, currency`,
    from,
  )
}

const open = 'stage BETWEEN 1 AND 3'

/** Open quotes not yet expired whose last valid day is at most `days` calendar days away in their own zone. */
export function countExpiring(db: ReadableDb, nowMs: number, days: number): number {
  const { term, values } = expiringTerm(db, nowMs, days)
  return db.value<number>(`SELECT count(*) FROM quotes INDEXED BY quotes_filter WHERE ${term}`, ...values) ?? 0
}

/** Quotes not closed whose valid-until has passed. */
export function countExpired(db: ReadableDb, nowMs: number): number {
  return (
    db.value<number>(
      'SELECT count(*) FROM quotes INDEXED BY quotes_filter WHERE stage IN (0, 1, 2, 3) AND expires_at_ms <= ?',
      nowMs,
    ) ?? 0
  )
}

/** A customer's quotes by status, outcome and currency. */
export function readCustomerSums(db: ReadableDb, customerId: string): (StatusSum & { outcome: string | null })[] {
  return db.all(
    `SELECT status, outcome, currency, count(*) AS count, sum(value_minor) AS value_minor FROM quotes
     WHERE customer_id = ? GROUP BY status, outcome, currency`,
    customerId,
  )
}

/** The customer's other quotes, open ones first, then by what changed last. */
export function readOtherRows(db: ReadableDb, customerId: string, exceptId: string, limit: number): number[] {
  return db.values<number>(
    `SELECT row FROM quotes WHERE customer_id = ? AND id <> ? ORDER BY ${open} DESC, updated_at DESC, row LIMIT ?`,
    customerId,
    exceptId,
    limit,
  )
}
