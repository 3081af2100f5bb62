import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RequestHandler } from 'express'
import { type StreamName, streamNameSchema } from '../../domain/wire/stream-name.ts'
import { type MutationResult, pullQuerySchema, snapshotQuerySchema } from '../../domain/wire/sync-http.ts'
import { authenticate } from '../auth/authenticate.ts'
import type { Deps } from '../deps.ts'
import { parseRequest } from '../http/parse-request.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { SignedInRest } from '../http/rest.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { expectNoGap, mutateOnce } from './mutate.ts'
import { noSuchStream, readableStreams } from './policy.ts'
import { pull } from './pull.ts'

export function mutateRoute(rest: SignedInRest, { store }: Pick<Deps, 'store'>) {
  return rest.sync.mutate.handler(async ({ input, context }) => {
    const client = { client_id: input.client_id, person_id: context.caller.id }
    await expectNoGap(store, client, input.mutations)
    const results: MutationResult[] = []
    for (const mutation of input.mutations) {
      results.push(await mutateOnce(store, client, mutation))
      // Hundreds of transactions without a break would hold everybody else's requests for seconds.
      await nextTurn()
    }
    return { results }
  })
}

const ndjson = 'application/x-ndjson; charset=utf-8'

/** Pull and snapshot: not in the contract, because they answer stored text as NDJSON, line by line. */
export function syncRoutes(deps: Pick<Deps, 'store' | 'config' | 'snapshots' | 'identify' | 'limiters'>) {
  /** The caller is judged anew for each page: a right taken away holds at once. */
  const readable = async (authorization: string | undefined, name: unknown): Promise<StreamName> => {
    const caller = await authenticate(deps.identify, authorization)
    await deps.limiters.requestsByPerson.take(caller.id)
    const stream = streamNameSchema.safeParse(name)
    const workspace = await findWorkspace(deps.store.read)
    if (!stream.success || !workspace || !readableStreams(caller, workspace).includes(stream.data)) {
      throw new ProblemError('not_found', noSuchStream)
    }
    return stream.data
  }

  const events: RequestHandler = async (request, response) => {
    const stream = await readable(request.headers.authorization, request.params.stream)
    const query = parseRequest(pullQuerySchema, request.query)
    const answer = await pull(deps.store, { stream, ...query }, deps.config.maxEventsBehind)
    response.type(ndjson).send(answer)
  }

  const snapshot: RequestHandler = async (request, response) => {
    const stream = await readable(request.headers.authorization, request.params.stream)
    const { page, snapshot_id: id } = parseRequest(snapshotQuerySchema, request.query)
    if (id === undefined && page !== 0) {
      throw new ProblemError('invalid_request', 'snapshot_id: pages after the first need the id of their snapshot.')
    }
    const answer = await deps.snapshots.page(stream, page, id ?? null)
    response.type(ndjson).send(answer)
  }

  return { events, snapshot }
}
