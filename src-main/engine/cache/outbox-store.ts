import type { ChangedFields, Quote } from '../../../domain/quote.ts'
import type { FieldConflict, Mutation } from '../../../domain/wire/sync-http.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { EditBody, OwnBody, RefusalCode } from './outbox-body.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** What the person saw in the fields that an edit changes. */
export type BaseValues = ChangedFields & Partial<Pick<Quote, 'status' | 'outcome' | 'reason'>>

/** One edit of a quote on its way. `entry` is its name on this machine, `mutation_id` its place in what the server is told. */
export interface OutboxEntry {
  entry: number
  mutation_id: number | null
  quote: string
  quote_label: string
  customer_name: string | null
  /** What amounts in it are in. */
  currency: string
  body: EditBody
  base: BaseValues
  queued_at: string
  state: 'waiting' | 'acknowledged' | 'refused'
  code: RefusalCode | null
  message: string | null
  conflicts: FieldConflict[]
  ack_stream: string | null
  ack_epoch: string | null
  ack_seq: number | null
}

export type NewEntry = Pick<
  OutboxEntry,
  'quote' | 'quote_label' | 'customer_name' | 'currency' | 'body' | 'base' | 'queued_at'
>

type EntryRow = Omit<OutboxEntry, 'body' | 'base' | 'conflicts'> & {
  name: string
  body: string
  base: string
  conflicts: string
}

const toEntry = ({ name: _name, ...row }: EntryRow): OutboxEntry => ({
  ...row,
  body: JSON.parse(row.body) as EditBody,
  base: JSON.parse(row.base) as BaseValues,
  conflicts: JSON.parse(row.conflicts) as FieldConflict[],
})

/** Every edit of a quote. */
export function listEntries(db: ReadableDb): OutboxEntry[] {
  return db.all<EntryRow>('SELECT * FROM outbox WHERE quote IS NOT NULL ORDER BY entry').map(toEntry)
}

export function entriesOf(db: ReadableDb, quote: string): OutboxEntry[] {
  return db.all<EntryRow>('SELECT * FROM outbox WHERE quote = ? ORDER BY entry', quote).map(toEntry)
}

/** What stands on top of the server's word on this quote, oldest first. */
export function pendingOf(db: ReadableDb, quote: string): OutboxEntry[] {
  return db
    .all<EntryRow>(`SELECT * FROM outbox WHERE quote = ? AND state <> 'refused' ORDER BY entry`, quote)
    .map(toEntry)
}

export function hasPending(db: ReadableDb, quote: string): boolean {
  return db.value<number>(`SELECT 1 FROM outbox WHERE quote = ? AND state <> 'refused' LIMIT 1`, quote) !== undefined
}

export function anyPending(db: ReadableDb): boolean {
  return db.value<number>(`SELECT 1 FROM outbox WHERE quote IS NOT NULL AND state <> 'refused' LIMIT 1`) === 1
}

export function disputedQuotes(db: ReadableDb): string[] {
  return db.values<string>(
    `SELECT quote FROM outbox WHERE quote IS NOT NULL AND state = 'refused' AND code = 'conflict'`,
  )
}

export function readEntry(db: ReadableDb, entry: number): OutboxEntry | null {
  const row = db.get<EntryRow>('SELECT * FROM outbox WHERE quote IS NOT NULL AND entry = ?', entry)
  return row ? toEntry(row) : null
}

/** Marks of alerts are housekeeping, nothing that a person waits for. */
const byPerson = `name <> 'alert.mark'`

export function countEntries(db: ReadableDb): { pending: number; refused: number } {
  const refused = db.value<number>(`SELECT count(*) FROM outbox WHERE ${byPerson} AND state = 'refused'`) ?? 0
  const all = db.value<number>(`SELECT count(*) FROM outbox WHERE ${byPerson}`) ?? 0
  return { pending: all - refused, refused }
}

export function appendEntry(db: WritableDb, entry: NewEntry): number {
  db.touched.outbox()
  return db.run(
    `INSERT INTO outbox (quote, quote_label, customer_name, currency, name, body, base, queued_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    entry.quote,
    entry.quote_label,
    entry.customer_name,
    entry.currency,
    entry.body.name,
    JSON.stringify(entry.body),
    JSON.stringify(entry.base),
    entry.queued_at,
  ).row
}

export function deleteEntry(db: WritableDb, entry: number): void {
  db.run('DELETE FROM outbox WHERE entry = ?', entry)
  db.touched.outbox()
  db.touched.settings()
}

export interface BatchLimit {
  entries: number
  /** Of the edits as JSON in UTF-8; a single edit goes out however long it is. */
  bytes: number
}

/** As much of an entry as sending it needs. `quote` is null of what is about none. */
export interface NumberedEdit {
  entry: number
  quote: string | null
  mutation_id: number
  body: EditBody | OwnBody
}

/**
 * The next edits to send, in order. Ids are given here, in a transaction of their own before anything leaves: a retry
 * after a crash then carries the same ids, and the server answers what it did the first time.
 */
export function takeBatch(db: WritableDb, limit: BatchLimit): NumberedEdit[] {
  const sizes = db.all<{ entry: number; bytes: number }>(
    `SELECT entry, octet_length(body) AS bytes FROM outbox WHERE state = 'waiting' ORDER BY entry LIMIT ?`,
    limit.entries,
  )
  let bytes = 0
  let last = 0
  for (const next of sizes) {
    bytes += next.bytes
    if (last !== 0 && bytes > limit.bytes) break
    last = next.entry
  }
  numberUpTo(db, last)
  return db
    .all<Omit<NumberedEdit, 'body'> & { body: string }>(
      `SELECT entry, quote, mutation_id, body FROM outbox WHERE state = 'waiting' AND entry <= ? ORDER BY entry`,
      last,
    )
    .map((row) => ({ ...row, body: JSON.parse(row.body) as NumberedEdit['body'] }))
}

function numberUpTo(db: WritableDb, lastEntry: number): void {
  const next = Number(readMeta(db, 'next_mutation_id') ?? '1')
  const { changes } = db.run(
    `UPDATE outbox SET mutation_id = numbered.place + ? FROM (
       SELECT entry, row_number() OVER (ORDER BY entry) - 1 AS place FROM outbox
       WHERE state = 'waiting' AND mutation_id IS NULL AND entry <= ?
     ) AS numbered WHERE outbox.entry = numbered.entry`,
    next,
    lastEntry,
  )
  if (changes === 0) return
  writeMeta(db, 'next_mutation_id', String(next + changes))
  // Views tell what can still be taken back from what is on its way.
  db.touched.outbox()
}

/**
 * The server knows fewer ids than were given (it came back from a backup): what it has forgotten waits again and is
 * numbered again from `expected`. An entry it did answer keeps its answer.
 */
export function renumber(db: WritableDb, expected: number): void {
  db.run(`UPDATE outbox SET state = 'waiting' WHERE mutation_id >= ? AND state = 'acknowledged'`, expected)
  db.run('UPDATE outbox SET mutation_id = NULL WHERE mutation_id >= ?', expected)
  writeMeta(db, 'next_mutation_id', String(expected))
  db.touched.outbox()
}

/**
 * This cache under a new client id, with numbers from 1 for what waits. What was answered under the old id keeps its
 * answer: acknowledged changes go by their place in the log then.
 */
export function renameClient(db: WritableDb, clientId: string): void {
  writeMeta(db, 'client_id', clientId)
  writeMeta(db, 'next_mutation_id', '1')
  db.run('UPDATE outbox SET mutation_id = NULL')
  db.touched.outbox()
}

export interface AckPlace {
  stream: string
  epoch: string
  seq: number
}

/** The server has taken what waits under this number. An entry that is gone or answered already stays as it is. */
export function acknowledge(db: WritableDb, mutationId: number, at: AckPlace): void {
  const { changes } = db.run(
    `UPDATE outbox SET state = 'acknowledged', ack_stream = ?, ack_epoch = ?, ack_seq = ?
     WHERE mutation_id = ? AND state = 'waiting'`,
    at.stream,
    at.epoch,
    at.seq,
    mutationId,
  )
  if (changes > 0) db.touched.outbox()
}

export interface Refusal {
  code: RefusalCode
  message: string
  conflicts: readonly FieldConflict[]
}

export function refuse(db: WritableDb, entry: number, { code, message, conflicts }: Refusal): void {
  db.run(
    `UPDATE outbox SET state = 'refused', code = ?, message = ?, conflicts = ? WHERE entry = ?`,
    code,
    message,
    JSON.stringify(conflicts),
    entry,
  )
  db.touched.outbox()
  db.touched.settings()
}

export const toMutation = ({ mutation_id, body }: NumberedEdit): Mutation => ({ ...body, mutation_id })
