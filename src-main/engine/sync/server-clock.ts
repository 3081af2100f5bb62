import type { Clock } from '../../../domain/time.ts'

/** The server's time, as well as it is known: what decides "now" for expiry and alerts. */
export interface ServerClock extends Clock {
  /** A moment of the server that has just arrived, without knowing how long it was under way. */
  hint: (serverTimeMs: number) => 'plausible' | 'measure'
  /** A question that was answered with the server's time; the answer is taken to be from half-way. */
  measured: (askedAtMs: number, answeredAtMs: number, serverTimeMs: number) => void
  /** Server time minus this machine's; null before the first measurement ever. */
  offsetMs: () => number | null
}

/** A link may be slow by this much before the offset counts as wrong. */
const toleranceMs = 2_000
/** An answer that seems to have taken longer says nothing: the machine slept meanwhile, or its clock was set. */
const longestAnswerMs = 10_000

/**
 * Before the first contact of a run the offset that an earlier run measured holds; before any, the machine's own clock is
 * all there is.
 */
export function createServerClock(clock: Clock, kept: number | null = null): ServerClock {
  let offsetMs = kept
  /** Whether this run has heard of the server's time. */
  let known = false
  const nowMs = () => clock.nowMs() + (offsetMs ?? 0)
  return {
    nowMs,
    offsetMs: () => offsetMs,
    hint: (serverTimeMs) => {
      const aheadMs = serverTimeMs - nowMs()
      if (known && Math.abs(aheadMs) <= toleranceMs) return 'plausible'
      // What seems to come from the past may be a beat that was under way while the machine slept: only asking tells.
      if (known && aheadMs < 0) return 'measure'
      offsetMs = serverTimeMs - clock.nowMs()
      known = true
      return 'measure'
    },
    measured: (askedAtMs, answeredAtMs, serverTimeMs) => {
      if (answeredAtMs < askedAtMs || answeredAtMs - askedAtMs > longestAnswerMs) return
      offsetMs = Math.round(serverTimeMs - (askedAtMs + answeredAtMs) / 2)
      known = true
    },
  }
}
