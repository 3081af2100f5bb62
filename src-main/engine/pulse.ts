import type { Clock } from '../../domain/time.ts'
import type { Scheduler } from './scheduler.ts'

/** Runs at once when asked after a rest, else when the gap since the last run is over; many asks make one run. */
export function createPulse(deps: { scheduler: Scheduler; clock: Clock }, gapMs: number, run: () => void) {
  let lastMs = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null
  const fire = () => {
    cancel = null
    lastMs = deps.clock.nowMs()
    run()
  }
  return {
    request: () => {
      if (cancel) return
      const sinceMs = deps.clock.nowMs() - lastMs
      const waitMs = sinceMs >= gapMs || sinceMs < 0 ? 0 : gapMs - sinceMs
      cancel = deps.scheduler.after(waitMs, fire)
    },
    stop: () => {
      cancel?.()
      cancel = null
    },
  }
}
