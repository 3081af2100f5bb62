import { openStatuses } from '../../domain/quote.ts'
import type { QuoteFilter, QuoteSort } from '../../domain/rpc/quotes.ts'
import { newestFirst, soonestFirst } from '../state/view.ts'

export interface Preset {
  name: string
  filter: Partial<QuoteFilter>
  sort: QuoteSort
}

/** Filters that everybody needs, one click away. */
export const presets: readonly Preset[] = [
  { name: 'Open', filter: { statuses: [...openStatuses] }, sort: soonestFirst },
  { name: 'Drafts', filter: { statuses: ['draft'] }, sort: newestFirst },
  { name: 'Sent', filter: { statuses: ['sent'] }, sort: soonestFirst },
  { name: 'In negotiation', filter: { statuses: ['negotiation'] }, sort: soonestFirst },
  { name: 'Won', filter: { statuses: ['closed'], outcomes: ['won'] }, sort: newestFirst },
  { name: 'Lost', filter: { statuses: ['closed'], outcomes: ['lost'] }, sort: newestFirst },
  { name: 'Incomplete', filter: { incomplete: true }, sort: newestFirst },
]
