import type { Clock } from '../../../domain/time.ts'
import { toInstantText } from '../../../domain/time.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import type { HandshakeRefusal, Welcome } from '../../../domain/wire/socket.ts'
import { purgeStream } from '../cache/apply-snapshot.ts'
import { readMeta, writeMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { readStreams } from '../cache/stream-cursors.ts'
import { type Cell, createCell } from '../cell.ts'
import type { Log } from '../log.ts'
import { doNothing, every, type Scheduler } from '../scheduler.ts'
import { SessionEndedError, type TokenKeeper } from '../session/tokens.ts'
import { backoffMs } from './backoff.ts'
import { createFollower, type Follower } from './follower.ts'
import type { LinkListener, OpenLink } from './link.ts'
import { createLiveFlush } from './live-flush.ts'
import type { ServerClock } from './server-clock.ts'
import type { SyncHttp } from './sync-http.ts'
import { type Session, type SyncState, sessionOf } from './sync-state.ts'

export interface SyncDeps {
  serverUrl: string
  clientId: string
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
  /** The server no longer takes this sign-in. */
  onSessionEnded: (message: string) => void
}

export interface Sync {
  readonly state: Cell<SyncState>
  /** The last instant (server time) at which every cursor was at its head. */
  lastSyncedAt: () => string | null
  start: () => void
  stop: () => void
  /** Connect now instead of at the planned time; a link that seems live is asked whether it is. */
  retryNow: () => void
}

/** A beat is late by this many periods: the link is half open, or the server stuck. Either way it is no link. */
const silentBeats = 2.5
const welcomeWithinMs = 20_000
const keepSyncedEveryMs = 60_000

/** Keeps the cache level with the server while there is one, and says honestly how level it is. */
export function createSync(deps: SyncDeps): Sync {
  const { cache, clock, serverClock, scheduler, log } = deps
  const state = createCell<SyncState>({ state: 'stopped' })
  let followers = new Map<string, Follower>()
  let failures = 0
  let heardAtMs = 0
  let stopWatch = doNothing
  let offlineSinceMs: number | null = null
  let lastSyncedAt = readMeta(cache.read, 'last_synced_at')
  let keptAtMs = Number.NEGATIVE_INFINITY

  const isCurrent = (session: Session) => sessionOf(state.get()) === session

  const drop = () => {
    const session = sessionOf(state.get())
    const current = state.get()
    if (current.state === 'offline') current.cancelRetry()
    stopWatch()
    flush.stop()
    session?.abort.abort()
    session?.link?.close()
    if (session) cache.setBulk(false)
    if (current.state === 'live') keepSyncedAt()
  }

  const goOffline = (reason: string, retryAfterMs: number | null) => {
    drop()
    failures += 1
    offlineSinceMs ??= clock.nowMs()
    const delayMs = retryAfterMs ?? backoffMs(failures, deps.random)
    const cancelRetry = scheduler.after(delayMs, () => void connect())
    const retryAtMs = clock.nowMs() + delayMs
    log.info({ reason, delayMs }, 'offline')
    state.set({ state: 'offline', since_ms: offlineSinceMs, reason, retry_at_ms: retryAtMs, cancelRetry })
  }

  const fail = (session: Session, error: unknown) => {
    if (!isCurrent(session)) return
    if (error instanceof SessionEndedError) endSession(error.message)
    else goOffline(wordsOf(error), null)
    log.warn({ err: error }, 'following the server failed')
  }

  const endSession = (message: string) => {
    stop()
    deps.onSessionEnded(message)
  }

  const connect = async () => {
    drop()
    const connecting: SyncState = { state: 'connecting', since_ms: clock.nowMs(), session: null }
    state.set(connecting)
    let token: string
    try {
      token = await deps.tokens.accessToken()
    } catch (error) {
      if (state.get() !== connecting) return
      if (error instanceof SessionEndedError) endSession(error.message)
      else goOffline(wordsOf(error), null)
      return
    }
    if (state.get() !== connecting) return
    const handshake = { token, protocol: protocolVersion, client_id: deps.clientId }
    const session: Session = { link: null, abort: new AbortController() }
    state.set({ ...connecting, session })
    session.link = deps.openLink(deps.serverUrl, handshake, listen(session))
    stopWatch = scheduler.after(welcomeWithinMs, () => {
      if (isCurrent(session)) goOffline('The server does not answer.', null)
    })
  }

  const listen = (session: Session): LinkListener => {
    const whileCurrent =
      <Args extends unknown[]>(take: (...args: Args) => void) =>
      (...args: Args) => {
        if (!isCurrent(session)) return
        heardAtMs = clock.nowMs()
        take(...args)
      }
    return {
      welcome: whileCurrent((welcome) => follow(session, welcome)),
      event: whileCurrent((event) => {
        const follower = followers.get(streamOf(event))
        if (!follower) return
        if (follower.offer(event)) flush.request()
        if (follower.isBehind()) recover(session)
      }),
      beat: whileCurrent((beat) => {
        tellTime(session, beat.server_time_ms)
        const follower = followers.get(beat.stream)
        follower?.heard(beat)
        if (follower?.isBehind()) recover(session)
        else noteSynced()
      }),
      ended: whileCurrent((ended) => {
        if (ended.code === 'unauthorised') deps.tokens.invalidate()
        const again = ended.code === 'permissions_changed' || ended.code === 'unauthorised'
        // Many are told at once when rights change, hence the spread.
        goOffline(ended.message, again && failures === 0 ? deps.random() * 1_000 : null)
      }),
      refused: whileCurrent((refusal) => refused(refusal)),
      closed: whileCurrent((reason) => goOffline(reason, null)),
    }
  }

  const refused = (refusal: HandshakeRefusal) => {
    if (refusal.code === 'protocol_mismatch') {
      drop()
      state.set({ state: 'update_needed', message: refusal.message })
      return
    }
    // A refreshed token settles this; when even that is not taken, the refresh says so.
    if (refusal.code === 'unauthorised') deps.tokens.invalidate()
    goOffline(refusal.message, refusal.code === 'unauthorised' && failures === 0 ? 0 : refusal.retry_after_ms)
  }

  const follow = (session: Session, welcome: Welcome) => {
    stopWatch()
    stopWatch = every(scheduler, welcome.beat_ms / 2, () => {
      if (clock.nowMs() - heardAtMs <= silentBeats * welcome.beat_ms || !isCurrent(session)) return
      goOffline('The server has fallen silent.', null)
    })
    tellTime(session, welcome.server_time_ms)
    const readable = new Set<string>(welcome.streams.map(({ stream }) => stream))
    try {
      // I16: a right that was taken away holds at the first contact.
      for (const stream of readStreams(cache.read)) {
        if (!readable.has(stream)) cache.transact((db) => purgeStream(db, cache.expiry, stream))
      }
    } catch (error) {
      fail(session, error)
      return
    }
    const progress = progressOf(session)
    // The directory first: quotes then find the names they show.
    const streams = welcome.streams.toSorted(
      (a, b) => Number(b.stream.startsWith('org:')) - Number(a.stream.startsWith('org:')),
    )
    followers = new Map(
      streams.map(({ stream, head }) => [
        stream,
        createFollower({ stream, cache, http: deps.http, head: { epoch: welcome.epoch, head }, progress }),
      ]),
    )
    void catchUp(session)
  }

  const progressOf = (session: Session) => {
    const add = (what: 'events' | 'snapshot', done: number, total: number) => {
      const current = state.get()
      if (current.state !== 'catching_up' || current.session !== session) return
      state.set({ ...current, what, done: current.done + done, total: current.total + total })
    }
    return {
      snapshotBegins: (total: number) => add('snapshot', 0, total),
      rows: (count: number) => add('snapshot', count, 0),
      events: (count: number) => {
        const current = state.get()
        if (current.state === 'catching_up') add(current.what, count, Math.max(0, current.done + count - current.total))
      },
    }
  }

  const catchUp = async (session: Session) => {
    const total = [...followers.values()].reduce((sum, follower) => sum + follower.missing(), 0)
    state.set({ state: 'catching_up', session, what: 'events', done: 0, total })
    cache.setBulk(true)
    try {
      for (let behind = firstBehind(); behind; behind = firstBehind()) {
        await behind.catchUp(session.abort.signal)
        if (!isCurrent(session)) return
      }
    } catch (error) {
      fail(session, error)
      return
    }
    cache.setBulk(false)
    failures = 0
    offlineSinceMs = null
    // Live events that came meanwhile are level with the log now.
    flush.request()
    state.set({ state: 'live', session })
    noteSynced()
    keepSyncedAt()
  }

  const firstBehind = () => [...followers.values()].find((follower) => follower.isBehind())

  const recover = (session: Session) => {
    // While catching up, the loop there looks at every follower again before it ends.
    if (state.get().state === 'live') void catchUp(session)
  }

  const flush = createLiveFlush({
    cache,
    clock,
    scheduler,
    followers: () => followers.values(),
    onApplied: () => {},
    onError: (error) => {
      const session = sessionOf(state.get())
      if (session) fail(session, error)
    },
  })

  const noteSynced = () => {
    if (state.get().state !== 'live') return
    lastSyncedAt = toInstantText(serverClock.nowMs())
    if (clock.nowMs() - keptAtMs >= keepSyncedEveryMs) keepSyncedAt()
  }

  /** Written now and then, not at every beat: it would cost a flush of the disk each time. */
  const keepSyncedAt = () => {
    const at = lastSyncedAt
    if (at === null) return
    keptAtMs = clock.nowMs()
    try {
      cache.transact((db) => {
        writeMeta(db, 'last_synced_at', at)
        if (readMeta(db, 'first_sync_done') === null) writeMeta(db, 'first_sync_done', at)
        db.touched.streams()
      })
    } catch (error) {
      // A full disk: the next one may be kept. Following, and reading above all, goes on.
      log.warn({ err: error }, 'when this was synced last could not be kept')
    }
  }

  const tellTime = (session: Session, serverTimeMs: number) => {
    if (serverClock.hint(serverTimeMs) === 'plausible') return
    const askedAtMs = clock.nowMs()
    session.link?.askTime().then(
      (timeMs) => serverClock.measured(askedAtMs, clock.nowMs(), timeMs),
      (error: unknown) => log.debug({ err: error }, 'the server did not tell its time'),
    )
  }

  const stop = () => {
    drop()
    failures = 0
    state.set({ state: 'stopped' })
  }

  return {
    state,
    lastSyncedAt: () => lastSyncedAt,
    start: () => {
      if (state.get().state === 'stopped') void connect()
    },
    stop,
    retryNow: () => {
      const current = state.get()
      if (current.state === 'offline' || current.state === 'update_needed') void connect()
      if (current.state !== 'live') return
      const { session } = current
      session.link?.askTime().catch(() => {
        if (isCurrent(session)) goOffline('The connection to the server was lost.', 0)
      })
    },
  }
}

function streamOf(event: unknown): string {
  const place = (event as { place?: { stream?: unknown } } | null)?.place
  return typeof place?.stream === 'string' ? place.stream : ''
}

/** Words for a person. What we did not foresee is named as it is: it belongs into a report. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'The server cannot be reached.'
  // fetch says "fetch failed" for every way in which a server is away.
  if (error.name === 'TypeError' && error.message === 'fetch failed') return 'The server cannot be reached.'
  return error.message
}
