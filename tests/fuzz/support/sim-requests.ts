import { ORPCError } from '@orpc/client'
import type { MutationBatch, MutationResult } from '../../../domain/wire/sync-http.ts'
import type { Scheduler } from '../../../src-main/engine/scheduler.ts'
import type { SimNetwork } from './sim-network.ts'
import { type ServerRun, WireProblem } from './sim-server.ts'

interface Options {
  client: number
  network: SimNetwork
  scheduler: Scheduler
  server: () => ServerRun | null
  isCut: () => boolean
  isAlive: () => boolean
  token: string
  /** Every answer of a living server, as it leaves, for the checker. */
  onAnswered: (server: ServerRun, url: string, text: string) => void
  onMutated: (server: ServerRun, batch: MutationBatch, results: readonly MutationResult[]) => void
  /** What has reached the client. */
  onAcknowledged: (batch: MutationBatch, results: readonly MutationResult[]) => void
}

/** How the client's own limit for an answer to a batch ends the wait. */
const answerWithinMs = 30_000
const fetchFailed = () => new TypeError('fetch failed')

/** HTTP without sockets: each request and each answer is a parcel of the network. */
export function createSimRequests(options: Options) {
  const { client, network, scheduler, isAlive } = options

  /** @param shorten makes of an answer what is left when the connection breaks in the middle of it */
  const exchange = <Answer>(
    label: string,
    serve: (server: ServerRun) => Promise<Answer>,
    shorten: ((answer: Answer) => Answer) | null,
  ): Promise<Answer> => {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>()
    const answer = (run: () => void, cut: (() => void) | null) =>
      network.send({ kind: 'answer', to: 'client', of: client, run, fail: () => reject(fetchFailed()), cut, label })
    const answered = async (server: ServerRun) => {
      let told: () => void
      let cut: (() => void) | null = null
      try {
        const result = await serve(server)
        told = () => resolve(result)
        cut = shorten && (() => resolve(shorten(result)))
      } catch (error) {
        told = () => reject(error)
      }
      if (server.isAlive()) answer(told, cut)
      else reject(fetchFailed())
    }
    const run = () => {
      const server = options.server()
      if (!server) {
        reject(fetchFailed())
        return
      }
      void answered(server)
    }
    if (!isAlive()) return promise
    if (options.isCut()) reject(fetchFailed())
    else network.send({ kind: 'request', to: 'server', of: client, run, fail: () => reject(fetchFailed()), label })
    return promise
  }

  const get = async (url: string | URL | Request): Promise<Response> => {
    const address = url instanceof URL ? url.href : typeof url === 'string' ? url : url.url
    const serve = async (server: ServerRun) => {
      const text = await server.get(address, options.token)
      if (server.isAlive()) options.onAnswered(server, address, text)
      return text
    }
    try {
      const text = await exchange(`${client} GET ${labelOf(address)}`, serve, (whole) =>
        whole.slice(0, whole.length >> 1),
      )
      return responseOf(200, text)
    } catch (error) {
      if (!(error instanceof WireProblem)) throw error
      return responseOf(error.problem.status, JSON.stringify(error.problem))
    }
  }

  const mutate = (batch: MutationBatch): Promise<{ results: MutationResult[] }> => {
    const serve = async (server: ServerRun) => {
      const results = await server.mutate(options.token, batch)
      if (server.isAlive()) options.onMutated(server, batch, results)
      return results
    }
    const late = Promise.withResolvers<never>()
    const cancel = scheduler.after(answerWithinMs, () => late.reject(fetchFailed()))
    const numbers = batch.mutations.map(({ mutation_id }) => mutation_id).join(',')
    return Promise.race([exchange(`${client} POST mutations ${numbers}`, serve, null), late.promise])
      .then(
        (results) => {
          if (isAlive()) options.onAcknowledged(batch, results)
          return { results }
        },
        (error: unknown) => {
          if (!(error instanceof WireProblem)) throw error
          const { code, status, message, data } = error.problem
          throw new ORPCError(code, { defined: true, status, message, data })
        },
      )
      .finally(cancel)
  }

  const askTime = (nowMs: () => number) => exchange(`${client} clock`, () => Promise.resolve(nowMs()), null)

  return { fetch: get, mutate, askTime }
}

/** Without the ids that differ from run to run. */
function labelOf(address: string): string {
  const { pathname, searchParams } = new URL(address)
  const place = ['after', 'page'].flatMap((name) => searchParams.get(name) ?? []).join()
  return `${decodeURIComponent(pathname.slice('/sync/streams'.length))} ${place}`
}

/** As much of a response as is read of one; a real one costs a stream of its own. */
function responseOf(status: number, text: string): Response {
  const body = async function* () {
    yield await Promise.resolve(Buffer.from(text))
  }
  const response = {
    status,
    ok: status < 300,
    body: Object.assign(body(), { cancel: () => Promise.resolve() }),
    json: () => Promise.resolve(JSON.parse(text) as unknown),
    text: () => Promise.resolve(text),
    headers: new Headers(),
  }
  return response as unknown as Response
}
