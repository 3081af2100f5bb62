import { mutationGapDataSchema } from '../../../domain/wire/sync-http.ts'
import type { Cache } from '../cache/open-cache.ts'
import { renumber, takeBatch, toMutation } from '../cache/outbox-store.ts'
import type { Log } from '../log.ts'
import { doNothing, type Scheduler } from '../scheduler.ts'
import { type RestClient, refusalOf } from '../session/rest-client.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import { backoffMs } from '../sync/backoff.ts'
import { settleBatch } from './settle.ts'

const batchSize = 100

interface Options {
  cache: Cache
  clientId: string
  rest: Pick<RestClient, 'sync'>
  tokens: Pick<TokenKeeper, 'accessToken' | 'invalidate'>
  scheduler: Scheduler
  random: () => number
  log: Log
  /** Whether there is a live link: otherwise nothing is sent. */
  isLive: () => boolean
}

/** Sends what waits, in order, one batch at a time. Retrying is safe: the server answers an id it knows as the first time. */
export interface Sender {
  /** Something may be waiting, or the link has come up. */
  nudge: () => void
  stop: () => void
}

export function createSender(options: Options): Sender {
  const { cache, clientId, rest, tokens, scheduler, log } = options
  let running = false
  let stopped = false
  /** Asked for while running: what was appended may have come too late for the last look. */
  let wanted = false
  let failures = 0
  let cancelRetry = doNothing

  const sendBatch = async (): Promise<'sent' | 'empty'> => {
    const waiting = cache.read.value<number>(`SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1`)
    if (waiting === undefined) return 'empty'
    const batch = cache.transact((db) => takeBatch(db, batchSize))
    // The client presents the present token; asking for one refreshes it when needed.
    await tokens.accessToken()
    const { results } = await rest.sync.mutate({ client_id: clientId, mutations: batch.map(toMutation) })
    if (stopped) return 'empty'
    settleBatch(cache, results)
    return 'sent'
  }

  const run = async () => {
    running = true
    wanted = false
    try {
      while (options.isLive() && (await sendBatch()) === 'sent') failures = 0
    } catch (error) {
      if (!stopped) recoverFrom(error)
    } finally {
      running = false
    }
    if (wanted) nudge()
  }

  const recoverFrom = (error: unknown) => {
    const refusal = refusalOf(error)
    const gap = refusal?.code === 'mutation_gap' ? mutationGapDataSchema.safeParse(refusal.data) : null
    failures += 1
    if (gap?.success) {
      log.warn({ expected: gap.data.expected_mutation_id }, 'the server has forgotten mutations: numbering again')
      cache.transact((db) => renumber(db, gap.data.expected_mutation_id))
    } else {
      log.warn({ err: error }, 'sending changes failed')
      if (refusal?.status === 401) tokens.invalidate()
    }
    cancelRetry()
    cancelRetry = scheduler.after(backoffMs(failures, options.random), nudge)
  }

  const nudge = () => {
    if (running) wanted = true
    else if (!stopped && options.isLive()) void run()
  }

  return {
    nudge,
    stop: () => {
      stopped = true
      cancelRetry()
    },
  }
}
