import type { ChangedFields, HistoryEntry } from '../../../domain/quote.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

const json = (fields: ChangedFields | null): string | null => fields && JSON.stringify(fields)

export function putHistory(db: WritableDb, entry: HistoryEntry): void {
  db.run(
    `INSERT OR REPLACE INTO history (quote, version, kind, from_status, to_status, outcome, reason, actor_id, at, stream,
       seq, note, before, after) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
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
    entry.note,
    json(entry.before),
    json(entry.after),
  )
  db.watcher.entry(db, entry)
}

export type NamedHistoryEntry = HistoryEntry & { actor_name: string | null }
type HistoryRow = Omit<NamedHistoryEntry, 'before' | 'after'> & { before: string | null; after: string | null }

const fields = (text: string | null): ChangedFields | null =>
  text === null ? null : (JSON.parse(text) as ChangedFields)

export function readHistoryEntry(db: ReadableDb, quote: string, version: number): NamedHistoryEntry | null {
  return readHistory(db, quote).find((entry) => entry.version === version) ?? null
}

/** Every change of a quote as the server told it, oldest first. */
export function readEntries(db: ReadableDb, quote: string): HistoryEntry[] {
  const rows = db.all<Omit<HistoryRow, 'actor_name'>>('SELECT * FROM history WHERE quote = ? ORDER BY version', quote)
  return rows.map((row) => ({ ...row, before: fields(row.before), after: fields(row.after) }))
}

/** The same with who it was, by name. */
export function readHistory(db: ReadableDb, quote: string): NamedHistoryEntry[] {
  const rows = db.all<HistoryRow>(
    `SELECT history.*, people.name AS actor_name FROM history LEFT JOIN people ON people.id = history.actor_id
     WHERE quote = ? ORDER BY version`,
    quote,
  )
  return rows.map((row) => ({ ...row, before: fields(row.before), after: fields(row.after) }))
}
