import { z } from 'zod'
import { customerSchema, personSchema, teamSchema } from '../directory.ts'
import { entityIdSchema } from '../ids.ts'
import { currencySchema } from '../money.ts'
import { currencySubtotalSchema } from '../pipeline.ts'
import { historyEntrySchema, outcomeSchema, quoteFieldNames, quoteSchema, statusSchema } from '../quote.ts'
import { fieldConflictSchema, rejectionCodes } from '../wire/sync-http.ts'

/** All set conditions must hold; a list matches any of its members, an empty list or null does not restrict. */
export const quoteFilterSchema = z.strictObject({
  statuses: z.array(statusSchema).default([]),
  outcomes: z.array(outcomeSchema).default([]),
  owner_ids: z.array(entityIdSchema).default([]),
  team_ids: z.array(entityIdSchema).default([]),
  customer_ids: z.array(entityIdSchema).default([]),
  currencies: z.array(currencySchema).default([]),
  /** Minor units; only meaningful together with exactly one currency, refused otherwise. */
  value_min_minor: z.int().nonnegative().nullable().default(null),
  value_max_minor: z.int().nonnegative().nullable().default(null),
  /** Open quotes not yet expired whose valid-until instant lies within this many days from now. */
  expiring_within_days: z.int().min(0).max(365).nullable().default(null),
  expired: z.boolean().nullable().default(null),
  incomplete: z.boolean().nullable().default(null),
  /** Full-text: every word must start some word of number, title, customer, owner or a line's product. */
  text: z.string().max(200).default(''),
})
export type QuoteFilter = z.infer<typeof quoteFilterSchema>

export const quoteSortColumns = [
  'quote_id',
  'customer',
  'title',
  'status',
  'value',
  'expires',
  'owner',
  'team',
  'updated',
] as const
export const quoteSortSchema = z.strictObject({
  column: z.enum(quoteSortColumns),
  direction: z.enum(['asc', 'desc']),
})
export type QuoteSort = z.infer<typeof quoteSortSchema>

/** A line of the list: what is shown = confirmed ⊕ pending. */
export const quoteRowSchema = z.strictObject({
  id: entityIdSchema,
  quote_id: z.int().nullable(),
  revision: z.int(),
  title: z.string(),
  customer_name: z.string().nullable(),
  owner_id: entityIdSchema,
  owner_name: z.string().nullable(),
  team_id: entityIdSchema,
  team_name: z.string().nullable(),
  status: statusSchema,
  outcome: outcomeSchema.nullable(),
  value_minor: z.int(),
  currency: z.string(),
  expires_on: z.string().nullable(),
  time_zone: z.string(),
  expires_at_ms: z.int().nullable(),
  updated_at: z.string(),
  incomplete: z.boolean(),
  pending: z.boolean(),
  refused: z.boolean(),
})
export type QuoteRow = z.infer<typeof quoteRowSchema>

export const quotePageSchema = z.strictObject({ total: z.int(), rows: z.array(quoteRowSchema) })

export const nextStateSchema = z.strictObject({
  to: statusSchema,
  outcome: outcomeSchema.nullable(),
  label: z.string(),
})
export type NextState = z.infer<typeof nextStateSchema>

/** The customer's other quotes as far as this person may see them. */
export const customerContextSchema = z.strictObject({
  customer: customerSchema,
  open_count: z.int(),
  won_count: z.int(),
  lost_count: z.int(),
  /** won / (won + lost) in percent, rounded; null when nothing was decided yet. */
  win_rate_percent: z.int().nullable(),
  open: z.array(currencySubtotalSchema),
  won: z.array(currencySubtotalSchema.omit({ weighted_minor: true })),
  others: z.array(quoteRowSchema).max(20),
})

/** Why a change was refused; `invalid_request`: the server could not even read it. */
export const refusalCodes = [...rejectionCodes, 'invalid_request'] as const

/** What a person sees of one field in dispute. Values as in the quote; people and teams as their names, closed as its outcome. */
export const shownConflictSchema = z.strictObject({
  field: fieldConflictSchema.shape.field,
  base: z.unknown(),
  mine: z.unknown(),
  theirs: z.unknown(),
  by_name: z.string().nullable(),
  at: z.string(),
})
export type ShownConflict = z.infer<typeof shownConflictSchema>

export const pendingChangeSchema = z.strictObject({
  /** The change's name on this machine. */
  entry: z.int(),
  /** Null: about no quote, e.g. alert settings; `quote_label` then says what it is about. */
  quote: entityIdSchema.nullable(),
  quote_label: z.string(),
  customer_name: z.string().nullable(),
  /** In words, e.g. "status to sent", "value, lines". */
  what: z.string(),
  queued_at: z.string(),
  /** The currency that amounts in `state.conflicts` are in, where the dispute is not about it. */
  currency: z.string(),
  state: z.discriminatedUnion('kind', [
    /** `sent`: it is on its way, so it can no longer be taken back, only changed again. */
    z.strictObject({ kind: z.literal('waiting'), sent: z.boolean() }),
    z.strictObject({ kind: z.literal('acknowledged') }),
    z.strictObject({
      kind: z.literal('refused'),
      code: z.enum(refusalCodes),
      message: z.string(),
      /** Empty unless the code is conflict. */
      conflicts: z.array(shownConflictSchema),
      /** Whether sending it again, on top of how things stand now, could be taken. */
      can_retry: z.boolean(),
      /** Of the server's word that `theirs` shows: what a choice by field is made by. Null: out of sight. */
      current_version: z.int().positive().nullable(),
    }),
  ]),
})
export type PendingChange = z.infer<typeof pendingChangeSchema>

export const quoteDetailSchema = z.strictObject({
  quote: quoteSchema,
  missing: z.array(z.string()),
  expires_at_ms: z.int().nullable(),
  owner: personSchema.nullable(),
  team: teamSchema.nullable(),
  customer: customerContextSchema.nullable(),
  history: z.array(historyEntrySchema.extend({ actor_name: z.string().nullable() })),
  /** Names of the customers, people and teams that the history speaks of by id, as far as they are known here. */
  names: z.record(entityIdSchema, z.string()),
  allowed: z.array(nextStateSchema),
  pending: z.array(pendingChangeSchema),
  /** The server's version of what is shown, 1 for a quote it does not know yet: what an edit names as its base. */
  base_version: z.int().positive(),
  /** What this person may edit now, or in words why nothing. */
  may: z.strictObject({
    edit: z.array(z.enum(quoteFieldNames)),
    edit_refusal: z.string().nullable(),
    reassign: z.boolean(),
    note: z.boolean(),
  }),
})
export type QuoteDetail = z.infer<typeof quoteDetailSchema>
