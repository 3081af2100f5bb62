import type { Clock } from '../../../domain/time.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Follower } from './follower.ts'

/** A lone event is applied at once; under a flood, one transaction gathers what came in this long. */
const gatherMs = 50

interface Options {
  cache: Cache
  clock: Clock
  scheduler: Scheduler
  followers: () => Iterable<Follower>
  onApplied: () => void
  onError: (error: unknown, ready: readonly Follower[]) => void
}

/** Applies ready live events of all streams together: every commit waits for the disk once. */
export function createLiveFlush({ cache, clock, scheduler, followers, onApplied, onError }: Options) {
  let lastMs = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null

  const flush = () => {
    cancel = null
    const ready = [...followers()].filter((follower) => follower.hasReady())
    if (ready.length === 0) return
    lastMs = clock.nowMs()
    try {
      cache.transact((db) => {
        for (const follower of ready) follower.flush(db)
      })
      onApplied()
    } catch (error) {
      onError(error, ready)
    }
  }

  return {
    /** Something is ready. */
    request: () => {
      if (cancel) return
      const sinceMs = clock.nowMs() - lastMs
      // A clock set back must not hold events for hours.
      const waitMs = sinceMs >= gatherMs || sinceMs < 0 ? 0 : gatherMs - sinceMs
      cancel = scheduler.after(waitMs, flush)
    },
    stop: () => {
      cancel?.()
      cancel = null
    },
  }
}
