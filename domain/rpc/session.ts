import { z } from 'zod'
import { personSchema, workspaceSchema } from '../directory.ts'
import { secretKeepingSchema, toastChannelSchema } from '../host/messages.ts'
import { instantSchema } from '../time.ts'

const sampleChoiceSchema = z.strictObject({ name: z.string(), role: z.string(), email: z.string() })

/** Who is signed in. `problem` on signed_out is for the person: why, and what to do. */
export const sessionSchema = z.discriminatedUnion('state', [
  z.strictObject({
    state: z.literal('signed_out'),
    server_url: z.string(),
    sample_accounts: z.array(sampleChoiceSchema),
    problem: z.string().nullable(),
  }),
  z.strictObject({
    state: z.literal('signed_in'),
    server_url: z.string(),
    person: personSchema,
    workspace: workspaceSchema.nullable(),
    /** What befell the copy on this machine and what was saved of it; until the person dismisses it. */
    notice: z.string().nullable(),
  }),
])
export type Session = z.infer<typeof sessionSchema>

/** The connection chip: one state, each with only its own facts. */
export const connectionSchema = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('signed_out') }),
  z.strictObject({ state: z.literal('connecting'), since: instantSchema }),
  /** `done` of `total` events or snapshot rows applied. */
  z.strictObject({
    state: z.literal('catching_up'),
    what: z.enum(['events', 'snapshot']),
    done: z.int(),
    total: z.int(),
  }),
  z.strictObject({ state: z.literal('live') }),
  z.strictObject({
    state: z.literal('offline'),
    since: instantSchema,
    reason: z.string(),
    retry_at: instantSchema.nullable(),
  }),
  z.strictObject({ state: z.literal('update_needed'), message: z.string() }),
])
export type Connection = z.infer<typeof connectionSchema>

export const syncStatusSchema = z.strictObject({
  connection: connectionSchema,
  /** Last instant at which every cursor was at its head. */
  last_synced_at: instantSchema.nullable(),
  pending_changes: z.int(),
  refused_changes: z.int(),
  toast_channel: toastChannelSchema,
  secret_keeping: secretKeepingSchema,
  /** Server time minus this machine's, as measured; null before the first measurement ever. */
  server_offset_ms: z.int().nullable(),
  alerts_held: z.int(),
  next_release_at: instantSchema.nullable(),
})
export type SyncStatus = z.infer<typeof syncStatusSchema>
