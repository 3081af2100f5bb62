import type { Scheduler } from '../scheduler.ts'
import { SyncRequestError } from './answer-error.ts'
import { pauseMs } from './backoff.ts'

const attempts = 6
/** Asked to wait longer than this, the link is given up instead and the wait is shown as what it is: being offline. */
const longestWaitMs = 60_000

interface Options {
  scheduler: Scheduler
  random: () => number
}

/**
 * Asks again, as often as makes sense, when the server says that it is too busy and when to come back.
 * @param ask must have had no effect when it rejects with a wish to be left alone
 */
export async function patiently<Answer>(
  { scheduler, random }: Options,
  signal: AbortSignal,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask()
    } catch (error) {
      const waitMs = error instanceof SyncRequestError ? error.retryAfterMs : null
      if (waitMs === null || waitMs > longestWaitMs || attempt === attempts) throw error
      await wait(scheduler, pauseMs(attempt, waitMs, random), signal)
    }
  }
}

/** Rejects with the reason as soon as the signal aborts. */
export async function wait(scheduler: Scheduler, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const over = Promise.withResolvers<void>()
  const cancel = scheduler.after(ms, over.resolve)
  const end = () => over.reject(signal.reason as Error)
  signal.addEventListener('abort', end, { once: true })
  try {
    await over.promise
  } finally {
    cancel()
    signal.removeEventListener('abort', end)
  }
}
