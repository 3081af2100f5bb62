import { oc } from '@orpc/contract'
import { z } from 'zod'
import { customerSchema, personSchema, workspaceSchema } from '../directory.ts'
import { entityIdSchema } from '../ids.ts'
import { pipelineSchema } from '../pipeline.ts'
import { historyEntrySchema, outcomeSchema, quoteSchema, statusSchema } from '../quote.ts'
import { instantSchema } from '../time.ts'
import { expiringAlertSchema } from '../wire/messages.ts'
import { problemStatus, retryDataSchema } from '../wire/problem.ts'
import { mutationBatchSchema, mutationGapDataSchema, mutationReplySchema } from '../wire/sync-http.ts'

const base = oc.errors({
  invalid_request: { status: problemStatus.invalid_request },
  unauthorised: { status: problemStatus.unauthorised },
  forbidden: { status: problemStatus.forbidden },
  too_many_requests: { status: problemStatus.too_many_requests, data: retryDataSchema },
  busy: { status: problemStatus.busy },
  storage_full: { status: problemStatus.storage_full },
})
const notFound = { not_found: { status: problemStatus.not_found } } as const

const transitionRefused = {
  transition_refused: {
    status: problemStatus.transition_refused,
    data: z.object({ reason: z.string(), allowed: z.array(z.string()) }),
  },
} as const

/** `access_token` is a JWT for 15 minutes; `refresh_token` works once and is replaced by each refresh. */
export const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  expires_in_ms: z.int().positive(),
  person: personSchema,
  workspace: workspaceSchema,
})
export type Tokens = z.infer<typeof tokensSchema>

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(200).optional(),
})

/** The HTTP API. OpenAPI is generated from it; the sync log and snapshots, being NDJSON, stand in PROTOCOL.md. */
export const restContract = {
  auth: {
    signIn: base
      .route({ method: 'POST', path: '/auth/sign-in', summary: 'Exchange e-mail and password for tokens' })
      .input(z.strictObject({ email: z.string().min(3).max(320), password: z.string().min(1).max(1024) }))
      .output(tokensSchema),
    refresh: base
      .route({ method: 'POST', path: '/auth/refresh', summary: 'Exchange a refresh token for new tokens' })
      .input(z.strictObject({ refresh_token: z.string().min(1).max(1024) }))
      .output(tokensSchema),
    signOut: base
      .route({ method: 'POST', path: '/auth/sign-out', summary: 'Void a refresh token and its descendants' })
      .input(z.strictObject({ refresh_token: z.string().min(1).max(1024) }))
      .output(z.object({ signed_out: z.boolean() })),
  },
  me: base.route({ method: 'GET', path: '/me', summary: 'Who the token belongs to' }).output(personSchema),
  quotes: {
    list: base
      .route({ method: 'GET', path: '/quotes', summary: 'Quotes you may read, newest number first' })
      .input(pageQuery.extend({ status: statusSchema.optional(), team_id: entityIdSchema.optional() }))
      .output(z.object({ quotes: z.array(quoteSchema), next_cursor: z.string().nullable() })),
    get: base
      .errors(notFound)
      .route({ method: 'GET', path: '/quotes/{id}', summary: 'One quote' })
      .input(z.object({ id: entityIdSchema }))
      .output(quoteSchema),
    history: base
      .errors(notFound)
      .route({ method: 'GET', path: '/quotes/{id}/history', summary: 'Every change of a quote, oldest first' })
      .input(z.object({ id: entityIdSchema }))
      .output(z.object({ history: z.array(historyEntrySchema) })),
  },
  customers: {
    list: base
      .route({ method: 'GET', path: '/customers', summary: 'Customers of the workspace by name' })
      .input(pageQuery)
      .output(z.object({ customers: z.array(customerSchema), next_cursor: z.string().nullable() })),
    get: base
      .errors(notFound)
      .route({ method: 'GET', path: '/customers/{id}', summary: 'One customer' })
      .input(z.object({ id: entityIdSchema }))
      .output(customerSchema),
  },
  quotations: {
    metrics: base
      .route({ method: 'GET', path: '/metrics/quotations', summary: 'Counts and pipeline of what you may read' })
      .output(
        z.object({
          total: z.int(),
          by_status: z.record(statusSchema, z.int()),
          by_outcome: z.record(outcomeSchema, z.int()),
          pipeline: pipelineSchema,
          won_value: z.record(z.string(), z.int()).describe('minor units by currency'),
          expiring_within_7_days: z.int(),
          calculated_at: instantSchema,
        }),
      ),
    updateStatus: base
      .errors({ ...notFound, ...transitionRefused })
      .route({ method: 'POST', path: '/quotations/update-status', summary: 'Move a quote through its workflow' })
      .input(
        z.strictObject({
          quote_id: z.int().positive(),
          status: statusSchema,
          outcome: outcomeSchema.optional().describe('required when status is closed, refused otherwise'),
          reason: z.string().max(2000).optional(),
        }),
      )
      .output(
        z.object({
          quote_id: z.int(),
          status: statusSchema,
          previous_status: statusSchema,
          outcome: outcomeSchema.nullable(),
          version: z.int(),
          seq: z.int(),
        }),
      ),
    expiring: base
      .route({ method: 'GET', path: '/quotations/expiring', summary: 'Open quotes that run out within days' })
      .input(z.object({ days: z.coerce.number().int().min(0).max(365).default(7) }))
      .output(z.object({ days: z.int(), quotations: z.array(expiringAlertSchema.shape.data) })),
  },
  sync: {
    mutate: base
      .errors({ mutation_gap: { status: problemStatus.mutation_gap, data: mutationGapDataSchema } })
      .route({ method: 'POST', path: '/sync/mutations', summary: 'Queued edits, in order, each at most once' })
      .input(mutationBatchSchema)
      .output(mutationReplySchema),
  },
}
export type RestContract = typeof restContract
