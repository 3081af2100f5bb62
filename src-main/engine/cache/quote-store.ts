import type { Quote } from '../../../domain/quote.ts'
import type { ExpiryMemo } from './expiry-memo.ts'
import type { Names } from './names.ts'
import { isIncomplete, quoteColumns, type StoredQuote, stageOf, toQuote } from './quote-row.ts'
import { addToSearch, removeFromSearch, searchText } from './search-index.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** What writing quotes needs beside the transaction. */
export interface QuoteWriting {
  db: WritableDb
  names: Names
  expiry: ExpiryMemo
}

/** The quote as shown, null when the cache has none of this id. */
export function readQuote(db: ReadableDb, id: string): Quote | null {
  const stored = db.get<Parameters<typeof toQuote>[0]>(`SELECT ${quoteColumns} FROM quotes WHERE id = ?`, id)
  // Nothing but the quote's columns was read: there is nothing to leave out.
  return stored ? { ...stored, lines: JSON.parse(stored.lines) as Quote['lines'] } : null
}

/** The stored row, all columns; null when the cache has none of this id. */
export function readStored(db: ReadableDb, id: string): StoredQuote | null {
  return db.get<StoredQuote>('SELECT * FROM quotes WHERE id = ?', id) ?? null
}

/**
 * Writes the shown row. Search is touched only when what it holds has changed: re-indexing costs more than the row.
 * @param before the row as stored now, null when there is none
 */
export function putQuote(writing: QuoteWriting, quote: Quote, stream: string, before: StoredQuote | null): void {
  const { db } = writing
  db.touched.quote(quote.id)
  db.watcher.quote(db, before, quote)
  if (!before) insertQuote(writing, quote, stream)
  else if (onlyStatusDiffers(before, quote, stream)) updateStatus(db, before, quote)
  else updateQuote(writing, before, quote, stream)
}

export function deleteQuote(db: WritableDb, id: string): void {
  const before = readStored(db, id)
  if (!before) return
  removeFromSearch(db, before.row)
  db.run('DELETE FROM quotes WHERE row = ?', before.row)
  db.sums.remove(before)
  db.watcher.quote(db, before, null)
  db.run('DELETE FROM history WHERE quote = ?', id)
  db.touched.quote(id)
}

/** Names and search text of quotes again, after someone they name was renamed. */
export function renameIn(writing: QuoteWriting, what: 'customer' | 'owner' | 'team', id: string): void {
  const stale = writing.db.all<StoredQuote>(`SELECT * FROM quotes WHERE ${what}_id = ?`, id)
  for (const before of stale) updateQuote(writing, before, toQuote(before), before.stream)
}

const insertSql = `INSERT INTO quotes (
  id, stream, quote_id, revision, version, stage, status, outcome, value_minor, currency, expires_at_ms, incomplete,
  team_id, owner_id, customer_id, customer_name, owner_name, team_name, title, expires_on, time_zone, updated_at,
  reason, sent_at, closed_at, created_at, lines
) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

function insertQuote({ db, names, expiry }: QuoteWriting, quote: Quote, stream: string): void {
  const customerName = names.customer(quote.customer_id)
  const ownerName = names.owner(quote.owner_id)
  db.sums.add(quote)
  const { row } = db.run(
    insertSql,
    quote.id,
    stream,
    quote.quote_id,
    quote.revision,
    quote.version,
    stageOf(quote.status),
    quote.status,
    quote.outcome,
    quote.value_minor,
    quote.currency,
    expiry(quote.expires_on, quote.time_zone),
    isIncomplete(quote) ? 1 : 0,
    quote.team_id,
    quote.owner_id,
    quote.customer_id,
    customerName,
    ownerName,
    names.team(quote.team_id),
    quote.title,
    quote.expires_on,
    quote.time_zone,
    quote.updated_at,
    quote.reason,
    quote.sent_at,
    quote.closed_at,
    quote.created_at,
    JSON.stringify(quote.lines),
  )
  addToSearch(db, row, searchText({ ...quote, customer_name: customerName, owner_name: ownerName }))
}

/** Everything but what a step of the workflow changes is as before. */
function onlyStatusDiffers(before: StoredQuote, quote: Quote, stream: string): boolean {
  return (
    before.stream === stream &&
    before.quote_id === quote.quote_id &&
    before.revision === quote.revision &&
    before.value_minor === quote.value_minor &&
    before.currency === quote.currency &&
    before.expires_on === quote.expires_on &&
    before.time_zone === quote.time_zone &&
    before.team_id === quote.team_id &&
    before.owner_id === quote.owner_id &&
    before.customer_id === quote.customer_id &&
    before.title === quote.title &&
    // A draft made here gets its birth from the server.
    before.created_at === quote.created_at &&
    before.lines === JSON.stringify(quote.lines)
  )
}

/** Most events are steps of the workflow: this touches three indexes instead of fourteen. */
function updateStatus(db: WritableDb, before: StoredQuote, quote: Quote): void {
  db.sums.remove(before)
  db.sums.add(quote)
  db.run(
    `UPDATE quotes SET version = ?, stage = ?, status = ?, outcome = ?, reason = ?, sent_at = ?, closed_at = ?,
       updated_at = ? WHERE row = ?`,
    quote.version,
    stageOf(quote.status),
    quote.status,
    quote.outcome,
    quote.reason,
    quote.sent_at,
    quote.closed_at,
    quote.updated_at,
    before.row,
  )
}

const updateSql = `UPDATE quotes SET
  stream = ?, quote_id = ?, revision = ?, version = ?, stage = ?, status = ?, outcome = ?, value_minor = ?,
  currency = ?, expires_at_ms = ?, incomplete = ?, team_id = ?, owner_id = ?, customer_id = ?, customer_name = ?,
  owner_name = ?, team_name = ?, title = ?, expires_on = ?, time_zone = ?, updated_at = ?, reason = ?, sent_at = ?,
  closed_at = ?, created_at = ?, lines = ?
  WHERE row = ?`

function updateQuote({ db, names, expiry }: QuoteWriting, before: StoredQuote, quote: Quote, stream: string): void {
  const after = {
    ...quote,
    customer_name: names.customer(quote.customer_id),
    owner_name: names.owner(quote.owner_id),
  }
  db.sums.remove(before)
  db.sums.add(quote)
  db.run(
    updateSql,
    stream,
    quote.quote_id,
    quote.revision,
    quote.version,
    stageOf(quote.status),
    quote.status,
    quote.outcome,
    quote.value_minor,
    quote.currency,
    expiry(quote.expires_on, quote.time_zone),
    isIncomplete(quote) ? 1 : 0,
    quote.team_id,
    quote.owner_id,
    quote.customer_id,
    after.customer_name,
    after.owner_name,
    names.team(quote.team_id),
    quote.title,
    quote.expires_on,
    quote.time_zone,
    quote.updated_at,
    quote.reason,
    quote.sent_at,
    quote.closed_at,
    quote.created_at,
    JSON.stringify(quote.lines),
    before.row,
  )
  db.touched.quote(quote.id)
  const text = searchText(after)
  if (text === searchText({ ...before, lines: toQuote(before).lines })) return
  removeFromSearch(db, before.row)
  addToSearch(db, before.row, text)
}
