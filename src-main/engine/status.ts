import type { SecretKeeping, ToastChannel } from '../../domain/host/messages.ts'
import type { SyncStatus } from '../../domain/rpc/session.ts'
import { readHeldSummary } from './cache/alert-store.ts'
import { countEntries } from './cache/outbox-store.ts'
import type { SessionState } from './session/session.ts'
import { toConnection } from './sync/sync-state.ts'

/** What is always visible: how level with the server, what waits, how toasts come. */
export function readStatus(
  session: SessionState,
  { toastChannel, secretKeeping }: { toastChannel: ToastChannel; secretKeeping: SecretKeeping },
): SyncStatus {
  const host = { toast_channel: toastChannel, secret_keeping: secretKeeping }
  if (session.state === 'signed_out') {
    return {
      connection: { state: 'signed_out' },
      last_synced_at: null,
      server_offset_ms: null,
      pending_changes: 0,
      refused_changes: 0,
      alerts_held: 0,
      next_release_at: null,
      ...host,
    }
  }
  const { cache, sync, clock } = session.account
  const { pending, refused } = countEntries(cache.read)
  const { held, next_release_at } = readHeldSummary(cache.read)
  return {
    connection: toConnection(sync.state.get()),
    last_synced_at: sync.lastSyncedAt(),
    server_offset_ms: clock.offsetMs(),
    pending_changes: pending,
    refused_changes: refused,
    alerts_held: held,
    next_release_at,
    ...host,
  }
}
