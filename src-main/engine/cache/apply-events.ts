import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import { type Applying, applyChange, createApplying } from './apply-change.ts'
import type { ExpiryMemo } from './expiry-memo.ts'
import { readMeta } from './meta.ts'
import { deleteEntry } from './outbox-store.ts'
import { isAside, rebase } from './overlay.ts'
import type { WritableDb } from './sql.ts'
import { readCursor, writeCursor } from './stream-cursors.ts'

/** The log does not go on where the cursor stands; nothing of the batch was applied. */
export class NotNextError extends Error {
  override name = 'NotNextError'
}

/**
 * I6, I7: appends the next stretch of one stream to what is applied, rows and cursor in the caller's transaction.
 * @param events seq cursor+1, cursor+2 …
 * @throws NotNextError on a hole, another stream or another epoch
 */
export function applyEvents(db: WritableDb, expiry: ExpiryMemo, stream: string, events: Iterable<StreamEvent>): void {
  const cursor = readCursor(db, stream)
  let epoch = cursor?.epoch
  const applying = createApplying(db, expiry)
  const clientId = readMeta(db, 'client_id')
  let seq = cursor?.seq ?? 0
  for (const { place, change } of events) {
    epoch ??= place.epoch
    if (place.stream !== stream || place.epoch !== epoch || place.seq !== seq + 1) {
      throw new NotNextError(
        `${stream} stands at ${epoch}/${seq}, but ${place.stream} ${place.epoch}/${place.seq} came`,
      )
    }
    seq = place.seq
    const quote = place.origin?.client_id === clientId ? takeEntry(db, place.origin.mutation_id) : null
    applyChange(applying, stream, epoch, change)
    // The change was an older word than what another stream has told: the edit goes all the same.
    if (quote !== null && isAside(db, quote)) rebase(applying, quote)
  }
  if (epoch === undefined) return
  settleByPlace(applying, stream, epoch, seq)
  writeCursor(db, stream, { epoch, seq })
}

/** I15: a pending edit goes in the transaction that applies its event. @returns its quote, if it is about one */
function takeEntry(db: WritableDb, mutationId: number): string | null {
  const entry = db.get<{ entry: number; quote: string | null }>(
    `SELECT entry, quote FROM outbox WHERE mutation_id = ? AND state <> 'refused'`,
    mutationId,
  )
  if (!entry) return null
  deleteEntry(db, entry.entry)
  return entry.quote
}

/** Acknowledged under an earlier client id: no event names it any more, its place in the log does. */
function settleByPlace(applying: Applying, stream: string, epoch: string, seq: number): void {
  const { db } = applying
  const reached = db.all<{ entry: number; quote: string | null }>(
    `SELECT entry, quote FROM outbox
     WHERE state = 'acknowledged' AND mutation_id IS NULL AND ack_stream = ? AND ack_seq <= ? AND ack_epoch = ?`,
    stream,
    seq,
    epoch,
  )
  for (const { entry, quote } of reached) {
    deleteEntry(db, entry)
    if (quote !== null) rebase(applying, quote)
  }
}
