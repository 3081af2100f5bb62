import type { Clock } from '../../domain/time.ts'
import type { Log, LogLevel } from './log.ts'
import type { Scheduler } from './scheduler.ts'
import type { OpenLink } from './sync/link.ts'

/** Everything of the outside world that the engine touches; tests put their own in. */
export interface EngineDeps {
  /** This machine's clock. What "now" is for quotes and alerts follows the server's. */
  clock: Clock
  scheduler: Scheduler
  fetch: typeof fetch
  openLink: OpenLink
  /** Uniform in [0, 1). */
  random: () => number
  /** How amounts are written in toasts, e.g. `en-GB`. */
  locale: string
  /** The IANA zone that this machine is set to; people travel, so it is asked each time. */
  machineZone: () => string
  createLog: (level: LogLevel) => Log
}
