import type { Clock } from '../../../domain/time.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { Log } from '../log.ts'
import type { Scheduler } from '../scheduler.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import type { OpenLink } from './link.ts'
import type { ServerClock } from './server-clock.ts'
import type { SyncHttp } from './sync-http.ts'

/** What following a server needs of its surroundings. */
export interface SyncDeps {
  serverUrl: string
  /** Holds the client id: it may change while this runs. */
  cache: Cache
  tokens: TokenKeeper
  http: SyncHttp
  openLink: OpenLink
  /** This machine's clock; `serverClock` is set by what the server says. */
  clock: Clock
  serverClock: ServerClock
  scheduler: Scheduler
  random: () => number
  log: Log
  /** The server no longer takes this sign-in; `accountEnded`: nor will it take this person again. */
  onSessionEnded: (message: string, accountEnded: boolean) => void
  /** A check has found the cache's file damaged, and the person wants it mended. */
  onDamage: () => void
}
