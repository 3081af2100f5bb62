import { z } from 'zod'
import { currencySchema } from '../money.ts'
import { outcomeSchema, statusSchema } from '../quote.ts'
import { plainDateSchema } from '../time.ts'
import { cursorSeqSchema, epochSchema } from './stream-event.ts'
import { streamNameSchema } from './stream-name.ts'

/**
 * The two messages that other systems already speak. Field names are fixed; `value` is in major units.
 * Fields may be added, never removed.
 */
export const quotationUpdateSchema = z.object({
  type: z.literal('quotation_update'),
  data: z.object({
    quote_id: z.int(),
    status: statusSchema,
    previous_status: statusSchema.nullable(),
    timestamp: z.iso.datetime(),
    customer: z.string().nullable(),
    value: z.number(),
    currency: currencySchema,
    outcome: outcomeSchema.nullable(),
    stream: streamNameSchema,
    epoch: epochSchema,
    seq: cursorSeqSchema,
  }),
})
export type QuotationUpdate = z.infer<typeof quotationUpdateSchema>

export const expiringAlertSchema = z.object({
  type: z.literal('expiring_alert'),
  data: z.object({
    quote_id: z.int(),
    days_until_expiry: z.int(),
    customer: z.string().nullable(),
    value: z.number(),
    currency: currencySchema,
    expires_on: plainDateSchema,
    time_zone: z.string(),
  }),
})
export type ExpiringAlert = z.infer<typeof expiringAlertSchema>
