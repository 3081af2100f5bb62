import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import { type Applying, applyChange, createApplying, removeQuote } from './apply-change.ts'
import type { ExpiryMemo } from './expiry-memo.ts'
import { entriesOf } from './outbox-store.ts'
import { dropEntry, rebase } from './overlay.ts'
import type { WritableDb } from './sql.ts'
import { type Cursor, writeCursor } from './stream-cursors.ts'

const chunkRows = 1_000

/**
 * Rows of a snapshot are kept aside while its pages come in, so that the switch to them is one transaction. The stage is
 * a temporary table: bounded memory, gone with the process. Beginning empties what an interrupted attempt has left.
 */
export function beginStage(db: WritableDb, stream: string): void {
  db.run('CREATE TEMP TABLE IF NOT EXISTS snapshot_stage (n INTEGER PRIMARY KEY, stream TEXT, change TEXT NOT NULL)')
  db.run('DELETE FROM snapshot_stage WHERE stream = ?', stream)
}

/** @param rows one JSON text of a StreamChange each */
export function addToStage(db: WritableDb, stream: string, rows: readonly string[]): void {
  for (const row of rows) db.run('INSERT INTO snapshot_stage (stream, change) VALUES (?, ?)', stream, row)
}

/** The staged rows in order; the stage is empty afterwards. */
export function* takeStaged(db: WritableDb, stream: string): Generator<StreamChange> {
  let after = 0
  for (;;) {
    const chunk = db.all<{ n: number; change: string }>(
      'SELECT n, change FROM snapshot_stage WHERE stream = ? AND n > ? ORDER BY n LIMIT ?',
      stream,
      after,
      chunkRows,
    )
    for (const { n, change } of chunk) {
      after = n
      yield JSON.parse(change) as StreamChange
    }
    if (chunk.length < chunkRows) break
  }
  db.run('DELETE FROM snapshot_stage WHERE stream = ?', stream)
}

/**
 * I7, I12, I13: the stream becomes exactly the snapshot at (epoch, seq), in the caller's transaction. The outbox stays:
 * edits that the snapshot contains go, edits acknowledged by a history that is no more are sent again.
 */
export function replaceStream(
  db: WritableDb,
  expiry: ExpiryMemo,
  stream: string,
  cursor: Cursor,
  rows: Iterable<StreamChange>,
): void {
  const applying = createApplying(db, expiry)
  const present = new Set<string>()
  for (const change of rows) {
    present.add(entityOf(change))
    if (change.type === 'quote.added') db.run('DELETE FROM history WHERE quote = ?', change.data.quote.id)
    applyChange(applying, stream, cursor.epoch, change)
  }
  sweep(applying, stream, present)
  settleAcknowledged(applying, stream, cursor)
  writeCursor(db, stream, cursor)
}

function entityOf(change: StreamChange): string {
  return change.type === 'quote.added' || change.type === 'quote.changed' ? change.data.quote.id : change.data.id
}

function sweep(applying: Applying, stream: string, present: ReadonlySet<string>): void {
  const { db } = applying
  for (const id of db.values<string>('SELECT id FROM quotes WHERE stream = ?', stream)) {
    if (!present.has(id)) removeQuote(applying, id, stream)
  }
  if (stream.startsWith('org:')) sweepDirectory(applying, present)
}

/** Customers, people, teams and the workspace come from the org stream alone. */
export function sweepDirectory({ db, names }: Applying, present: ReadonlySet<string>): void {
  for (const table of ['customers', 'people', 'teams', 'workspace'] as const) {
    for (const id of db.values<string>(`SELECT id FROM ${table}`)) {
      if (!present.has(id)) db.run(`DELETE FROM ${table} WHERE id = ?`, id)
    }
  }
  names.forget()
  db.touched.directory()
}

function settleAcknowledged(applying: Applying, stream: string, cursor: Cursor): void {
  const { db, overlay } = applying
  const acknowledged = db.all<{ entry: number; quote: string; ack_epoch: string; ack_seq: number }>(
    `SELECT entry, quote, ack_epoch, ack_seq FROM outbox WHERE state = 'acknowledged' AND ack_stream = ?`,
    stream,
  )
  for (const { entry, quote, ack_epoch, ack_seq } of acknowledged) {
    if (ack_epoch !== cursor.epoch) {
      // Under its old number: a history that does contain it answers as it did, any other asks for numbering again.
      db.run(`UPDATE outbox SET state = 'waiting' WHERE entry = ?`, entry)
      db.touched.outbox()
    } else if (ack_seq <= cursor.seq) {
      dropEntry(db, overlay, entry)
      rebase(applying, quote)
    }
  }
}

/**
 * I16: nothing of a stream that this person may no longer read stays behind. Unanswered edits keep waiting for their
 * answer; an accepted one is settled, for the event it waits for will not come any more (I5).
 */
export function purgeStream(db: WritableDb, expiry: ExpiryMemo, stream: string): void {
  const applying = createApplying(db, expiry)
  const affected = db.values<string>('SELECT id FROM quotes WHERE stream = ?', stream)
  sweep(applying, stream, new Set())
  db.run(`DELETE FROM outbox WHERE state = 'acknowledged' AND ack_stream = ?`, stream)
  db.touched.outbox()
  for (const id of affected) {
    if (entriesOf(db, id).length === 0) db.run('DELETE FROM alerts WHERE quote = ?', id)
  }
  db.run('DELETE FROM streams WHERE stream = ?', stream)
  db.touched.streams()
}
