import { setImmediate as nextTurn } from 'node:timers/promises'
import type { VerifyResult } from '../../../domain/rpc/sync.ts'
import { toInstantText } from '../../../domain/time.ts'
import type { StreamHash } from '../../../domain/wire/sync-http.ts'
import type { CacheReader } from '../cache/cache-reader.ts'
import { isDamage } from '../cache/damage.ts'
import type { Cache } from '../cache/open-cache.ts'
import { readCursor } from '../cache/stream-cursors.ts'
import { hashStream } from '../cache/stream-hash.ts'
import { RefusedError } from '../outbox/refusal.ts'
import type { Scheduler } from '../scheduler.ts'
import type { Follower } from './follower.ts'
import { wait } from './patience.ts'
import type { ServerClock } from './server-clock.ts'
import type { StreamMemories } from './stream-memory.ts'
import type { SyncHttp } from './sync-http.ts'
import type { Session } from './sync-state.ts'
import { wordsOf } from './words.ts'

interface Options {
  cache: Cache
  http: SyncHttp
  serverClock: ServerClock
  scheduler: Scheduler
  memories: StreamMemories
  live: () => Session | null
  recover: (session: Session) => void
  onNews: () => void
}

const attempts = 8
const betweenMs = 5_000

/**
 * Compares a stream with the server's copy, at one and the same place of the log, and checks the file. Reads on a
 * connection of its own, in one read transaction, slice by slice: nobody waits for it.
 */
export function createVerifier(options: Options): { verify: (stream: string) => Promise<VerifyResult> } {
  const { serverClock, memories, live, onNews } = options
  const now = () => toInstantText(serverClock.nowMs())

  const compare = async (session: Session, follower: Follower): Promise<VerifyResult> => {
    const level = await levelWithServer(options, session, follower)
    try {
      const problems = await level.reader.check()
      if (problems.length > 0) return { kind: 'damaged', problems, at: now() }
      const { rows, hash } = await hashStream(level.reader.read, follower.stream, nextTurn)
      const { seq, hash: serverHash, rows: serverRows } = level.server
      if (hash === serverHash && rows === serverRows) return { kind: 'same', seq, rows, hash, at: now() }
      return { kind: 'different', seq, rows, server_rows: serverRows, hash, server_hash: serverHash, at: now() }
    } finally {
      level.reader.close()
    }
  }

  return {
    verify: async (stream) => {
      const session = live()
      const follower = session?.following?.follower(stream)
      if (!session) throw new RefusedError('offline', 'Comparing needs the server. Try again once it is there.')
      if (!follower) throw new RefusedError('not_found', 'There is no such stream here.')
      const memory = memories.of(stream)
      if (memory.verifying) throw new RefusedError('verifying', 'It is being compared already.')
      memory.verifying = true
      onNews()
      try {
        memory.verified = await compare(session, follower)
      } catch (error) {
        if (isDamage(error)) memory.verified = { kind: 'damaged', problems: [wordsOf(error)], at: now() }
        else if (error instanceof RefusedError) throw error
        else throw new RefusedError('failed', `It could not be compared: ${wordsOf(error)}`)
      } finally {
        memory.verifying = false
        onNews()
      }
      return memory.verified
    },
  }
}

/**
 * The server's hash, and a view of this machine's copy at the same place. Applying is held back while the server is asked,
 * so that the answer is never behind us; what is missing up to its place is then pulled, exactly.
 */
async function levelWithServer(
  { cache, http, scheduler, recover }: Options,
  session: Session,
  follower: Follower,
): Promise<{ server: StreamHash; reader: CacheReader }> {
  const { signal } = session.abort
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const release = follower.hold()
    try {
      const server = await http.hash(follower.stream, signal)
      const reader = await readerAt(cache, follower, server, signal)
      if (reader) return { server, reader }
    } finally {
      release()
      session.following?.flush()
      if (follower.isBehind()) recover(session)
    }
    // The answer may be one that the server had at hand from a moment ago: the next one is newer.
    await wait(scheduler, betweenMs, signal)
  }
  throw new RefusedError('not_level', 'It changes too fast to be compared just now. Try again in a quieter moment.')
}

async function readerAt(
  cache: Cache,
  follower: Follower,
  { epoch, seq }: StreamHash,
  signal: AbortSignal,
): Promise<CacheReader | null> {
  const cursor = readCursor(cache.read, follower.stream)
  if (cursor?.epoch !== epoch || cursor.seq > seq) return null
  await follower.pullTo(seq, signal)
  const reader = cache.openReader()
  const seen = readCursor(reader.read, follower.stream)
  if (seen?.epoch === epoch && seen.seq === seq) return reader
  reader.close()
  return null
}
