import { missingParts, type Quote, type Status, statuses } from '../../../domain/quote.ts'

/** A stored quote: its own fields, plus what sorting and filtering need derived. `lines` is JSON. */
export interface StoredQuote extends Omit<Quote, 'lines'> {
  row: number
  stream: string
  stage: number
  expires_at_ms: number | null
  incomplete: number
  customer_name: string | null
  owner_name: string | null
  team_name: string | null
  lines: string
}

/** Place of a status in the workflow, so that sorting by status means something. */
export const stageOf = (status: Status): number => statuses.indexOf(status)

export const isIncomplete = (quote: Quote): boolean => missingParts(quote).length > 0

const quoteFields = [
  'id',
  'quote_id',
  'revision',
  'version',
  'team_id',
  'owner_id',
  'customer_id',
  'title',
  'status',
  'outcome',
  'reason',
  'value_minor',
  'currency',
  'lines',
  'expires_on',
  'time_zone',
  'sent_at',
  'closed_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Quote)[]

/** Columns that make up a Quote, for SELECT. */
export const quoteColumns = quoteFields.join(', ')

type QuoteColumns = Omit<Quote, 'lines'> & { lines: string }

/** The quote alone, whatever else the row holds. */
export function toQuote(stored: QuoteColumns): Quote {
  const quote = Object.fromEntries(quoteFields.map((field) => [field, stored[field]])) as QuoteColumns
  return { ...quote, lines: JSON.parse(quote.lines) as Quote['lines'] }
}
