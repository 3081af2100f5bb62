import type { CacheChange } from './engine-client.ts'

/** What changed since the last refresh. `quotes` null: too many to name. */
export interface Stale {
  quotes: ReadonlySet<string> | null
  directory: boolean
  outbox: boolean
  alerts: boolean
}

export interface Refresher {
  changed: (change: CacheChange) => void
  stop: () => void
}

function merge(stale: Stale | null, change: CacheChange): Stale {
  const quotes =
    change.quotes === null || stale?.quotes === null ? null : new Set([...(stale?.quotes ?? []), ...change.quotes])
  return {
    quotes,
    directory: change.directory || stale?.directory === true,
    outbox: change.outbox || stale?.outbox === true,
    alerts: change.alerts || stale?.alerts === true,
  }
}

/**
 * Reads again what the engine says has changed: one refresh at a time, and what changes during it goes into the
 * next. However fast changes come, there is never a queue of reads.
 */
export function createRefresher(refresh: (stale: Stale) => Promise<void>): Refresher {
  let stale: Stale | null = null
  let running = false
  let stopped = false

  const run = async () => {
    running = true
    // Stopping forgets what is stale, which ends this too.
    while (stale !== null) {
      const batch: Stale = stale
      stale = null
      await refresh(batch)
    }
    running = false
  }

  return {
    changed(change) {
      stale = merge(stale, change)
      if (!running && !stopped) void run()
    },
    stop() {
      stopped = true
      stale = null
    },
  }
}
