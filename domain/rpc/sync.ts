import { z } from 'zod'
import { instantSchema } from '../time.ts'

/** What a verification found. `different` names the hashes; `damaged` what is wrong with the file on this machine. */
export const verifyResultSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('same'), seq: z.int(), rows: z.int(), hash: z.string(), at: instantSchema }),
  z.strictObject({
    kind: z.literal('different'),
    seq: z.int(),
    rows: z.int(),
    server_rows: z.int(),
    hash: z.string(),
    server_hash: z.string(),
    at: instantSchema,
  }),
  z.strictObject({ kind: z.literal('damaged'), problems: z.array(z.string()), at: instantSchema }),
])
export type VerifyResult = z.infer<typeof verifyResultSchema>

/** One stream as the sync panel shows it. */
export const streamReportSchema = z.strictObject({
  stream: z.string(),
  /** For people: the team's name, or "Directory" and the like. */
  label: z.string(),
  state: z.enum(['offline', 'catching_up', 'verifying', 'repairing', 'level']),
  epoch: z.string().nullable(),
  /** All events up to this one are applied. */
  seq: z.int(),
  /** The newest event the server has told of; null before the first contact of this run. */
  head: z.int().nullable(),
  /** head − seq, 0 when unknown. */
  gap: z.int(),
  /** Live events that wait behind a gap or for the next transaction. */
  buffered: z.int(),
  last_event_at: instantSchema.nullable(),
  last_error: z.strictObject({ at: instantSchema, message: z.string() }).nullable(),
  verified: verifyResultSchema.nullable(),
})
export type StreamReport = z.infer<typeof streamReportSchema>
