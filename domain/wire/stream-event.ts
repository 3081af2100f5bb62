import { z } from 'zod'
import { alertPolicySchema } from '../alert-policy.ts'
import { personAlertSettingsSchema } from '../alert-settings.ts'
import { sharedAlertSchema } from '../alert-share.ts'
import { customerSchema, personSchema, teamSchema, workspaceSchema } from '../directory.ts'
import { entityIdSchema, uuidSchema } from '../ids.ts'
import { historyEntrySchema, quoteSchema } from '../quote.ts'
import { instantSchema } from '../time.ts'
import { streamNameSchema } from './stream-name.ts'

/** Random identity of a database's history. Restoring a backup makes a new one, and every cursor of the old is void. */
export const epochSchema = z.uuid()

/** Position in a stream, from 1, dense. A cursor of 0 has applied nothing. */
export const seqSchema = z.int().positive()
export const cursorSeqSchema = z.int().nonnegative()

/** Who caused the change: lets a client drop its own pending edit in the transaction that applies the event. */
export const originSchema = z.strictObject({ client_id: uuidSchema, mutation_id: z.int().positive() })

/** `version` counts the saves from 1. */
export const savedPolicySchema = z.strictObject({
  id: entityIdSchema,
  version: z.int().positive(),
  ...alertPolicySchema.shape,
})
export type SavedPolicy = z.infer<typeof savedPolicySchema>
export const savedSettingsSchema = z.strictObject({
  id: entityIdSchema,
  version: z.int().positive(),
  ...personAlertSettingsSchema.shape,
})
export type SavedSettings = z.infer<typeof savedSettingsSchema>

const changeSchemas = [
  /** A quote entered this stream's audience: made, imported or moved in. Carries its whole history. */
  z.strictObject({
    type: z.literal('quote.added'),
    data: z.strictObject({ quote: quoteSchema, history: z.array(historyEntrySchema) }),
  }),
  /** The quote as it is now and the one history entry that this change appended. */
  z.strictObject({
    type: z.literal('quote.changed'),
    data: z.strictObject({ quote: quoteSchema, entry: historyEntrySchema }),
  }),
  /** The quote left this stream's audience: forget it, with its history. */
  z.strictObject({ type: z.literal('quote.removed'), data: z.strictObject({ id: entityIdSchema }) }),
  z.strictObject({ type: z.literal('customer.saved'), data: customerSchema }),
  z.strictObject({ type: z.literal('team.saved'), data: teamSchema }),
  z.strictObject({ type: z.literal('person.saved'), data: personSchema }),
  z.strictObject({ type: z.literal('workspace.saved'), data: workspaceSchema }),
  /** Org stream: `id` is the workspace's. */
  z.strictObject({ type: z.literal('policy.saved'), data: savedPolicySchema }),
  /** User stream: `id` is the person's. */
  z.strictObject({ type: z.literal('settings.saved'), data: savedSettingsSchema }),
  /** User stream: what the person's devices know together about one alert. */
  z.strictObject({ type: z.literal('alert.saved'), data: sharedAlertSchema }),
] as const

/** What changed, before the log gives it a place. */
export const streamChangeSchema = z.discriminatedUnion('type', changeSchemas)
export type StreamChange = z.infer<typeof streamChangeSchema>

/** Where and when it stands in the log. The content of (stream, epoch, seq) never changes. */
export const eventPlaceSchema = z.strictObject({
  stream: streamNameSchema,
  epoch: epochSchema,
  seq: seqSchema,
  at: instantSchema,
  origin: originSchema.nullable(),
})

/** One event of a stream, as stored in the log, pushed live and pulled: the same JSON everywhere. */
export const streamEventSchema = z.strictObject({ place: eventPlaceSchema, change: streamChangeSchema })
export type StreamEvent = z.infer<typeof streamEventSchema>
export type EventPlace = z.infer<typeof eventPlaceSchema>
