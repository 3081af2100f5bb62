import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import type { StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'

/** What the log says there is: `kind id` → the thing as JSON text with sorted keys. */
export type FoldedState = Map<string, string>

/** JSON with sorted keys, so that equal things are equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

function putQuote(state: FoldedState, quote: Quote, entries: readonly HistoryEntry[]): void {
  state.set(`quote ${quote.id}`, canonical(quote))
  for (const entry of entries) state.set(`history ${entry.quote} ${entry.version}`, canonical(entry))
}

function removeQuote(state: FoldedState, id: string): void {
  state.delete(`quote ${id}`)
  for (const key of state.keys()) if (key.startsWith(`history ${id} `)) state.delete(key)
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
      state.set(`${change.type.split('.')[0]} ${change.data.id}`, canonical(change.data))
      break
    default:
      change satisfies never
  }
}
