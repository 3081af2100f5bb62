import { z } from 'zod'
import { alertPolicySchema } from '../alert-policy.ts'
import { personAlertSettingsSchema } from '../alert-settings.ts'
import { alertIdentitySchema, shareMarkSchema } from '../alert-share.ts'
import { entityIdSchema, uuidSchema } from '../ids.ts'
import {
  assignmentSchema,
  changedFieldsSchema,
  noteSchema,
  outcomeSchema,
  quoteFieldsSchema,
  quoteSchema,
  statusSchema,
} from '../quote.ts'
import { instantSchema } from '../time.ts'
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

/**
 * Verify: `GET /sync/streams/{stream}/hash` answers what the stream's state at (epoch, seq) hashes to: SHA-256, in hex, over
 * the rows of a snapshot at that seq, each as canonical JSON (RFC 8785) and a newline, in the order of a snapshot:
 * quotes by id; or workspace, policy, teams, people, customers, each by id; or settings, then alerts by key.
 */
export const streamHashSchema = z.strictObject({
  stream: streamNameSchema,
  epoch: epochSchema,
  seq: cursorSeqSchema,
  rows: z.int().nonnegative(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
})
export type StreamHash = z.infer<typeof streamHashSchema>

/** What every edit of a quote carries. `base_version` is the quote's version that the person saw. */
const edit = { mutation_id: z.int().positive(), quote: entityIdSchema, base_version: z.int().positive() }

/** One offline-capable edit: only what it changes. */
export const mutationSchema = z.discriminatedUnion('name', [
  /** `quote` is the id that the client made; the number comes from the server. */
  z.strictObject({
    name: z.literal('quote.create'),
    mutation_id: edit.mutation_id,
    quote: edit.quote,
    ...assignmentSchema.shape,
    ...quoteFieldsSchema.shape,
  }),
  z.strictObject({ name: z.literal('quote.edit'), ...edit, fields: quoteFieldsSchema.partial() }),
  z.strictObject({
    name: z.literal('quote.change_status'),
    ...edit,
    to: statusSchema,
    outcome: outcomeSchema.nullable(),
    reason: z.string().max(2000).nullable(),
  }),
  z.strictObject({ name: z.literal('quote.reassign'), ...edit, ...assignmentSchema.shape }),
  z.strictObject({
    name: z.literal('quote.add_note'),
    mutation_id: edit.mutation_id,
    quote: edit.quote,
    text: noteSchema,
  }),
  /** `at`: when it was, by the server's clock as well as the device knows it. */
  z.strictObject({
    name: z.literal('alert.mark'),
    mutation_id: edit.mutation_id,
    alert: alertIdentitySchema,
    mark: shareMarkSchema,
    at: instantSchema,
  }),
  /** A person's own: the last word counts. */
  z.strictObject({
    name: z.literal('settings.save'),
    mutation_id: edit.mutation_id,
    settings: personAlertSettingsSchema,
  }),
  /** The workspace's; `base_version` 0: none was saved before. Needs `alerts:manage` in some team. */
  z.strictObject({
    name: z.literal('policy.save'),
    mutation_id: edit.mutation_id,
    base_version: z.int().nonnegative(),
    policy: alertPolicySchema,
  }),
])
export type Mutation = z.infer<typeof mutationSchema>
/** The edits of quotes; the others are about a person's alerts and settings. */
export type QuoteMutation = Extract<Mutation, { quote: string }>

/** `POST /sync/mutations`: answered in order; a retry of an id gets the first answer again. */
export const mutationBatchSchema = z.strictObject({
  client_id: uuidSchema,
  mutations: z.array(mutationSchema).min(1).max(1_000),
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
  'not_editable',
  'invalid_edit',
  'conflict',
  'failed',
] as const

/** A field that somebody else changed since `base_version`, who did and when; its present value stands in `current`. */
export const fieldConflictSchema = z.strictObject({
  field: z.enum(['status', ...changedFieldsSchema.keyof().options]),
  by: entityIdSchema.nullable(),
  at: instantSchema,
})
export type FieldConflict = z.infer<typeof fieldConflictSchema>

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
    conflicts: z.array(fieldConflictSchema),
  }),
])
export type MutationResult = z.infer<typeof mutationResultSchema>

/** `data` of problem `mutation_gap` (409): ids skip ahead, so nothing of the batch has been done. */
export const mutationGapDataSchema = z.strictObject({ expected_mutation_id: z.int().positive() })

export const mutationReplySchema = z.strictObject({ results: z.array(mutationResultSchema) })
