import { z } from 'zod'

/** The closed vocabulary of HTTP refusals and the status each is sent with. */
export const problemStatus = {
  invalid_request: 400,
  unauthorised: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  resync: 409,
  mutation_gap: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  transition_refused: 422,
  too_many_requests: 429,
  internal: 500,
  busy: 503,
  storage_full: 503,
  shutting_down: 503,
} as const

export type ProblemCode = keyof typeof problemStatus

/**
 * The body of every refusal, the same for each door. `message` says what was wrong, what was expected and what to do;
 * `data` depends on the code, e.g. `{retry_after_ms}` for too_many_requests.
 */
export const problemSchema = z.object({
  defined: z.boolean(),
  code: z.string(),
  status: z.int(),
  message: z.string(),
  data: z.unknown().optional(),
})
export type Problem = z.infer<typeof problemSchema>

export function problem(code: ProblemCode, message: string, data?: unknown): Problem {
  return { defined: true, code, status: problemStatus[code], message, ...(data === undefined ? {} : { data }) }
}

export const retryDataSchema = z.object({ retry_after_ms: z.int().nonnegative() })

/** `data` of a refused refresh, when it is not the session alone: the account was ended, and its caches go with it. */
export const unauthorisedDataSchema = z.object({ account: z.literal('ended') })
