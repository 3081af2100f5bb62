import { problemSchema, retryDataSchema } from '../../../domain/wire/problem.ts'
import { type ResyncReason, resyncDataSchema } from '../../../domain/wire/sync-http.ts'

/** The log cannot bring this cursor to the head: a snapshot can. */
export class ResyncError extends Error {
  override name = 'ResyncError'
  readonly reason: ResyncReason

  constructor(reason: ResyncReason) {
    super(`the server asks for a new snapshot: ${reason}`)
    this.reason = reason
  }
}

/** The server refused or answered with something else than was asked for. The message is for the person. */
export class SyncRequestError extends Error {
  override name = 'SyncRequestError'
  /** How long the server asked to be left alone; null when it did not. */
  readonly retryAfterMs: number | null

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

/** What an answer that is no success means. */
export async function toError(response: Response): Promise<ResyncError | SyncRequestError> {
  const body = problemSchema.safeParse(await response.json().catch(() => null))
  const wait = retryAfterMs(response, body.data?.data)
  if (!body.success) return new SyncRequestError(`The server answered with status ${response.status}.`, wait)
  const { code, message, data } = body.data
  const resync = code === 'resync' ? resyncDataSchema.safeParse(data) : null
  return resync?.success ? new ResyncError(resync.data.reason) : new SyncRequestError(message, wait)
}

/** The problem's own word is the finer one; a proxy on the way says it in the header, in seconds. */
function retryAfterMs(response: Response, data: unknown): number | null {
  const told = retryDataSchema.safeParse(data)
  if (told.success) return told.data.retry_after_ms
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null
}
