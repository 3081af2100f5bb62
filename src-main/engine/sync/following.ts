import { type Clock, toInstantText } from '../../../domain/time.ts'
import type { Beat, Welcome } from '../../../domain/wire/socket.ts'
import { clearStage, purgeStream } from '../cache/apply-snapshot.ts'
import type { Cache } from '../cache/open-cache.ts'
import { readStreams } from '../cache/stream-cursors.ts'
import type { Scheduler } from '../scheduler.ts'
import type { CatchUpProgress } from './catch-up-progress.ts'
import { createFollower, type Follower } from './follower.ts'
import { createLiveFlush } from './live-flush.ts'
import type { StreamMemories } from './stream-memory.ts'
import type { SyncHttp } from './sync-http.ts'
import { wordsOf } from './words.ts'

/** All streams of one session, from its welcome to its end. */
export interface Following {
  follower: (stream: string) => Follower | undefined
  /** A live event, as it came. @returns whether a stream has fallen behind */
  event: (event: unknown) => boolean
  /** @returns whether its stream is behind */
  beat: (beat: Beat) => boolean
  /** Brings all streams to their heads, one after the other: a server that many come back to is not asked for all at once. */
  catchUp: () => Promise<void>
  /** Events between the cursors and the heads. */
  missing: () => number
  /** Applies what is ready, soon. */
  flush: () => void
  /** The instant of the server up to which everything is here; null while a stream is behind. */
  levelAtMs: () => number | null
  stop: () => void
}

interface Options {
  cache: Cache
  http: SyncHttp
  clock: Clock
  scheduler: Scheduler
  memories: StreamMemories
  welcome: Welcome
  signal: AbortSignal
  progress: CatchUpProgress
  /** Something became known of a stream. */
  onNews: () => void
  /** Something was applied, or a head was told. */
  onLevel: () => void
  onError: (error: unknown) => void
}

/** I16: a right that was taken away holds at the first contact. */
function purgeUnreadable(cache: Cache, memories: StreamMemories, readable: ReadonlySet<string>): void {
  // What was accepted in a stream that never came into sight waits for nothing either (I5).
  const awaited = cache.read.values<string>(`SELECT DISTINCT ack_stream FROM outbox WHERE state = 'acknowledged'`)
  for (const stream of new Set([...readStreams(cache.read), ...awaited])) {
    if (!readable.has(stream)) cache.transact((db) => purgeStream(db, cache.expiry, stream))
  }
  for (const stream of memories.known()) {
    if (readable.has(stream)) continue
    if (memories.of(stream).staged) cache.transact((db) => clearStage(db, stream))
    memories.forget(stream)
  }
}

/** @throws when the cache cannot be written */
export function createFollowing(options: Options): Following {
  const { cache, clock, memories, welcome, signal, onNews } = options
  purgeUnreadable(cache, memories, new Set<string>(welcome.streams.map(({ stream }) => stream)))

  // The directory first: quotes then find the names they show.
  const streams = welcome.streams.toSorted(
    (a, b) => Number(b.stream.startsWith('org:')) - Number(a.stream.startsWith('org:')),
  )
  const followers = new Map<string, Follower>(
    streams.map(({ stream, head }) => [
      stream,
      createFollower({ ...options, stream, head: { epoch: welcome.epoch, head }, memory: memories.of(stream) }),
    ]),
  )
  /** When the server last told a head that the stream stood at. */
  const levelAtMs = new Map<string, number>()
  /** What the server told last, to be believed as soon as the stream stands there. */
  const toldAtMs = new Map<string, number>(streams.map(({ stream }) => [stream, welcome.server_time_ms]))

  const noteLevel = () => {
    for (const [stream, follower] of followers) {
      const at = toldAtMs.get(stream)
      if (at !== undefined && !follower.isBehind() && follower.buffered() === 0) levelAtMs.set(stream, at)
    }
    options.onLevel()
  }

  const blame = (stream: string, error: unknown) => {
    memories.of(stream).lastError = { at: toInstantText(clock.nowMs()), message: wordsOf(error) }
    onNews()
  }

  const flush = createLiveFlush({
    ...options,
    followers: () => followers.values(),
    onApplied: noteLevel,
    onError: (error, ready) => {
      for (const { stream } of ready) blame(stream, error)
      options.onError(error)
    },
  })

  const firstBehind = () => [...followers.values()].find((follower) => follower.isBehind())

  return {
    follower: (stream) => followers.get(stream),
    event: (event) => {
      const follower = followers.get(streamOf(event))
      if (!follower) return false
      if (follower.offer(event)) flush.request()
      onNews()
      return follower.isBehind()
    },
    beat: (beat) => {
      const follower = followers.get(beat.stream)
      follower?.heard(beat)
      toldAtMs.set(beat.stream, beat.server_time_ms)
      noteLevel()
      return follower?.isBehind() ?? false
    },
    catchUp: async () => {
      for (let behind = firstBehind(); behind; behind = firstBehind()) {
        try {
          await behind.catchUp(signal)
        } catch (error) {
          if (!signal.aborted) blame(behind.stream, error)
          throw error
        }
        signal.throwIfAborted()
      }
      noteLevel()
    },
    missing: () => [...followers.values()].reduce((sum, follower) => sum + follower.missing(), 0),
    flush: () => flush.request(),
    levelAtMs: () => {
      if (firstBehind() || levelAtMs.size < followers.size) return null
      return Math.min(...levelAtMs.values(), ...(followers.size === 0 ? [welcome.server_time_ms] : []))
    },
    stop: () => flush.stop(),
  }
}

function streamOf(event: unknown): string {
  const place = (event as { place?: { stream?: unknown } } | null)?.place
  return typeof place?.stream === 'string' ? place.stream : ''
}
