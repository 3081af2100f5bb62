import canonicalize from 'canonicalize'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import type { StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'

/** What the log says there is: `kind id` → the thing as JSON text with sorted keys. */
export type FoldedState = Map<string, string>

/** Canonical JSON (RFC 8785): equal things are equal texts, in every program that follows it. */
export function canonical(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('this value has no JSON form')
  return text
}

function putQuote(state: FoldedState, quote: Quote, entries: readonly HistoryEntry[]): void {
  state.set(`quote ${quote.id}`, canonical(quote))
  for (const entry of entries) state.set(`history ${entry.quote} ${entry.version}`, canonical(entry))
}

/** A quote's history has the versions 1 to its own, so nothing has to be searched for. */
function removeQuote(state: FoldedState, id: string): void {
  const quote = state.get(`quote ${id}`)
  if (quote === undefined) return
  const { version } = JSON.parse(quote) as Quote
  state.delete(`quote ${id}`)
  for (let entry = version; entry > 0; entry -= 1) state.delete(`history ${id} ${entry}`)
}

/** Applies one event of one stream, exactly as a client does. */
export function foldEvent(state: FoldedState, { change }: Pick<StreamEvent, 'change'>): void {
  foldChange(state, change)
}

export function foldChange(state: FoldedState, change: StreamChange): void {
  switch (change.type) {
    case 'quote.added':
      putQuote(state, change.data.quote, change.data.history)
      break
    case 'quote.changed':
      putQuote(state, change.data.quote, [change.data.entry])
      break
    case 'quote.removed':
      removeQuote(state, change.data.id)
      break
    case 'customer.saved':
    case 'team.saved':
    case 'person.saved':
    case 'workspace.saved':
    case 'policy.saved':
    case 'settings.saved':
      state.set(`${change.type.split('.')[0]} ${change.data.id}`, canonical(change.data))
      break
    case 'alert.saved':
      state.set(`alert ${change.data.key}`, canonical(change.data))
      break
    default:
      change satisfies never
  }
}
