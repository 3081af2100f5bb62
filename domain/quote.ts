import { z } from 'zod'
import { entityIdSchema, quoteNumberSchema } from './ids.ts'
import { currencySchema, minorUnitsSchema } from './money.ts'
import { instantSchema, plainDateSchema, timeZoneSchema } from './time.ts'

export const statuses = ['draft', 'active', 'sent', 'negotiation', 'closed'] as const
export const statusSchema = z.enum(statuses)
export type Status = z.infer<typeof statusSchema>

/** Statuses that count as pipeline. Draft stands apart; closed is over. */
export const openStatuses = ['active', 'sent', 'negotiation'] as const satisfies readonly Status[]

export const outcomes = ['won', 'lost', 'expired', 'withdrawn', 'superseded'] as const
export const outcomeSchema = z.enum(outcomes)
export type Outcome = z.infer<typeof outcomeSchema>

export const lineSchema = z.strictObject({
  product: z.string().min(1).max(200),
  description: z.string().max(2000),
  quantity: z.int().positive().max(1_000_000),
  unit_price_minor: minorUnitsSchema,
})
export type Line = z.infer<typeof lineSchema>

/** What a person may edit of a quote. `value_minor` is typed by a person; a form proposes the sum of the lines. */
export const quoteFieldsSchema = z.strictObject({
  customer_id: entityIdSchema.nullable(),
  title: z.string().max(200),
  currency: currencySchema,
  lines: z.array(lineSchema).max(500),
  value_minor: minorUnitsSchema,
  expires_on: plainDateSchema.nullable(),
  time_zone: timeZoneSchema,
})
export type QuoteFields = z.infer<typeof quoteFieldsSchema>
export type QuoteField = keyof QuoteFields
export const quoteFieldNames = Object.keys(quoteFieldsSchema.shape) as QuoteField[]

/** Whose a quote is: moving it to another team moves it to another audience. */
export const assignmentSchema = z.strictObject({ team_id: entityIdSchema, owner_id: entityIdSchema })
export type Assignment = z.infer<typeof assignmentSchema>

/** Some fields of a quote with their values, as an edit carries them and its history keeps them. */
export const changedFieldsSchema = z.strictObject({ ...quoteFieldsSchema.shape, ...assignmentSchema.shape }).partial()
export type ChangedFields = z.infer<typeof changedFieldsSchema>

/**
 * One quotation as the server tells it and the cache keeps it. `value_minor` is in minor units of `currency`.
 * `version` counts the quote's own changes from 1; it is what an offline edit names as its base.
 */
export const quoteSchema = z.strictObject({
  id: entityIdSchema,
  quote_id: quoteNumberSchema.nullable(),
  revision: z.int().positive(),
  version: z.int().positive(),
  ...assignmentSchema.shape,
  ...quoteFieldsSchema.shape,
  status: statusSchema,
  outcome: outcomeSchema.nullable(),
  reason: z.string().max(2000).nullable(),
  sent_at: instantSchema.nullable(),
  closed_at: instantSchema.nullable(),
  created_at: instantSchema,
  updated_at: instantSchema,
})
export type Quote = z.infer<typeof quoteSchema>

export const noteSchema = z.string().trim().min(1).max(4000)

/** One entry of a quote's history. (quote, version) is its identity: every change of a quote is one version. */
export const historyEntrySchema = z.strictObject({
  quote: entityIdSchema,
  version: z.int().positive(),
  kind: z.enum(['created', 'imported', 'transition', 'edited', 'reassigned', 'noted']),
  from_status: statusSchema.nullable(),
  to_status: statusSchema,
  outcome: outcomeSchema.nullable(),
  reason: z.string().max(2000).nullable(),
  /** Of `noted`: what was written down. */
  note: noteSchema.nullable(),
  /** Of `edited` and `reassigned`: exactly the fields that changed, with the values they had and got. */
  before: changedFieldsSchema.nullable(),
  after: changedFieldsSchema.nullable(),
  actor_id: entityIdSchema.nullable(),
  at: instantSchema,
  stream: z.string(),
  seq: z.int().positive(),
})
export type HistoryEntry = z.infer<typeof historyEntrySchema>

export type MissingPart = 'customer' | 'lines' | 'value' | 'valid until'

/** What an offer needs before a customer can be held to it; empty when complete. Derived, so it can never be stale. */
export function missingParts(
  quote: Pick<Quote, 'customer_id' | 'lines' | 'value_minor' | 'expires_on'>,
): MissingPart[] {
  const missing: MissingPart[] = []
  if (quote.customer_id === null) missing.push('customer')
  if (quote.lines.length === 0) missing.push('lines')
  if (quote.value_minor === 0) missing.push('value')
  if (quote.expires_on === null) missing.push('valid until')
  return missing
}

/** Sum over the lines of quantity × unit price, in minor units; throws RangeError beyond the safe integers. */
export function linesTotalMinor(lines: readonly Line[]): number {
  let total = 0
  for (const line of lines) total += line.quantity * line.unit_price_minor
  if (!Number.isSafeInteger(total)) throw new RangeError('the lines add up to more than can be kept exactly')
  return total
}
