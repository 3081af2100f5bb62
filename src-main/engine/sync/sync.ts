import type { StreamReport, VerifyResult } from '../../../domain/rpc/sync.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import type { Welcome } from '../../../domain/wire/socket.ts'
import { clientIdOf } from '../cache/meta.ts'
import { type Cell, createCell } from '../cell.ts'
import { doNothing } from '../scheduler.ts'
import { SessionEndedError } from '../session/tokens.ts'
import { pauseMs } from './backoff.ts'
import { createFollowing } from './following.ts'
import { hearLink } from './hear-link.ts'
import { createProgress } from './progress.ts'
import { createRepairs } from './repairs.ts'
import { createStreamMemories } from './stream-memory.ts'
import { readReports } from './stream-report.ts'
import type { SyncDeps } from './sync-deps.ts'
import { type Session, type SyncState, sessionOf } from './sync-state.ts'
import { createSyncedAt } from './synced-at.ts'
import { keepUp, tellTime } from './upkeep.ts'
import { createVerifier } from './verify.ts'
import { wordsOf } from './words.ts'

export interface Sync {
  readonly state: Cell<SyncState>
  /** The last instant (server time) at which every cursor was at its head. */
  lastSyncedAt: () => string | null
  start: () => void
  stop: () => void
  /** Connect now instead of at the planned time; a link that seems live is asked whether it is. */
  retryNow: () => void
  /** Asks the server for its time; resolves when it is known anew, rejects when it cannot be asked. */
  confirmTime: () => Promise<void>
  reports: () => StreamReport[]
  /** Something of the reports may read otherwise now. */
  onReport: (listener: () => void) => () => void
  /** @throws RefusedError when it cannot be compared now */
  verify: (stream: string) => Promise<VerifyResult>
  /** Resolves when the stream was fetched again and is level. @throws RefusedError when it cannot be now */
  repair: (stream: string) => Promise<void>
}

const welcomeWithinMs = 20_000

/** Keeps the cache level with the server while there is one, and says honestly how level it is. */
export function createSync(deps: SyncDeps): Sync {
  const { cache, clock, scheduler, log, tokens } = deps
  const state = createCell<SyncState>({ state: 'stopped' })
  const synced = createSyncedAt(deps)
  const memories = createStreamMemories()
  const news = createCell(0)
  let failures = 0
  let heardAtMs = 0
  let offlineSinceMs: number | null = null

  const isCurrent = (session: Session) => sessionOf(state.get()) === session
  const onNews = () => news.set(news.get() + 1)

  const drop = () => {
    const current = state.get()
    const session = sessionOf(current)
    if (current.state === 'offline') current.cancelRetry()
    if (!session) return
    session.timers.watch()
    session.timers.renewal()
    session.following?.stop()
    session.abort.abort()
    session.link?.close()
    cache.setBulk(false)
    if (session.fruitful) failures = 0
    if (current.state === 'live') synced.keep()
  }

  const goOffline = (reason: string, retryAfterMs: number | null) => {
    drop()
    failures += 1
    offlineSinceMs ??= clock.nowMs()
    const delayMs = pauseMs(failures, retryAfterMs, deps.random)
    const cancelRetry = scheduler.after(delayMs, () => void connect())
    const retryAtMs = clock.nowMs() + delayMs
    log.info({ reason, delayMs }, 'offline')
    state.set({ state: 'offline', since_ms: offlineSinceMs, reason, retry_at_ms: retryAtMs, cancelRetry })
  }

  const fail = (session: Session, error: unknown) => {
    if (!isCurrent(session)) return
    log.warn({ err: error }, 'following the server failed')
    if (error instanceof SessionEndedError) endSession(error)
    else goOffline(wordsOf(error), retryAfterOf(error))
  }

  const endSession = (error: SessionEndedError) => {
    stop()
    deps.onSessionEnded(error.message, error.accountEnded)
  }

  const connect = async () => {
    drop()
    const timers = { watch: doNothing, renewal: doNothing }
    const session: Session = { link: null, abort: new AbortController(), following: null, fruitful: false, timers }
    state.set({ state: 'connecting', since_ms: clock.nowMs(), session })
    try {
      const token = await tokens.accessToken()
      if (!isCurrent(session)) return
      const handshake = { token, protocol: protocolVersion, client_id: clientIdOf(cache.read) }
      session.link = deps.openLink(deps.serverUrl, handshake, listen(session))
      timers.watch = scheduler.after(welcomeWithinMs, () => {
        if (isCurrent(session)) goOffline('The server does not answer.', null)
      })
    } catch (error) {
      fail(session, error)
    }
  }

  const listen = (session: Session) =>
    hearLink({
      tokens,
      random: deps.random,
      failuresBefore: () => failures,
      whileCurrent: (take) => {
        if (!isCurrent(session)) return
        heardAtMs = clock.nowMs()
        take()
      },
      follow: (welcome) => follow(session, welcome),
      event: (event) => {
        if (session.following?.event(event)) recover(session)
      },
      beat: (beat) => {
        tellTime(upkeepOf(session), session, beat.server_time_ms)
        if (session.following?.beat(beat)) recover(session)
      },
      goOffline,
      updateNeeded: (message) => {
        drop()
        state.set({ state: 'update_needed', message })
      },
    })

  const follow = (session: Session, welcome: Welcome) => {
    const upkeep = upkeepOf(session)
    keepUp(upkeep, session, welcome)
    tellTime(upkeep, session, welcome.server_time_ms)
    try {
      session.following?.stop()
      session.following = createFollowing({
        ...deps,
        memories,
        welcome,
        signal: session.abort.signal,
        progress: createProgress(state, session),
        onNews,
        onLevel: () => noteSynced(session),
        onError: (error) => fail(session, error),
      })
    } catch (error) {
      fail(session, error)
      return
    }
    void catchUp(session)
  }

  const upkeepOf = (session: Session) => ({
    ...deps,
    heardAtMs: () => heardAtMs,
    failed: (error: unknown) => fail(session, error),
    lost: (reason: string, retryAfterMs: number | null) => {
      if (isCurrent(session)) goOffline(reason, retryAfterMs)
    },
  })

  const catchUp = async (session: Session) => {
    const { following } = session
    if (!following) return
    state.set({ state: 'catching_up', session, what: 'events', done: 0, total: following.missing() })
    cache.setBulk(true)
    try {
      await following.catchUp()
    } catch (error) {
      fail(session, error)
      return
    }
    if (!isCurrent(session)) return
    cache.setBulk(false)
    failures = 0
    offlineSinceMs = null
    // Live events that came meanwhile are level with the log now.
    following.flush()
    state.set({ state: 'live', session })
    noteSynced(session)
    synced.keep()
    repairs.settle()
  }

  const recover = (session: Session) => {
    // While catching up, the loop there looks at every stream again before it ends.
    if (state.get().state === 'live') void catchUp(session)
  }

  const noteSynced = (session: Session) => {
    onNews()
    const current = state.get()
    if (current.state !== 'live' || current.session !== session) return
    const levelAtMs = session.following?.levelAtMs() ?? null
    if (levelAtMs !== null) synced.note(levelAtMs)
  }

  const stop = () => {
    drop()
    failures = 0
    state.set({ state: 'stopped' })
    repairs.giveUp()
  }

  const live = () => {
    const current = state.get()
    return current.state === 'live' ? current.session : null
  }
  const repairs = createRepairs({ memories, live, recover, onDamage: deps.onDamage })
  const verifier = createVerifier({ ...deps, memories, live, recover, onNews })
  state.subscribe(onNews)

  return {
    state,
    lastSyncedAt: synced.lastSyncedAt,
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
    confirmTime: async () => {
      const link = sessionOf(state.get())?.link
      if (!link) throw new Error('there is no link to ask for the time')
      const askedAtMs = clock.nowMs()
      const timeMs = await link.askTime()
      deps.serverClock.measured(askedAtMs, clock.nowMs(), timeMs)
    },
    reports: () => readReports(cache.read, memories, state.get()),
    onReport: news.subscribe,
    verify: verifier.verify,
    repair: repairs.repair,
  }
}

function retryAfterOf(error: unknown): number | null {
  return error instanceof Error && 'retryAfterMs' in error && typeof error.retryAfterMs === 'number'
    ? error.retryAfterMs
    : null
}
