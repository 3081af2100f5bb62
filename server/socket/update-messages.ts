import { toMajorNumber } from '../../domain/money.ts'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import type { QuotationUpdate } from '../../domain/wire/messages.ts'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import { findCustomer } from '../customers/queries.ts'
import type { Deps } from '../deps.ts'
import { type Io, messageRoom } from './types.ts'

/** Tells subscribers of `quotation_update`; costs nothing while a stream has none. */
export function createUpdateMessages(io: Io, { store, log }: Pick<Deps, 'store' | 'log'>) {
  // The customer's name has to be looked up, and the order of changes must survive the looking up.
  let queue: Promise<void> = Promise.resolve()
  return {
    tell: (event: StreamEvent): void => {
      const changed = statusChangeOf(event)
      if (!changed || changed.quote.quote_id === null) return
      const room = messageRoom('quotation_update', event.place.stream)
      if (!io.of('/').adapter.rooms.has(room)) return
      const { quote, entry } = changed
      const quoteId = changed.quote.quote_id
      const tell = async () => {
        const customer = quote.customer_id === null ? null : await findCustomer(store.read, quote.customer_id)
        io.to(room).emit('message', toMessage(event, { ...quote, quote_id: quoteId }, entry, customer?.name ?? null))
      }
      queue = queue.then(tell).catch((error: unknown) => log.error({ err: error }, 'a quotation_update got lost'))
    },
  }
}

function statusChangeOf({ change }: StreamEvent): { quote: Quote; entry: HistoryEntry } | null {
  if (change.type === 'quote.changed' && change.data.entry.kind === 'transition') {
    // Somebody made the very step that another one had made already: no news.
    return change.data.entry.from_status === change.data.entry.to_status ? null : change.data
  }
  if (change.type !== 'quote.added') return null
  // What was imported or moved in is not news of a status.
  const entry = change.data.history.at(-1)
  return entry?.kind === 'created' ? { quote: change.data.quote, entry } : null
}

function toMessage(
  { place }: StreamEvent,
  quote: Quote & { quote_id: number },
  entry: HistoryEntry,
  customer: string | null,
): QuotationUpdate {
  return {
    type: 'quotation_update',
    data: {
      quote_id: quote.quote_id,
      status: entry.to_status,
      previous_status: entry.from_status,
      timestamp: entry.at,
      customer,
      value: toMajorNumber({ minor: quote.value_minor, currency: quote.currency }),
      currency: quote.currency,
      outcome: quote.outcome,
      stream: place.stream,
      epoch: place.epoch,
      seq: place.seq,
    },
  }
}
