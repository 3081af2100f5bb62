import { addDays, localDate, validUntilMs } from '../../../domain/expiry.ts'
import type { ReadableDb, SqlValue } from './sql.ts'

/** Where a day begins first and last; between them lies every zone's today. */
const firstZone = 'Etc/GMT-14'
const lastZone = 'Etc/GMT+12'

/**
 * Open quotes, still valid, whose last valid day is at most `days` calendar days away where the quote lives (as
 * `daysUntilExpiry` counts), as SQL over `quotes`. An instant decides nearly all of them from the index alone; only of
 * those that run out around the last day, a few days' worth, the row says the zone.
 */
export function expiringTerm(db: ReadableDb, nowMs: number, days: number): { term: string; values: SqlValue[] } {
  const firstDay = addDays(localDate(nowMs, lastZone), days)
  const lastDay = addDays(localDate(nowMs, firstZone), days)
  const surelyMs = validUntilMs({ expires_on: firstDay, time_zone: firstZone })
  const perhapsMs = validUntilMs({ expires_on: lastDay, time_zone: lastZone })
  const zones = db.values<string>(
    `SELECT DISTINCT time_zone FROM quotes INDEXED BY quotes_filter
     WHERE stage IN (1, 2, 3) AND expires_at_ms > ? AND expires_at_ms <= ?`,
    surelyMs,
    perhapsMs,
  )
  // At most three dates at any moment, so at most a few statements to prepare.
  const byLastDay = Map.groupBy(zones, (zone) => addDays(localDate(nowMs, zone), days))
  const near = [...byLastDay].map(([day, there]) => ({
    term: ' OR (expires_on <= ? AND time_zone IN (SELECT value FROM json_each(?)))',
    values: [day, JSON.stringify(there)],
  }))
  return {
    term: `stage IN (1, 2, 3) AND expires_at_ms > ? AND expires_at_ms <= ?
      AND (expires_at_ms <= ?${near.map(({ term }) => term).join('')})`,
    values: [nowMs, perhapsMs, surelyMs, ...near.flatMap(({ values }) => values)],
  }
}
