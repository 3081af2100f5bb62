import { type Assignment, type HistoryEntry, type Quote, type QuoteFields, quoteSchema } from '../../domain/quote.ts'
import { newDraft } from '../../domain/quote-edit.ts'
import type { EventPlace } from '../../domain/wire/stream-event.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import type { Origin, Tx } from '../store/tx.ts'
import type { Authorship } from './record-change.ts'

/** A quote before the server gave it a number. */
export type NewQuote = Omit<Quote, 'quote_id' | 'revision' | 'version'>
/** What happened to it so far, oldest first; versions and the place in the log are given here, and no fields are told. */
export type PastEntry = Omit<HistoryEntry, 'quote' | 'version' | 'stream' | 'seq' | 'note' | 'before' | 'after'>

/**
 * Adds a quote with its whole past as one event `quote.added` and gives it the next number. The past must not be empty:
 * its length is the quote's version.
 * @throws ZodError when the quote is not a valid one
 */
export async function addQuote(tx: Tx, quote: NewQuote, past: readonly PastEntry[]): Promise<Quote> {
  return (await addQuoteAt(tx, quote, past, null)).quote
}

/** As `addQuote`, in answer to a mutation of a client. @returns also the place of the event */
export async function addQuoteAt(
  tx: Tx,
  quote: NewQuote,
  past: readonly PastEntry[],
  origin: Origin | null,
): Promise<{ quote: Quote; place: EventPlace }> {
  if (past.length === 0) throw new RangeError('a quote needs at least the history entry of how it came to be')
  const numbered = quoteSchema.parse({
    ...quote,
    quote_id: await tx.nextQuoteNumber(),
    revision: 1,
    version: past.length,
  })
  await tx.saveQuote(numbered)
  const historyAt = ({ stream, seq }: EventPlace): HistoryEntry[] =>
    past.map((entry, index) => ({
      ...entry,
      note: null,
      before: null,
      after: null,
      quote: numbered.id,
      version: index + 1,
      stream,
      seq,
    }))
  const { place } = await tx.appendEvent(
    teamStream(quote.team_id),
    (at) => ({ type: 'quote.added', data: { quote: numbered, history: historyAt(at) } }),
    origin,
  )
  for (const entry of historyAt(place)) await tx.addHistory(entry, origin?.client_id)
  return { quote: numbered, place }
}

/** A new draft made now by a person (or by nobody), without asking whether they may. */
export async function createQuote(
  tx: Tx,
  draft: Pick<Quote, 'id'> & Assignment & QuoteFields,
  actorId: string | null,
): Promise<Quote> {
  return (await addDraft(tx, draft, { actorId, origin: null })).quote
}

export function addDraft(
  tx: Tx,
  { id, team_id, owner_id, ...fields }: Pick<Quote, 'id'> & Assignment & QuoteFields,
  { actorId, origin }: Authorship,
): Promise<{ quote: Quote; place: EventPlace }> {
  const draft = newDraft(id, fields, { team_id, owner_id }, tx.at)
  const { quote_id: _number, revision: _revision, version: _version, ...quote } = draft
  const made = { kind: 'created', from_status: null, to_status: 'draft', outcome: null, reason: null } as const
  return addQuoteAt(tx, quote, [{ ...made, actor_id: actorId, at: tx.at }], origin)
}
