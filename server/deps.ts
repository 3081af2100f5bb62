import type { Logger } from 'pino'
import type { Clock } from '../domain/time.ts'
import type { AccessTokens } from './auth/access-tokens.ts'
import type { IdentifyToken } from './auth/authenticate.ts'
import type { CheckPassword } from './auth/sign-in.ts'
import type { ServerConfig } from './config.ts'
import type { Limiter } from './http/limiter.ts'
import type { MetricsReader } from './metrics/read-metrics.ts'
import type { Store } from './store/store.ts'
import type { Snapshots } from './sync/snapshots.ts'
import type { StreamHashes } from './sync/stream-hash.ts'

/** What the features are made of; each takes the part it needs. */
export interface Deps {
  config: ServerConfig
  clock: Clock
  log: Logger
  store: Store
  tokens: AccessTokens
  identify: IdentifyToken
  checkPassword: CheckPassword
  metrics: MetricsReader
  snapshots: Snapshots
  hashes: StreamHashes
  limiters: Record<keyof ServerConfig['limits'], Limiter>
}
