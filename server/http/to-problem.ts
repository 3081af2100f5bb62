import { ORPCError } from '@orpc/server'
import { z } from 'zod'
import { type Problem, type ProblemCode, problem, problemStatus, retryDataSchema } from '../../domain/wire/problem.ts'
import { StorageBusyError, StorageFullError } from '../store/errors.ts'
import { ProblemError } from './problem-error.ts'

const issuesSchema = z.object({
  issues: z.array(z.object({ message: z.string(), path: z.array(z.unknown()).optional() })),
})
/** What Express's body reader throws; without a type when the body cannot be unpacked. */
const bodyErrorSchema = z.object({ type: z.string().optional(), status: z.int() })

/** A refusal stays small, whatever was sent: it is to be read, and a message may quote what it complains of. */
const most = { issues: 50, messageChars: 500 }

export const shortened = (text: string): string =>
  text.length > most.messageChars ? `${text.slice(0, most.messageChars)}…` : text

/** Names each field that is wrong and what was expected of it. */
export function invalidRequest(error: z.infer<typeof issuesSchema>): Problem {
  const issues = error.issues
    .slice(0, most.issues)
    .map(({ path, message }) => ({ field: shortened((path ?? []).map(String).join('.')), message: shortened(message) }))
  const words = issues.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`))
  return problem('invalid_request', `The request is not as expected. ${shortened(words.join('; '))}.`, { issues })
}

function isProblemCode(code: string): code is ProblemCode {
  return code in problemStatus
}

function ofOrpc(error: ORPCError<string, unknown>): Problem | null {
  const issues = issuesSchema.safeParse(error.data)
  if (error.code === 'BAD_REQUEST') {
    return issues.success ? invalidRequest(issues.data) : problem('invalid_request', error.message)
  }
  return isProblemCode(error.code) ? problem(error.code, error.message, error.data) : null
}

function ofBodyReader({ type, status }: z.infer<typeof bodyErrorSchema>): Problem | null {
  if (type === 'entity.too.large') {
    return problem('payload_too_large', 'The body is larger than this server takes. Send less at once.')
  }
  if (type === 'encoding.unsupported' || type === 'charset.unsupported') {
    return problem('unsupported_media_type', 'The body has an encoding that is not understood. Send plain UTF-8 JSON.')
  }
  if (type === 'request.aborted' || type === 'request.size.invalid') {
    return problem('invalid_request', 'The body ended before its announced length. Send it again.')
  }
  if (type === undefined && status === problemStatus.invalid_request) {
    return problem('invalid_request', 'The body is not compressed as its Content-Encoding says. Send plain UTF-8 JSON.')
  }
  return null
}

/**
 * What may be told of an error; null when it is our own fault and only the log may know. A bare ZodError is: requests are
 * read with `parseRequest`, so what else does not fit its schema is damaged here.
 */
export function toProblem(error: unknown): Problem | null {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof StorageFullError) {
    return problem('storage_full', `${capitalised(error.message)}. Reading still works.`)
  }
  if (error instanceof StorageBusyError) return problem('busy', `${capitalised(error.message)}. Reading still works.`)
  if (error instanceof URIError) return problem('invalid_request', 'The address has a broken %-escape.')
  if (error instanceof ORPCError) return ofOrpc(error as ORPCError<string, unknown>)
  const body = bodyErrorSchema.safeParse(error)
  return body.success ? ofBodyReader(body.data) : null
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export const internalProblem = problem(
  'internal',
  'Something went wrong on the server; its log has the cause. Try later.',
)

/** The value of the header Retry-After in whole seconds, for problems that say when to come back. */
export function retryAfterSeconds(told: Pick<Problem, 'data'>): string | null {
  const retry = retryDataSchema.safeParse(told.data)
  return retry.success ? String(Math.ceil(retry.data.retry_after_ms / 1000)) : null
}
