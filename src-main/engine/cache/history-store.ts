import type { HistoryEntry } from '../../../domain/quote.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

export function putHistory(db: WritableDb, entry: HistoryEntry): void {
  db.run(
    'INSERT OR REPLACE INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    entry.quote,
    entry.version,
    entry.kind,
    entry.from_status,
    entry.to_status,
    entry.outcome,
    entry.reason,
    entry.actor_id,
    entry.at,
    entry.stream,
    entry.seq,
  )
}

export type NamedHistoryEntry = HistoryEntry & { actor_name: string | null }

/** Every change of a quote, oldest first. */
export function readHistory(db: ReadableDb, quote: string): NamedHistoryEntry[] {
  return db.all<NamedHistoryEntry>(
    `SELECT history.*, people.name AS actor_name FROM history LEFT JOIN people ON people.id = history.actor_id
     WHERE quote = ? ORDER BY version`,
    quote,
  )
}
