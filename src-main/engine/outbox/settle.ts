import type { MutationResult } from '../../../domain/wire/sync-http.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { acknowledge, deleteEntry, type OutboxEntry, readEntry, refuse } from '../cache/outbox-store.ts'
import { rebase } from '../cache/overlay.ts'
import type { WritableDb } from '../cache/sql.ts'
import { readCursor } from '../cache/stream-cursors.ts'

/** Stores the server's answers to a batch. An entry whose event was applied before its answer came is gone already. */
export function settleBatch(cache: Cache, results: readonly MutationResult[]): void {
  cache.transact((db) => {
    for (const result of results) {
      const entry = db.get<OutboxEntry>(
        `SELECT * FROM outbox WHERE mutation_id = ? AND state = 'waiting'`,
        result.mutation_id,
      )
      if (!entry) continue
      if (result.outcome === 'committed') commit(db, entry, result)
      else refuse(db, entry.entry, result.code, result.message)
      rebase({ db, names: createNames(db), expiry: cache.expiry }, entry.quote)
    }
  })
}

/** The server will never take this one: undone here, in the server's words, so that the rest can go on. */
export function settleUnreadable(cache: Cache, { entry, quote }: OutboxEntry, message: string): void {
  cache.transact((db) => {
    // It may have been let go of while it was under way.
    if (readEntry(db, entry)?.state !== 'waiting') return
    refuse(db, entry, 'invalid_request', message)
    rebase({ db, names: createNames(db), expiry: cache.expiry }, quote)
  })
}

/** I15: until its event is applied here the change stays on top of what the server said. */
function commit(db: WritableDb, entry: OutboxEntry, result: Extract<MutationResult, { outcome: 'committed' }>): void {
  const cursor = readCursor(db, result.stream)
  if (cursor?.epoch === result.epoch && cursor.seq >= result.seq) deleteEntry(db, entry.entry)
  else acknowledge(db, entry.entry, result)
}
