import { createGate } from '../auth/gate.ts'
import { ProblemError } from './problem-error.ts'

/** How much of one kind of work is done at once, and how much of it may wait. */
export interface TurnstileConfig {
  atOnce: number
  maxWaiting: number
}

/** Lets work through, so much at once; some waits its turn; the rest is told when to come back. */
export interface Turnstile {
  /** @throws ProblemError too_many_requests with retry_after_ms */
  pass<T>(work: () => Promise<T>): Promise<T>
}

const firstGuessMs = 5
/** How much the newest duration counts in the average. */
const weight = 0.1
const soonestMs = 250
const leastSpreadMs = 1_000
const longestMs = 60_000

/**
 * Those turned away are told instants spread over the time that all who wait and all who were turned away will take, so
 * that they do not come back as the crowd they were.
 * @param what is done, as in "Too many … at once"
 * @param random uniform in [0, 1)
 */
export function createTurnstile(
  { atOnce, maxWaiting }: TurnstileConfig,
  what: string,
  random: () => number = Math.random,
): Turnstile {
  const gate = createGate(atOnce)
  let inside = 0
  let turnedAway = 0
  let averageMs = firstGuessMs

  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const startedMs = performance.now()
    try {
      return await work()
    } finally {
      averageMs += (performance.now() - startedMs - averageMs) * weight
    }
  }

  const refusal = (): ProblemError => {
    turnedAway += 1
    const drainMs = ((inside + turnedAway) * averageMs) / atOnce
    const spreadMs = Math.min(longestMs, Math.max(leastSpreadMs, drainMs))
    const retryAfterMs = Math.round(soonestMs + random() * spreadMs)
    return new ProblemError('too_many_requests', `Too many ${what} at once. Try again a little later.`, {
      retry_after_ms: retryAfterMs,
    })
  }

  return {
    pass: async (work) => {
      if (inside >= atOnce + maxWaiting) throw refusal()
      inside += 1
      try {
        return await gate(() => timed(work))
      } finally {
        inside -= 1
        if (inside === 0) turnedAway = 0
      }
    },
  }
}
