import { type HistoryEntry, type Quote, quoteSchema } from '../../domain/quote.ts'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import { teamStream } from '../../domain/wire/stream-name.ts'
import type { Tx } from '../store/tx.ts'

/** A quote before the server gave it a number. */
export type NewQuote = Omit<Quote, 'quote_id' | 'revision' | 'version'>
/** What happened to it so far, oldest first; versions and the place in the log are given here. */
export type PastEntry = Omit<HistoryEntry, 'quote' | 'version' | 'stream' | 'seq'>

/**
 * Adds a quote with its whole past as one event `quote.added` and gives it the next number. The past must not be empty:
 * its length is the quote's version.
 * @throws ZodError when the quote is not a valid one
 */
export async function addQuote(tx: Tx, quote: NewQuote, past: readonly PastEntry[]): Promise<Quote> {
  if (past.length === 0) throw new RangeError('a quote needs at least the history entry of how it came to be')
  const numbered = quoteSchema.parse({
    ...quote,
    quote_id: await tx.nextQuoteNumber(),
    revision: 1,
    version: past.length,
  })
  await tx.saveQuote(numbered)
  const event = await tx.appendEvent(teamStream(quote.team_id), ({ stream, seq }) => ({
    type: 'quote.added',
    data: {
      quote: numbered,
      history: past.map((entry, index) => ({ ...entry, quote: numbered.id, version: index + 1, stream, seq })),
    },
  }))
  await saveHistory(tx, event)
  return numbered
}

/** A new draft made by a person now. */
export function createQuote(
  tx: Tx,
  draft: Pick<
    Quote,
    | 'id'
    | 'team_id'
    | 'owner_id'
    | 'customer_id'
    | 'title'
    | 'value_minor'
    | 'currency'
    | 'lines'
    | 'expires_on'
    | 'time_zone'
  >,
  actorId: string | null,
): Promise<Quote> {
  return addQuote(
    tx,
    {
      ...draft,
      status: 'draft',
      outcome: null,
      reason: null,
      sent_at: null,
      closed_at: null,
      created_at: tx.at,
      updated_at: tx.at,
    },
    [
      {
        kind: 'created',
        from_status: null,
        to_status: 'draft',
        outcome: null,
        reason: null,
        actor_id: actorId,
        at: tx.at,
      },
    ],
  )
}

async function saveHistory(tx: Tx, event: StreamEvent): Promise<void> {
  if (event.change.type !== 'quote.added') return
  for (const entry of event.change.data.history) await tx.addHistory(entry)
}
