import { randomUUID } from 'node:crypto'
import { retryDataSchema } from '../../../domain/wire/problem.ts'
import { mutationGapDataSchema } from '../../../domain/wire/sync-http.ts'
import { readMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import {
  type BatchLimit,
  type NumberedEdit,
  renameClient,
  renumber,
  takeBatch,
  toMutation,
} from '../cache/outbox-store.ts'
import type { Log } from '../log.ts'
import type { Scheduler } from '../scheduler.ts'
import { type RestClient, refusalOf } from '../session/rest-client.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import { pauseMs } from '../sync/backoff.ts'
import { settleBatch, settleUnreadable } from './settle.ts'

/** One answer for all of it: what makes a thousand queued edits cost one durable write at either end. */
const defaultBatch: BatchLimit = { entries: 1_000, bytes: 500_000 }
/** Refusals of what was sent, whoever sends it and however often. */
const unreadable = ['invalid_request', 'payload_too_large']

interface Options {
  cache: Cache
  rest: Pick<RestClient, 'sync'>
  tokens: Pick<TokenKeeper, 'accessToken' | 'invalidate'>
  scheduler: Scheduler
  random: () => number
  log: Log
  /** Whether there is a live link: otherwise nothing is sent. */
  isLive: () => boolean
  /** At most so much in one request; 1,000 edits or 500 kB unless told. */
  batch?: BatchLimit
}

/** Sends what waits, in order, one batch at a time. Retrying is safe: the server answers an id it knows as the first time. */
export interface Sender {
  /** Something may be waiting, or the link has come up. */
  nudge: () => void
  stop: () => void
}

export function createSender(options: Options): Sender {
  const { cache, rest, tokens, scheduler, log, batch: limit = defaultBatch } = options
  let running = false
  let stopped = false
  /** Asked for while running: what was appended may have come too late for the last look. */
  let wanted = false
  let failures = 0
  /** Set while a pause after a failure lasts: nothing is sent then, whoever asks. */
  let pause: (() => void) | null = null
  /** At most so many at once: halved when the server would not read a batch, for one of them is why. */
  let width = limit.entries

  const sendBatch = async (): Promise<'sent' | 'empty'> => {
    const waiting = cache.read.value<number>(`SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1`)
    if (waiting === undefined) return 'empty'
    const batch = cache.transact((db) => takeBatch(db, { ...limit, entries: width }))
    // The client presents the present token; asking for one refreshes it when needed.
    await tokens.accessToken()
    const client_id = readMeta(cache.read, 'client_id')
    if (client_id === null) throw new Error('the cache has no client id: open the account first')
    try {
      const { results } = await rest.sync.mutate({ client_id, mutations: batch.map(toMutation) })
      if (!stopped) settleBatch(cache, results)
    } catch (error) {
      const refusal = refusalOf(error)
      if (stopped || refusal === null || !unreadable.includes(refusal.code)) throw error
      narrowDown(batch, refusal.message)
      return 'sent'
    }
    width = Math.min(limit.entries, width * 2)
    return stopped ? 'empty' : 'sent'
  }

  /** I5: sending the same again would be refused for ever, and hold up everything behind it. */
  const narrowDown = (batch: readonly NumberedEdit[], message: string) => {
    const [only, ...others] = batch
    if (only === undefined) return
    if (others.length > 0) {
      log.warn({ message, changes: batch.length }, 'the server will not read a batch: sending it in halves')
      width = Math.ceil(batch.length / 2)
      return
    }
    log.warn({ message, entry: only.entry }, 'the server will not read a change: refused')
    // Its number is left as it is: whether the server counts it is the server's to say, by a mutation gap.
    settleUnreadable(cache, only, message)
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
    } else if (refusal?.code === 'forbidden') {
      log.warn({ err: error }, 'the client id is somebody else’s: going on under a new one')
      cache.transact((db) => renameClient(db, randomUUID()))
    } else {
      log.warn({ err: error }, 'sending changes failed')
      if (refusal?.status === 401) tokens.invalidate()
    }
    const told = retryDataSchema.safeParse(refusal?.data)
    pauseFor(pauseMs(failures, told.success ? told.data.retry_after_ms : null, options.random))
  }

  const pauseFor = (delayMs: number) => {
    pause?.()
    pause = scheduler.after(delayMs, () => {
      pause = null
      nudge()
    })
  }

  const nudge = () => {
    if (running) wanted = true
    else if (!stopped && pause === null && options.isLive()) void run()
  }

  return {
    nudge,
    stop: () => {
      stopped = true
      pause?.()
    },
  }
}
