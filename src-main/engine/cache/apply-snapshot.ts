import { isDeepStrictEqual } from 'node:util'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import { teamStream } from '../../../domain/wire/stream-name.ts'
import { forgetAlertsOf } from './alert-log.ts'
import { type Applying, applyChange, createApplying, forgetQuote, removeQuote } from './apply-change.ts'
import type { ExpiryMemo } from './expiry-memo.ts'
import { readEntries } from './history-store.ts'
import { lowerBases } from './lower-bases.ts'
import { deleteEntry, entriesOf } from './outbox-store.ts'
import { rebase, setAside } from './overlay.ts'
import { readQuote, readStored } from './quote-store.ts'
import { forgetSaved } from './saved-settings.ts'
import { sweepShared } from './shared-alerts.ts'
import type { ReadableDb, WritableDb } from './sql.ts'
import { type Cursor, writeCursor } from './stream-cursors.ts'

/** Few, so that what a chunk needs is let go of while it is young. */
const chunkRows = 200

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

/** Where the stage ends now: what comes after it can be taken back with `cutStage`. */
export function stageEnd(db: ReadableDb, stream: string): number {
  return db.value<number>('SELECT max(n) FROM snapshot_stage WHERE stream = ?', stream) ?? 0
}

/** A page that came in part only leaves nothing behind. */
export function cutStage(db: WritableDb, stream: string, end: number): void {
  db.run('DELETE FROM snapshot_stage WHERE stream = ? AND n > ?', stream, end)
}

/** What was staged of a stream that will not be switched to. */
export function clearStage(db: WritableDb, stream: string): void {
  db.run('DELETE FROM snapshot_stage WHERE stream = ?', stream)
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
  // On the first sync, the largest, there are none.
  const left = new Set(db.values<string>('SELECT id FROM quotes WHERE stream = ?', stream))
  const present = new Set<string>()
  for (const change of rows) {
    if (change.type === 'quote.added') {
      const { quote, history } = change.data
      // Most of what is fetched again is here already: comparing costs a fraction of writing.
      if (left.delete(quote.id) && isAsStored(applying, quote, history)) continue
      if (applying.overlay.has(quote.id)) lowerBases(db, quote.id, history)
    } else present.add(entityOf(change))
    applyChange(applying, stream, cursor.epoch, change)
  }
  for (const id of left) removeQuote(applying, id, stream)
  sweepRest(applying, stream, present)
  settleAcknowledged(applying, stream, cursor)
  showNew(applying, stream)
  writeCursor(db, stream, cursor)
}

function entityOf(change: Exclude<StreamChange, { type: 'quote.added' }>): string {
  switch (change.type) {
    case 'quote.changed':
      return change.data.quote.id
    case 'alert.saved':
      return change.data.key
    case 'policy.saved':
    case 'settings.saved':
      // Their ids are the workspace's and the person's.
      return change.type
    default:
      return change.data.id
  }
}

/** One with pending changes is not looked at: what lies beneath them has to be set aside anew. */
function isAsStored({ db, overlay }: Applying, quote: Quote, history: readonly HistoryEntry[]): boolean {
  if (overlay.has(quote.id)) return false
  return isDeepStrictEqual(readQuote(db, quote.id), quote) && isDeepStrictEqual(readEntries(db, quote.id), history)
}

function sweepRest(applying: Applying, stream: string, present: ReadonlySet<string>): void {
  if (stream.startsWith('org:')) sweepDirectory(applying, present)
  if (stream.startsWith('user:')) {
    sweepShared(applying.db, (key) => present.has(key))
    if (!present.has('settings.saved')) forgetSaved(applying.db, 'settings')
  }
}

/** Customers, people, teams, the workspace and its policy come from the org stream alone. */
export function sweepDirectory({ db, names }: Applying, present: ReadonlySet<string>): void {
  for (const table of ['customers', 'people', 'teams', 'workspace'] as const) {
    for (const id of db.values<string>(`SELECT id FROM ${table}`)) {
      if (!present.has(id)) db.run(`DELETE FROM ${table} WHERE id = ?`, id)
    }
  }
  if (!present.has('policy.saved')) forgetSaved(db, 'policy')
  names.forget()
  db.touched.directory()
}

/** Quotes made here that the server does not know are of this stream from now on, also after it was out of sight. */
function showNew(applying: Applying, stream: string): void {
  const { db } = applying
  const made = db.all<{ quote: string; team_id: string }>(
    `SELECT quote, json_extract(body, '$.team_id') AS team_id FROM outbox
     WHERE state <> 'refused' AND name = 'quote.create'`,
  )
  for (const { quote, team_id } of made) {
    if (teamStream(team_id) !== stream || readStored(db, quote)) continue
    setAside(db, quote, stream, null)
    rebase(applying, quote)
  }
}

function settleAcknowledged(applying: Applying, stream: string, cursor: Cursor): void {
  const { db } = applying
  const acknowledged = db.all<{ entry: number; quote: string | null; ack_epoch: string; ack_seq: number }>(
    `SELECT entry, quote, ack_epoch, ack_seq FROM outbox WHERE state = 'acknowledged' AND ack_stream = ?`,
    stream,
  )
  for (const { entry, quote, ack_epoch, ack_seq } of acknowledged) {
    if (ack_epoch !== cursor.epoch) {
      // Under its old number: a history that does contain it answers as it did, any other asks for numbering again.
      db.run(`UPDATE outbox SET state = 'waiting' WHERE entry = ?`, entry)
      db.touched.outbox()
    } else if (ack_seq <= cursor.seq) {
      deleteEntry(db, entry)
      if (quote !== null) rebase(applying, quote)
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
  for (const id of affected) forgetQuote(db, id)
  sweepRest(applying, stream, new Set())
  const accepted = db.all<{ entry: number; quote: string | null }>(
    `SELECT entry, quote FROM outbox WHERE state = 'acknowledged' AND ack_stream = ?`,
    stream,
  )
  for (const { entry, quote } of accepted) {
    deleteEntry(db, entry)
    // It may have moved to a stream that is still in sight.
    if (quote !== null) rebase(applying, quote)
  }
  for (const id of affected) {
    if (entriesOf(db, id).length === 0) forgetAlertsOf(db, id)
  }
  db.run('DELETE FROM streams WHERE stream = ?', stream)
  db.touched.streams()
}
