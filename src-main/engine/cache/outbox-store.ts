import type { Outcome, Status } from '../../../domain/quote.ts'
import type { refusalCodes } from '../../../domain/rpc/quotes.ts'
import type { Mutation } from '../../../domain/wire/sync-http.ts'
import { readMeta, writeMeta } from './meta.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

export type RefusalCode = (typeof refusalCodes)[number]

/** One edit on its way. `entry` is its name on this machine, `mutation_id` its place in what the server is told. */
export interface OutboxEntry {
  entry: number
  mutation_id: number | null
  quote: string
  quote_label: string
  customer_name: string | null
  base_version: number
  to_status: Status
  outcome: Outcome | null
  reason: string | null
  queued_at: string
  state: 'waiting' | 'acknowledged' | 'refused'
  code: RefusalCode | null
  message: string | null
  ack_stream: string | null
  ack_epoch: string | null
  ack_seq: number | null
}

export type NewEntry = Pick<
  OutboxEntry,
  'quote' | 'quote_label' | 'customer_name' | 'base_version' | 'to_status' | 'outcome' | 'reason' | 'queued_at'
>

export function listEntries(db: ReadableDb): OutboxEntry[] {
  return db.all<OutboxEntry>('SELECT * FROM outbox ORDER BY entry')
}

export function entriesOf(db: ReadableDb, quote: string): OutboxEntry[] {
  return db.all<OutboxEntry>('SELECT * FROM outbox WHERE quote = ? ORDER BY entry', quote)
}

export function readEntry(db: ReadableDb, entry: number): OutboxEntry | null {
  return db.get<OutboxEntry>('SELECT * FROM outbox WHERE entry = ?', entry) ?? null
}

export function countEntries(db: ReadableDb): { pending: number; refused: number } {
  const refused = db.value<number>(`SELECT count(*) FROM outbox WHERE state = 'refused'`) ?? 0
  const all = db.value<number>('SELECT count(*) FROM outbox') ?? 0
  return { pending: all - refused, refused }
}

/** Quotes whose shown row is not what the server said. */
export function quotesWithPending(db: ReadableDb): string[] {
  return db.values<string>(`SELECT DISTINCT quote FROM outbox WHERE state <> 'refused'`)
}

export function appendEntry(db: WritableDb, entry: NewEntry): number {
  db.touched.outbox()
  return db.run(
    `INSERT INTO outbox (quote, quote_label, customer_name, base_version, to_status, outcome, reason, queued_at, state)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')`,
    entry.quote,
    entry.quote_label,
    entry.customer_name,
    entry.base_version,
    entry.to_status,
    entry.outcome,
    entry.reason,
    entry.queued_at,
  ).row
}

export function deleteEntry(db: WritableDb, entry: number): void {
  db.run('DELETE FROM outbox WHERE entry = ?', entry)
  db.touched.outbox()
}

/**
 * The next edits to send, in order. Ids are given here, in a transaction of their own before anything leaves: a retry
 * after a crash then carries the same ids, and the server answers what it did the first time.
 */
export function takeBatch(db: WritableDb, limit: number): OutboxEntry[] {
  const batch = db.all<OutboxEntry>(`SELECT * FROM outbox WHERE state = 'waiting' ORDER BY entry LIMIT ?`, limit)
  let next = Number(readMeta(db, 'next_mutation_id') ?? '1')
  const first = next
  for (const entry of batch) {
    if (entry.mutation_id !== null) continue
    entry.mutation_id = next
    db.run('UPDATE outbox SET mutation_id = ? WHERE entry = ?', next, entry.entry)
    next += 1
  }
  if (next !== first) writeMeta(db, 'next_mutation_id', String(next))
  return batch
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

export function acknowledge(db: WritableDb, entry: number, at: { stream: string; epoch: string; seq: number }): void {
  db.run(
    `UPDATE outbox SET state = 'acknowledged', ack_stream = ?, ack_epoch = ?, ack_seq = ? WHERE entry = ?`,
    at.stream,
    at.epoch,
    at.seq,
    entry,
  )
  db.touched.outbox()
}

export function refuse(db: WritableDb, entry: number, code: RefusalCode, message: string): void {
  db.run(`UPDATE outbox SET state = 'refused', code = ?, message = ? WHERE entry = ?`, code, message, entry)
  db.touched.outbox()
}

export function toMutation(entry: OutboxEntry): Mutation {
  if (entry.mutation_id === null) throw new Error(`outbox entry ${entry.entry} has no mutation id yet`)
  return {
    name: 'quote.change_status',
    mutation_id: entry.mutation_id,
    quote: entry.quote,
    base_version: entry.base_version,
    to: entry.to_status,
    outcome: entry.outcome,
    reason: entry.reason,
  }
}
