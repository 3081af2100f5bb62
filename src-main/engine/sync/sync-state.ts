import type { Connection } from '../../../domain/rpc/session.ts'
import { toInstantText } from '../../../domain/time.ts'
import type { Following } from './following.ts'
import type { Link } from './link.ts'

/** One connection while it lives: dropped as a whole, and with it whatever it had started. */
export interface Session {
  /** Null until the attempt to connect has been made. */
  link: Link | null
  abort: AbortController
  /** Null until the server has said welcome. */
  following: Following | null
  /** Something was applied: losing this link is no sign of a server in trouble. */
  fruitful: boolean
  /** What runs on timers for it: the wait for a welcome or for beats, the renewal of its token. */
  timers: { watch: () => void; renewal: () => void }
}

/**
 * stopped ─start→ connecting ─welcome→ catching_up ─at head→ live
 *                     ↑  └──────────────┬──────gap──────┘  │
 *                     └──retry_at── offline ←──lost─────────┘      any ─protocol→ update_needed
 */
export type SyncState =
  | { state: 'stopped' }
  | { state: 'connecting'; since_ms: number; session: Session }
  | { state: 'catching_up'; session: Session; what: 'events' | 'snapshot'; done: number; total: number }
  | { state: 'live'; session: Session }
  | { state: 'offline'; since_ms: number; reason: string; retry_at_ms: number; cancelRetry: () => void }
  | { state: 'update_needed'; message: string }

export function toConnection(state: SyncState): Connection {
  switch (state.state) {
    case 'stopped':
      return { state: 'signed_out' }
    case 'connecting':
      return { state: 'connecting', since: toInstantText(state.since_ms) }
    case 'catching_up':
      return { state: 'catching_up', what: state.what, done: Math.min(state.done, state.total), total: state.total }
    case 'live':
      return { state: 'live' }
    case 'offline':
      return {
        state: 'offline',
        since: toInstantText(state.since_ms),
        reason: state.reason,
        retry_at: toInstantText(state.retry_at_ms),
      }
    case 'update_needed':
      break
  }
  return { state: 'update_needed', message: state.message }
}

export function sessionOf(state: SyncState): Session | null {
  return 'session' in state ? state.session : null
}
