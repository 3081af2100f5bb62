import { permissions } from '../../../domain/permissions.ts'
import { type Quote } from '../../../domain/quote.ts'
import { applyTransition, checkTransition, type Transition } from '../../../domain/workflow.ts'
import { deleteEntry, entriesOf, type OutboxEntry, quotesWithPending } from './outbox-store.ts'
import { type StoredQuote, toQuote } from './quote-row.ts'
import { putQuote, type QuoteWriting, readStored } from './quote-store.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/**
 * I15: what is shown = confirmed ⊕ pending. A quote with pending changes keeps the server's word aside; its shown row
 * is made from that word and the changes again whenever either moves.
 */
export interface Overlay {
  has: (quote: string) => boolean
  /** After the outbox gained or lost an entry of this quote. */
  refresh: () => void
}

export function createOverlay(db: ReadableDb): Overlay {
  let pending = new Set(quotesWithPending(db))
  return {
    has: (quote) => pending.has(quote),
    refresh: () => {
      pending = new Set(quotesWithPending(db))
    },
  }
}

interface Confirmed {
  stream: string
  quote: Quote
}

/** The server's word on a quote, whether or not changes are pending. */
export function readConfirmed(db: ReadableDb, id: string): Confirmed | null {
  const aside = db.get<{ stream: string; quote: string }>('SELECT stream, quote FROM quote_confirmed WHERE id = ?', id)
  if (aside) return { stream: aside.stream, quote: JSON.parse(aside.quote) as Quote }
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
  if (!overlay.has(quote.id)) {
    putQuote(writing, quote, stream, before)
    return
  }
  saveConfirmed(writing.db, quote, stream)
  rebase(writing, quote.id)
}

export function saveConfirmed(db: WritableDb, quote: Quote, stream: string): void {
  db.run(
    `INSERT INTO quote_confirmed VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET stream = excluded.stream, quote = excluded.quote`,
    quote.id,
    stream,
    JSON.stringify(quote),
  )
}

/** Makes the shown row again from the server's word and what is pending; forgets the copy when nothing is. */
export function rebase(writing: QuoteWriting, id: string): void {
  const { db } = writing
  const confirmed = readConfirmed(db, id)
  // The quote has left this person's sight; the entry is answered by the server all the same.
  if (!confirmed) return
  const pending = entriesOf(db, id).filter((entry) => entry.state !== 'refused')
  if (pending.length === 0) db.run('DELETE FROM quote_confirmed WHERE id = ?', id)
  putQuote(writing, pending.reduce(withEntry, confirmed.quote), confirmed.stream, readStored(db, id))
}

/** The edit's event has come: the server's word now contains it. */
export function dropEntry(db: WritableDb, overlay: Overlay, entry: number): void {
  deleteEntry(db, entry)
  overlay.refresh()
}

const everyPermission = { kind: 'person', permissions: new Set(permissions) } as const

/** A change that no longer fits what the server says is not shown; the server's answer to it decides. */
function withEntry(quote: Quote, entry: OutboxEntry): Quote {
  const transition = transitionOf(entry)
  const check = checkTransition(quote, transition, everyPermission, 0)
  return entry.state === 'acknowledged' || check.ok
    ? applyTransition(quote, transition, entry.reason, entry.queued_at)
    : quote
}

/** @throws when the entry closes without an outcome: the append refuses that */
export function transitionOf(entry: Pick<OutboxEntry, 'to_status' | 'outcome'>): Transition {
  if (entry.to_status !== 'closed') return { to: entry.to_status }
  if (entry.outcome === null) throw new Error('a change to closed needs an outcome')
  return { to: 'closed', outcome: entry.outcome }
}
