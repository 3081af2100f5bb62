import type { HistoryEntry } from '../../../domain/quote.ts'
import { readEntries } from './history-store.ts'
import type { WritableDb } from './sql.ts'

/**
 * A restored backup forgets the newest versions of a quote and gives their numbers to other changes. An edit that still
 * named one of them as its base would seem to know those changes, and overwrite them unseen: it names the last version
 * that both histories share. To be called before what is kept of the quote is replaced.
 * @param history as the server has it now
 */
export function lowerBases(db: WritableDb, quote: string, history: readonly HistoryEntry[]): void {
  const waiting = db.all<{ entry: number; base: number }>(
    `SELECT entry, json_extract(body, '$.base_version') AS base FROM outbox
     WHERE quote = ? AND state <> 'refused' AND json_extract(body, '$.base_version') IS NOT NULL`,
    quote,
  )
  if (waiting.length === 0) return
  const shared = lastShared(readEntries(db, quote), history)
  for (const { entry, base } of waiting) {
    if (base <= shared) continue
    db.run(`UPDATE outbox SET body = json_set(body, '$.base_version', ?) WHERE entry = ?`, shared, entry)
    db.touched.outbox()
  }
}

/** Where an entry stands in the log tells one from another with the same number. */
function lastShared(known: readonly HistoryEntry[], told: readonly HistoryEntry[]): number {
  const now = new Map(told.map((entry) => [entry.version, entry]))
  const lost = known.find(({ version, stream, seq, at }) => {
    const entry = now.get(version)
    return entry?.stream !== stream || entry.seq !== seq || entry.at !== at
  })
  const newest = told.at(-1)?.version ?? 1
  return Math.max(1, lost ? Math.min(newest, lost.version - 1) : newest)
}
