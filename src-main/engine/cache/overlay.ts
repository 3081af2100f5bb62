import type { Quote } from '../../../domain/quote.ts'
import { anyPending, disputedQuotes, hasPending, pendingOf } from './outbox-store.ts'
import { withEdit } from './pending-edit.ts'
import { type StoredQuote, toQuote } from './quote-row.ts'
import { deleteQuote, putQuote, type QuoteWriting, readStored } from './quote-store.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/**
 * I15: what is shown = confirmed ⊕ pending. A quote with pending changes keeps the server's word aside, null when the
 * server has not told of it; its shown row is made from that word and the changes again whenever either moves.
 */
export interface Overlay {
  has: (quote: string) => boolean
  /** Whether a copy of the server's word may be left from an entry that went in this transaction. */
  mayBeAside: boolean
  /** Whether a conflict about it waits for a person, who compares with the server's word. */
  isDisputed: (quote: string) => boolean
}

/** For one transaction, in which entries may go but none comes. */
export function createOverlay(db: ReadableDb): Overlay {
  const any = anyPending(db)
  const disputed = new Set(disputedQuotes(db))
  return {
    has: (quote) => any && hasPending(db, quote),
    mayBeAside: any,
    isDisputed: (quote) => disputed.has(quote),
  }
}

interface Confirmed {
  stream: string
  quote: Quote
}

interface Aside {
  stream: string
  quote: Quote | null
}

function readAside(db: ReadableDb, id: string): Aside | null {
  const aside = db.get<{ stream: string; quote: string }>('SELECT stream, quote FROM quote_confirmed WHERE id = ?', id)
  return aside ? { stream: aside.stream, quote: JSON.parse(aside.quote) as Quote | null } : null
}

export function isAside(db: ReadableDb, id: string): boolean {
  return db.value<number>('SELECT 1 FROM quote_confirmed WHERE id = ?', id) !== undefined
}

/** The server's word on a quote, whether or not changes are pending; null also for one that exists only here. */
export function readConfirmed(db: ReadableDb, id: string): Confirmed | null {
  const aside = readAside(db, id)
  if (aside) return aside.quote && { stream: aside.stream, quote: aside.quote }
  const stored = readStored(db, id)
  return stored ? { stream: stored.stream, quote: toQuote(stored) } : null
}

/** The server's word has come: shown at once, or set aside and shown with the pending changes on top. */
export function putConfirmed(
  writing: QuoteWriting,
  overlay: Overlay,
  quote: Quote,
  stream: string,
  before: StoredQuote | null,
): void {
  if (overlay.isDisputed(quote.id)) writing.db.touched.outbox()
  if (!overlay.has(quote.id)) {
    if (overlay.mayBeAside) dropAside(writing.db, quote.id)
    putQuote(writing, quote, stream, before)
    return
  }
  setAside(writing.db, quote.id, stream, quote)
  rebase(writing, quote.id)
}

/** Keeps the server's word for as long as changes are pending. @param quote null: it exists only here */
export function setAside(db: WritableDb, id: string, stream: string, quote: Quote | null): void {
  db.run(
    `INSERT INTO quote_confirmed VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET stream = excluded.stream, quote = excluded.quote`,
    id,
    stream,
    JSON.stringify(quote),
  )
}

export function dropAside(db: WritableDb, id: string): void {
  db.run('DELETE FROM quote_confirmed WHERE id = ?', id)
}

/** Makes the shown row again from the server's word and what is pending; forgets the copy when nothing is. */
export function rebase(writing: QuoteWriting, id: string): void {
  const { db } = writing
  const stored = readStored(db, id)
  const aside = readAside(db, id)
  const stream = aside?.stream ?? stored?.stream
  // The quote has left this person's sight; its entries are answered by the server all the same.
  if (stream === undefined) return
  const confirmed = aside ? aside.quote : stored && toQuote(stored)
  const pending = pendingOf(db, id)
  const shown = pending.reduce<Quote | null>(withEdit, confirmed)
  if (pending.length === 0 || !shown) dropAside(db, id)
  if (shown) putQuote(writing, shown, stream, stored)
  else deleteQuote(db, id)
}
