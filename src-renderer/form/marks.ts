import type { QuoteField } from '../../domain/quote.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { valueWords } from '../words/field-values.ts'
import type { Underneath } from './underneath.ts'

/** What somebody else did to a field while its form is open. */
export interface FieldMark {
  kind: 'adopted' | 'disputed'
  /** Who, as far as the history is here. */
  by: string | null
  /** Their value in words. */
  theirs: string
}

export type FieldMarks = ReadonlyMap<QuoteField, FieldMark>

/** The marks after the quote changed: what was taken over stays marked, what is no longer in dispute does not. */
export function markFields(before: FieldMarks, found: Underneath, now: QuoteDetail, nowMs: number): FieldMarks {
  const mark = (field: QuoteField, kind: FieldMark['kind']): [QuoteField, FieldMark] => [
    field,
    { kind, by: changedBy(now, field), theirs: theirWords(now, field, nowMs) },
  ]
  return new Map([
    ...[...before].filter(([, { kind }]) => kind === 'adopted'),
    ...found.adopted.map((field) => mark(field, 'adopted')),
    ...found.disputed.map((field) => mark(field, 'disputed')),
  ])
}

function changedBy({ history }: QuoteDetail, field: QuoteField): string | null {
  const entries = history.filter(({ after }) => after !== null && field in after)
  return entries.toSorted((a, b) => b.version - a.version)[0]?.actor_name ?? null
}

function theirWords({ quote, customer }: QuoteDetail, field: QuoteField, nowMs: number): string {
  const nameOf = () => customer?.customer.name ?? null
  return valueWords(field, quote[field], { currency: quote.currency, timeZone: quote.time_zone, nowMs, nameOf })
}
