import type { Clock } from '../../../domain/time.ts'
import type { Scheduler } from '../scheduler.ts'

interface Options {
  clock: Clock
  scheduler: Scheduler
  /** Looks come at least this often, so a longer gap is a sleep, or a clock that was set. */
  longestGapMs: number
  /** Asks the server what time it is. */
  confirmTime: () => Promise<void>
  /** Time is as sure as it can be again. */
  settled: () => void
}

/** A slow machine may be late by this. */
const slackMs = 10_000
/** A clock that is corrected by so little is not set back. */
const backMs = 1_000
/** Alerts are shown within five seconds of waking up, so an answer is not waited for longer than this. */
const waitMs = 3_000

/**
 * Notices that time jumped: the machine slept, or somebody set its clock. Nothing is judged by a clock that may be wrong:
 * the server's time governs, so it is asked first.
 */
export function createJumpGuard({ clock, scheduler, longestGapMs, confirmTime, settled }: Options) {
  let lastMs: number | null = null
  let asked = 0
  let cancel: (() => void) | null = null

  const done = () => {
    if (!cancel) return
    cancel()
    cancel = null
    lastMs = clock.nowMs()
    settled()
  }
  const ask = () => {
    asked += 1
    const question = asked
    cancel = scheduler.after(waitMs, done)
    const answered = () => {
      if (question === asked) done()
    }
    confirmTime().then(answered, () => {})
  }

  return {
    /** @returns whether now can be relied on; when not, `settled` is called soon */
    isSure: (): boolean => {
      if (cancel) return false
      const nowMs = clock.nowMs()
      const sinceMs = lastMs === null ? 0 : nowMs - lastMs
      lastMs = nowMs
      if (sinceMs <= longestGapMs + slackMs && sinceMs >= -backMs) return true
      ask()
      return false
    },
    stop: () => {
      cancel?.()
      cancel = null
    },
  }
}
