import type { Request, RequestHandler, Response } from 'express'
import { type StreamName, streamNameSchema } from '../../domain/wire/stream-name.ts'
import { pullQuerySchema, snapshotQuerySchema } from '../../domain/wire/sync-http.ts'
import { authenticate } from '../auth/authenticate.ts'
import type { Caller } from '../auth/caller.ts'
import type { Deps } from '../deps.ts'
import { parseRequest } from '../http/parse-request.ts'
import { ProblemError } from '../http/problem-error.ts'
import { createTurnstile } from '../http/turnstile.ts'
import { createUnsent } from '../http/unsent.ts'
import { noSuchStream, readableStreams } from './policy.ts'
import { pull } from './pull.ts'

const ndjson = 'application/x-ndjson; charset=utf-8'

/** Pull, snapshot and hash: not in the contract, because two of them answer stored text as NDJSON, line by line. */
export function syncRoutes(deps: Pick<Deps, 'store' | 'config' | 'snapshots' | 'hashes' | 'identify' | 'limiters'>) {
  const { atOnce } = deps.config
  const unsent = createUnsent(deps.config.maxUnsentBytes)
  const pulls = createTurnstile(atOnce.pulls, 'pulls')
  const snapshots = createTurnstile(atOnce.snapshots, 'snapshots')

  const judge = (caller: Caller, name: unknown): StreamName => {
    const stream = streamNameSchema.safeParse(name)
    const [workspace] = deps.store.read.fixed<{ id: string }>('select id from workspace', [])
    if (!stream.success || !workspace || !readableStreams(caller, workspace).includes(stream.data)) {
      throw new ProblemError('not_found', noSuchStream)
    }
    return stream.data
  }

  /**
   * I16: the caller is judged before the work, and again after it. What was read was committed by then, so a right that
   * is taken away while a request waits or reads keeps everything committed after that from being handed out.
   */
  const read = async <T>(request: Request, work: (stream: StreamName) => Promise<T>) => {
    const { authorization } = request.headers
    const caller = await authenticate(deps.identify, authorization)
    await deps.limiters.requestsByPerson.take(caller.id)
    const result = await work(judge(caller, request.params['stream']))
    judge(await authenticate(deps.identify, authorization), request.params['stream'])
    return { caller, result }
  }

  const sendLines = (response: Response, { caller, result }: { caller: Caller; result: Buffer | string }) => {
    const answer = typeof result === 'string' ? Buffer.from(result) : result
    unsent.send(response.type(ndjson), caller.id, answer)
  }

  const events: RequestHandler = async (request, response) => {
    const answer = await read(request, (stream) => {
      const query = parseRequest(pullQuerySchema, request.query)
      return pulls.pass(() => pull(deps.store, { stream, ...query }, deps.config.maxEventsBehind))
    })
    sendLines(response, answer)
  }

  const snapshot: RequestHandler = async (request, response) => {
    const answer = await read(request, (stream) => {
      const { page, snapshot_id: id } = parseRequest(snapshotQuerySchema, request.query)
      if (id === undefined && page !== 0) {
        throw new ProblemError('invalid_request', 'snapshot_id: pages after the first need the id of their snapshot.')
      }
      return snapshots.pass(() => deps.snapshots.page(stream, page, id ?? null))
    })
    sendLines(response, answer)
  }

  const hash: RequestHandler = async (request, response) => {
    const { result } = await read(request, (stream) => deps.hashes.of(stream))
    response.json(result)
  }

  return { events, snapshot, hash }
}
