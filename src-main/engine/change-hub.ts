import type { CacheChange } from '../../domain/rpc/contract.ts'
import type { Clock } from '../../domain/time.ts'
import type { CommittedTouch } from './cache/touched.ts'
import { touchesQuotes } from './cache/touched.ts'
import { createPulse } from './pulse.ts'
import type { Scheduler } from './scheduler.ts'

/** At most this often views hear of changes; what happens between is told together. */
const gapMs = 100
const namedQuotes = 500

export const everythingChanged: CacheChange = { quotes: null, directory: true, outbox: true, alerts: true }

/** Tells views what to read again. */
export interface ChangeHub {
  touched: (touch: CommittedTouch) => void
  /** Another cache altogether. */
  everything: () => void
  subscribe: (listener: (change: CacheChange) => void) => () => void
  stop: () => void
}

export function createChangeHub(deps: { scheduler: Scheduler; clock: Clock }): ChangeHub {
  const listeners = new Set<(change: CacheChange) => void>()
  let gathered: CacheChange | null = null
  const pulse = createPulse(deps, gapMs, () => {
    const change = gathered
    gathered = null
    if (change) for (const listener of listeners) listener(change)
  })
  const add = (change: CacheChange) => {
    gathered = gathered ? mergeChanges(gathered, change) : change
    pulse.request()
  }
  return {
    touched: (touch) => {
      const { directory, outbox } = touch
      const alerts = touch.alerts || touch.settings
      if (!touchesQuotes(touch) && !directory && !outbox && !alerts) return
      add({ quotes: touch.quotes && [...touch.quotes], directory, outbox, alerts })
    },
    everything: () => add(everythingChanged),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    stop: () => pulse.stop(),
  }
}

export function mergeChanges(a: CacheChange, b: CacheChange): CacheChange {
  const ids = a.quotes && b.quotes ? new Set([...a.quotes, ...b.quotes]) : null
  return {
    quotes: ids && ids.size <= namedQuotes ? [...ids] : null,
    directory: a.directory || b.directory,
    outbox: a.outbox || b.outbox,
    alerts: a.alerts || b.alerts,
  }
}
