import { z } from 'zod'
import { currencySchema } from '../../../domain/money.ts'
import { statusSchema } from '../../../domain/quote.ts'
import { dateFormats } from '../dates.ts'

/** What a quote can take from a column. `ref` is the source's own id of the row: it makes a second import change nothing. */
export const mapFields = [
  'ref',
  'title',
  'customer',
  'owner',
  'team',
  'status',
  'value',
  'currency',
  'product',
  'created',
  'closed',
  'expires_on',
] as const
export type MapField = (typeof mapFields)[number]

const columnSchema = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

const statusMappingSchema = z
  .strictObject({
    status: statusSchema,
    outcome: z.enum(['won', 'lost', 'expired', 'withdrawn']).optional(),
  })
  .refine((mapping) => (mapping.status === 'closed') === (mapping.outcome !== undefined), {
    error: 'closed needs an outcome, and no other status has one',
  })

/**
 * How a table of one row a quote is read: which column (or the first of several names, capitals do not matter) is which
 * field, what each status is called there, and how dates are written.
 */
export const columnMapSchema = z.strictObject({
  /** Name of the system it comes from; together with `ref` the identity of a quote. */
  source: z.string().min(1).max(50),
  columns: z.partialRecord(z.enum(mapFields), columnSchema),
  /** Fields whose column may be missing in a file. All others that are named must be there. */
  optional: z.array(z.enum(mapFields)).default([]),
  statuses: z.record(z.string(), statusMappingSchema),
  date_format: z.enum(dateFormats),
  /** The sign between groups of digits, if amounts have one: `,` in 1,234.56. The decimal sign is a point. */
  grouping: z.enum([',', "'", ' ']).optional(),
  /** For rows (or whole files) that say nothing; without a default such rows are refused. */
  defaults: z
    .strictObject({
      team: z.string().min(1).optional(),
      owner: z.string().min(1).optional(),
      currency: currencySchema.optional(),
    })
    .default({}),
})
export type ColumnMap = z.infer<typeof columnMapSchema>
