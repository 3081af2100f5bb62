import type { Clock } from '../../../domain/time.ts'

/** The server's time, as well as it is known: what decides "now" for expiry and alerts. */
export interface ServerClock extends Clock {
  /** A moment of the server that has just arrived, without knowing how long it was under way. */
  hint: (serverTimeMs: number) => 'plausible' | 'measure'
  /** A question that was answered with the server's time; the answer is taken to be from half-way. */
  measured: (askedAtMs: number, answeredAtMs: number, serverTimeMs: number) => void
}

/** A link may be slow by this much before the offset counts as wrong. */
const toleranceMs = 2_000

/** Before the first contact the machine's own clock is all there is. */
export function createServerClock(clock: Clock): ServerClock {
  let offsetMs = 0
  let known = false
  return {
    nowMs: () => clock.nowMs() + offsetMs,
    hint: (serverTimeMs) => {
      const offBy = Math.abs(serverTimeMs - (clock.nowMs() + offsetMs))
      if (known && offBy <= toleranceMs) return 'plausible'
      offsetMs = serverTimeMs - clock.nowMs()
      known = true
      return 'measure'
    },
    measured: (askedAtMs, answeredAtMs, serverTimeMs) => {
      offsetMs = Math.round(serverTimeMs - (askedAtMs + answeredAtMs) / 2)
      known = true
    },
  }
}
