import type { z } from 'zod'
import { ProblemError } from './problem-error.ts'
import { invalidRequest } from './to-problem.ts'

/**
 * Reads what a request brought. Only here does a ZodError mean that the request is wrong; anywhere else it means that
 * something of our own is.
 * @throws ProblemError invalid_request that names each wrong field
 */
export function parseRequest<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const { message, data } = invalidRequest(parsed.error)
  throw new ProblemError('invalid_request', message, data)
}
