import type { StreamReport } from '../../../domain/rpc/sync.ts'
import { readTeam } from '../cache/directory-store.ts'
import type { ReadableDb } from '../cache/sql.ts'
import { readCursor, readStreams } from '../cache/stream-cursors.ts'
import type { Follower } from './follower.ts'
import type { StreamMemories, StreamMemory } from './stream-memory.ts'
import { type SyncState, sessionOf } from './sync-state.ts'

/** Every stream that is here or on its way, the directory first, as the sync panel shows it. */
export function readReports(db: ReadableDb, memories: StreamMemories, state: SyncState): StreamReport[] {
  const streams = new Set([...readStreams(db), ...memories.known()])
  const reports = [...streams].map((stream) => {
    const follower = sessionOf(state)?.following?.follower(stream)
    return reportOf(db, stream, memories.of(stream), state, follower)
  })
  return reports.sort((a, b) => rank(a.stream) - rank(b.stream) || a.label.localeCompare(b.label))
}

const rank = (stream: string) => (stream.startsWith('org:') ? 0 : 1)

function reportOf(
  db: ReadableDb,
  stream: string,
  memory: StreamMemory,
  state: SyncState,
  follower: Follower | undefined,
): StreamReport {
  const cursor = readCursor(db, stream)
  const head = follower?.head() ?? null
  const seq = cursor?.seq ?? 0
  const sameHistory = head !== null && (cursor === null || cursor.epoch === head.epoch)
  return {
    stream,
    label: labelOf(db, stream),
    state: stateOf(memory, state, follower),
    epoch: cursor?.epoch ?? null,
    seq,
    head: head?.head ?? null,
    gap: sameHistory ? Math.max(0, head.head - seq) : 0,
    buffered: follower?.buffered() ?? 0,
    last_event_at: memory.lastEventAt,
    last_error: memory.lastError,
    verified: memory.verified,
  }
}

function stateOf(memory: StreamMemory, state: SyncState, follower: Follower | undefined): StreamReport['state'] {
  if (!follower || (state.state !== 'live' && state.state !== 'catching_up')) return 'offline'
  if (memory.wantsSnapshot) return 'repairing'
  if (memory.verifying) return 'verifying'
  return follower.isBehind() ? 'catching_up' : 'level'
}

function labelOf(db: ReadableDb, stream: string): string {
  const [kind, id = ''] = stream.split(':')
  if (kind === 'org') return 'Directory'
  if (kind === 'user') return 'Alerts and settings'
  return (kind === 'team' ? readTeam(db, id)?.name : undefined) ?? stream
}
