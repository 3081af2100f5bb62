import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Limit } from '../config.ts'
import { ProblemError } from './problem-error.ts'

/** Counts what one key does; refuses with when to come back. */
export interface Limiter {
  /** @throws ProblemError too_many_requests */
  take(key: string): Promise<void>
  /** Gives one point back, as after a success. */
  forgive(key: string): Promise<void>
}

export function createLimiter({ points, periodMs }: Limit, what: string): Limiter {
  const limiter = new RateLimiterMemory({ points, duration: periodMs / 1000 })
  return {
    take: async (key) => {
      try {
        await limiter.consume(key)
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal
        const retryAfterMs = Math.max(1, Math.ceil(refusal.msBeforeNext))
        throw new ProblemError(
          'too_many_requests',
          `Too many ${what}. Wait ${Math.ceil(retryAfterMs / 1000)} s and try again.`,
          { retry_after_ms: retryAfterMs },
        )
      }
    },
    forgive: async (key) => {
      await limiter.reward(key)
    },
  }
}
