import type { MutationResult } from '../../../domain/wire/sync-http.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { isOutOfSight } from '../cache/out-of-sight.ts'
import { acknowledge, deleteEntry, type NumberedEdit, type Refusal, refuse } from '../cache/outbox-store.ts'
import { rebase } from '../cache/overlay.ts'
import type { ReadableDb, WritableDb } from '../cache/sql.ts'
import { type Cursor, readCursor } from '../cache/stream-cursors.ts'

/** Stores the server's answers to a batch. An entry whose event was applied before its answer came is gone already. */
export function settleBatch(cache: Cache, results: readonly MutationResult[]): void {
  cache.transact((db) => {
    const cursors = new Map<string, Cursor | null>()
    const cursorOf = (stream: string) => {
      let cursor = cursors.get(stream)
      if (cursor === undefined) {
        cursor = readCursor(db, stream)
        cursors.set(stream, cursor)
      }
      return cursor
    }
    // Of each quote once, however many of its edits were answered.
    const moved = new Set<string>()
    for (const result of results) {
      if (
        result.outcome === 'committed' &&
        !isReached(cursorOf(result.stream), result) &&
        !isOutOfSight(db, result.stream)
      ) {
        // I15: until its event is applied here it stays on top of what the server said; what is shown does not move.
        acknowledge(db, result.mutation_id, result)
        continue
      }
      const waiting = waitingAs(db, result.mutation_id)
      if (!waiting) continue
      if (result.outcome === 'committed') deleteEntry(db, waiting.entry)
      else settleRefusal(db, waiting, result)
      if (waiting.quote !== null) moved.add(waiting.quote)
    }
    const writing = { db, names: createNames(db), expiry: cache.expiry }
    for (const quote of moved) rebase(writing, quote)
  })
}

const isReached = (cursor: Cursor | null, { epoch, seq }: Cursor): boolean =>
  cursor?.epoch === epoch && cursor.seq >= seq

type Waiting = Pick<NumberedEdit, 'entry' | 'quote'> & { name: string }

function waitingAs(db: ReadableDb, mutationId: number): Waiting | undefined {
  return db.get(`SELECT entry, quote, name FROM outbox WHERE mutation_id = ? AND state = 'waiting'`, mutationId)
}

/** A mark of an alert that the server does not take is nothing a person could mend: it counts here alone. */
function settleRefusal(db: WritableDb, { entry, name }: Pick<Waiting, 'entry' | 'name'>, refusal: Refusal): void {
  if (name === 'alert.mark') deleteEntry(db, entry)
  else refuse(db, entry, refusal)
}

/** The server will never take this one: undone here, in the server's words, so that the rest can go on. */
export function settleUnreadable(
  cache: Cache,
  { entry, quote, body, mutation_id }: NumberedEdit,
  message: string,
): void {
  cache.transact((db) => {
    // It may have been let go of while it was under way.
    if (waitingAs(db, mutation_id)?.entry !== entry) return
    settleRefusal(db, { entry, name: body.name }, { code: 'invalid_request', message, conflicts: [] })
    if (quote !== null) rebase({ db, names: createNames(db), expiry: cache.expiry }, quote)
  })
}
