import { z } from 'zod'
import { entityIdSchema } from '../ids.ts'
import { outcomeSchema, quoteSchema, statusSchema } from '../quote.ts'
import { cursorSeqSchema, epochSchema, seqSchema } from './stream-event.ts'
import { streamNameSchema } from './stream-name.ts'

/**
 * Pull: `GET /sync/streams/{stream}/events?epoch=&after=&limit=` answers NDJSON: this header line, then
 * `count` lines of StreamEvent with seq after+1, after+2 …
 */
export const pullQuerySchema = z.object({
  epoch: epochSchema,
  after: z.coerce.number().int().nonnegative(),
  limit: z.coerce.number().int().min(1).max(10_000).default(5_000),
})
export const pullHeaderSchema = z.strictObject({
  stream: streamNameSchema,
  epoch: epochSchema,
  after: cursorSeqSchema,
  count: z.int().nonnegative(),
  head: cursorSeqSchema,
})
export type PullHeader = z.infer<typeof pullHeaderSchema>

/** `data` of problem `resync` (409): the log cannot bring this cursor to the head; the client takes a snapshot instead. */
export const resyncDataSchema = z.strictObject({
  reason: z.enum(['epoch_changed', 'compacted', 'too_far_behind', 'ahead_of_head', 'snapshot_gone']),
})
export type ResyncReason = z.infer<typeof resyncDataSchema>['reason']

/**
 * Snapshot: `GET /sync/streams/{stream}/snapshot?page=N[&snapshot_id=…]` answers NDJSON: this header line, then rows.
 * Each row is a StreamChange of kind `quote.added`, `customer.saved`, `person.saved`, `team.saved` or `workspace.saved`.
 * Page 0 without an id opens a snapshot; all pages of one id show the stream at exactly (epoch, seq).
 */
export const snapshotQuerySchema = z.object({
  page: z.coerce.number().int().nonnegative(),
  snapshot_id: z.uuid().optional(),
})
export const snapshotHeaderSchema = z.strictObject({
  stream: streamNameSchema,
  epoch: epochSchema,
  seq: cursorSeqSchema,
  snapshot_id: z.uuid(),
  page: z.int().nonnegative(),
  pages: z.int().positive(),
  rows: z.int().nonnegative(),
  rows_total: z.int().nonnegative(),
})
export type SnapshotHeader = z.infer<typeof snapshotHeaderSchema>

/** One offline-capable edit. `base_version` is the quote's version that the person saw. */
export const mutationSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('quote.change_status'),
    mutation_id: z.int().positive(),
    quote: entityIdSchema,
    base_version: z.int().positive(),
    to: statusSchema,
    outcome: outcomeSchema.nullable(),
    reason: z.string().max(2000).nullable(),
  }),
])
export type Mutation = z.infer<typeof mutationSchema>

/** `POST /sync/mutations`: answered in order; a retry of an id gets the first answer again. */
export const mutationBatchSchema = z.strictObject({
  client_id: z.uuid(),
  mutations: z.array(mutationSchema).min(1).max(500),
})
export type MutationBatch = z.infer<typeof mutationBatchSchema>

export const rejectionCodes = [
  'not_found',
  'not_a_next_state',
  'incomplete',
  'needs_permission',
  'past_valid_until',
  'superseded',
  'policy_only',
  'conflict',
] as const

export const mutationResultSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('committed'),
    mutation_id: z.int().positive(),
    stream: streamNameSchema,
    epoch: epochSchema,
    seq: seqSchema,
    version: z.int().positive(),
  }),
  z.strictObject({
    outcome: z.literal('rejected'),
    mutation_id: z.int().positive(),
    code: z.enum(rejectionCodes),
    message: z.string(),
    current: quoteSchema.nullable(),
  }),
])
export type MutationResult = z.infer<typeof mutationResultSchema>

/** `data` of problem `mutation_gap` (409): ids skip ahead, so nothing of the batch has been done. */
export const mutationGapDataSchema = z.strictObject({ expected_mutation_id: z.int().positive() })

export const mutationReplySchema = z.strictObject({ results: z.array(mutationResultSchema) })
