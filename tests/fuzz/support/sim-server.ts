import path from 'node:path'
import { call } from '@orpc/server'
import type { Request, Response } from 'express'
import { pino } from 'pino'
import type { Person } from '../../../domain/directory.ts'
import type { Clock } from '../../../domain/time.ts'
import type { Problem } from '../../../domain/wire/problem.ts'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import type { MutationBatch, MutationResult } from '../../../domain/wire/sync-http.ts'
import { serverConfig } from '../../../server/config.ts'
import type { Deps } from '../../../server/deps.ts'
import { signedInRest } from '../../../server/http/rest.ts'
import { internalProblem, toProblem } from '../../../server/http/to-problem.ts'
import { startFanOut } from '../../../server/socket/fan-out.ts'
import { welcome } from '../../../server/socket/welcome.ts'
import { openRaw, type RawDatabase } from '../../../server/store/connect.ts'
import { openStore, type Store } from '../../../server/store/store.ts'
import { mutateRoute } from '../../../server/sync/mutate-route.ts'
import { syncRoutes } from '../../../server/sync/routes.ts'
import { createSnapshots } from '../../../server/sync/snapshots.ts'
import { createStreamHashes } from '../../../server/sync/stream-hash.ts'
import { type CrashPoint, createCrashPoint } from './crash-point.ts'
import { createFakeIo, type FakeSocket } from './fake-io.ts'
import { copyAsKilled, removeDatabase, tearWal, walBytes } from './files.ts'
import type { Sabotage } from './sabotage.ts'
import { settle } from './virtual-time.ts'

/** A refusal as it crosses the wire. */
export class WireProblem extends Error {
  override name = 'WireProblem'
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.message)
    this.problem = problem
  }
}

/** One run of the server process on its files. */
export interface ServerRun {
  readonly file: string
  readonly store: Store
  /** For the checker: what is committed, seen from outside. */
  readonly look: RawDatabase
  readonly crashPoint: CrashPoint
  isAlive: () => boolean
  /** Whether it is in the middle of something; a dead one is not. */
  isBusy: () => boolean
  /** A command of the office, in one transaction; that it got no answer from a dead process is no fault. */
  transact: (work: Parameters<Store['transact']>[0]) => Promise<void>
  get: (url: string, token: string) => Promise<string>
  mutate: (token: string, batch: MutationBatch) => Promise<MutationResult[]>
  connect: (
    auth: { token: string },
    send: (name: string, text: string) => void,
    onClosed: () => void,
  ) => Promise<FakeSocket>
  sockets: () => FakeSocket[]
  beat: () => Promise<void>
  /** The process is gone this instant; what it was doing goes on without effect on `into`. */
  kill: (into: string, torn: boolean) => void
}

export interface ServerRunOptions {
  file: string
  clock: Clock
  sabotage: Sabotage
  /** Hears of commits before anybody else. */
  onCommitted: (events: readonly StreamEvent[]) => void
  onDead: (moment: string) => void
}

const beatMs = 10_000
/** Small, so that short histories already have several pages, fall behind, and lose their snapshots. */
const settings = {
  beatMs,
  maxEventsBehind: 25,
  snapshot: { pageRows: 3, shareMs: 1_000, keepMs: 20_000, maxKept: 3 },
}
/** The moment when SQLite has written a commit, and nobody has been told yet. */
export const afterCommit = 'after commit'
const noLimits = new Proxy({}, { get: () => ({ take: () => Promise.resolve(), forgive: () => Promise.resolve() }) })

export async function startServerRun(options: ServerRunOptions): Promise<ServerRun> {
  const { file, clock, sabotage } = options
  const crashPoint = createCrashPoint()
  let alive = true
  const isAlive = () => alive
  const store = await openStore({ file, clock, onListenerError: (error) => void (listenerError ??= error) })
  let listenerError: unknown = null
  const raw = rawOf(store)
  const walBefore = { bytes: 0 }
  watchStatements(raw, crashPoint, walBefore)
  const look = openRaw(file, 'read')
  const config = serverConfig({ dataDir: path.dirname(file), ...settings })
  const log = pino({ level: 'silent' })
  const fake = createFakeIo(isAlive)
  const sockets = new Set<FakeSocket>()
  // Tokens are left out of the simulation: one is the person's id, judged by what the database says of the person now.
  const find = createPersonFinder(look)
  const identify: Deps['identify'] = (token) => {
    const caller = find(token)
    return Promise.resolve(caller?.active ? { caller, family: '', expiresAtMs: Number.MAX_SAFE_INTEGER } : null)
  }
  const snapshots = createSnapshots(store, clock, config.snapshot)
  const hashes = createStreamHashes(store, clock, config.hashes)
  const deps = { config, clock, log, store, identify, snapshots, hashes, limiters: noLimits } as unknown as Deps
  store.onCommitted((events) => {
    if (alive) options.onCommitted(events)
  })
  startFanOut(fake.io, deps)
  const routes = syncRoutes(deps)
  const mutate = mutateRoute(signedInRest(deps), deps)

  const die = (moment: string) => {
    if (!alive) return
    options.onDead(moment)
  }
  let doing = 0
  const busily =
    <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      doing += 1
      try {
        return await work(...args)
      } finally {
        doing -= 1
      }
    }

  return {
    file,
    store,
    look,
    crashPoint: { ...crashPoint, arm: (n, onHit) => crashPoint.arm(n, (moment) => (onHit(moment), die(moment))) },
    isAlive,
    isBusy: () => alive && doing > 0,
    transact: busily(async (work) => {
      await store.transact(work).catch((error: unknown) => {
        if (alive) throw error
      })
    }),
    get: busily(async (url: string, token: string) => {
      const { pathname, searchParams } = new URL(url)
      const [, stream = '', what = ''] = /^\/sync\/streams\/([^/]+)\/(\w+)$/.exec(pathname) ?? []
      const handler = (routes as Record<string, (typeof routes)['events']>)[what]
      if (!handler) throw new Error(`there is no route ${pathname}`)
      let sent = ''
      const request = {
        headers: { authorization: `Bearer ${token}` },
        params: { stream: decodeURIComponent(stream) },
        query: Object.fromEntries(searchParams),
      }
      try {
        await handler(
          request as unknown as Request,
          responseInto((text) => void (sent += text)),
          (error) => {
            if (error) throw error
          },
        )
      } catch (error) {
        throw problemOf(error)
      }
      return sabotage.onText ? sabotage.onText(url, sent) : sent
    }),
    mutate: busily(async (token: string, batch: MutationBatch) => {
      if (alive) sabotage.beforeMutate?.(raw, batch)
      const last = (alive ? look : raw)
        .prepare<[string], number>('select last_mutation_id from clients where client_id = ?')
        .pluck()
        .get(batch.client_id)
      try {
        const { results } = await call(mutate, batch, {
          context: { address: '', authorization: `Bearer ${token}`, setHeader: () => {} },
        })
        const isRetry = batch.mutations.some(({ mutation_id }) => mutation_id <= (last ?? 0))
        return sabotage.onResults ? sabotage.onResults(results, isRetry) : results
      } catch (error) {
        throw problemOf(error)
      }
    }),
    connect: busily(async (...[auth, send, onClosed]: Parameters<ServerRun['connect']>) => {
      const socket = fake.connect(auth, send, () => {
        sockets.delete(socket)
        onClosed()
      })
      const disconnect = socket.disconnect
      if (sabotage.keepsSockets) socket.disconnect = () => {}
      sockets.add(socket)
      const identity = await identify(auth.token)
      if (!identity || !alive) {
        disconnect()
        return socket
      }
      socket.data = { person_id: identity.caller.id, family: '', expires_at_ms: identity.expiresAtMs, streams: null }
      await welcome(fake.asSocket(socket), deps)
      return socket
    }),
    sockets: () => [...sockets],
    beat: busily(async () => {
      await store.publishForeign()
      const streams = [...fake.io.of('/').adapter.rooms.keys()].filter((room) => /^(team|org):/.test(room))
      for (const stream of streams as Parameters<Store['publishedHead']>[0][]) {
        const head = { stream, epoch: store.epoch, head: store.publishedHead(stream), server_time_ms: clock.nowMs() }
        fake.io.to(stream).emit('beat', head)
      }
      if (listenerError !== null) throw listenerError
    }),
    kill: (into, torn) => {
      alive = false
      crashPoint.disarm()
      copyAsKilled(file, into)
      if (torn) tearWal(into, Math.max(walBefore.bytes, walBytes(file) - 2_000))
      look.close()
      void buryLater(store, [snapshots, hashes], file)
    },
  }
}

/** Asked at every request: prepared once. */
function createPersonFinder(look: RawDatabase): (id: string) => Person | null {
  const person = look.prepare<[string], Omit<Person, 'active'> & { active: number }>(
    'select * from people where id = ?',
  )
  const memberships = look.prepare<[string], Person['memberships'][number]>(
    'select team_id, role from memberships where person_id = ? order by team_id',
  )
  return (id) => {
    const row = look.open ? person.get(id) : undefined
    return row ? { ...row, active: row.active === 1, memberships: memberships.all(id) } : null
  }
}

/** What had begun before the kill ends on files that nobody will read again. */
async function buryLater(store: Store, parts: { close: () => Promise<void> }[], file: string): Promise<void> {
  await settle(8)
  for (const part of parts) await part.close().catch(() => undefined)
  await store.close().catch(() => undefined)
  removeDatabase(file)
}

function rawOf(store: Store): RawDatabase {
  return (store as unknown as { raw: RawDatabase }).raw
}

/** Every statement of the writer, and both sides of every commit, are moments to be killed at. */
function watchStatements(raw: RawDatabase, point: CrashPoint, walBefore: { bytes: number }): void {
  const prepare = raw.prepare.bind(raw)
  const exec = raw.exec.bind(raw)
  const watched = (sql: string) => {
    const statement = prepare(sql)
    const proxy = Object.create(statement) as typeof statement
    for (const name of ['run', 'all', 'get', 'iterate'] as const) {
      Object.defineProperty(proxy, name, {
        value: (...args: unknown[]) => {
          if (raw.inTransaction) point.hit(sql.slice(0, 60))
          return (statement[name] as (...values: unknown[]) => unknown).apply(statement, args)
        },
      })
    }
    Object.defineProperty(proxy, 'reader', { value: statement.reader })
    return proxy
  }
  raw.prepare = watched as typeof raw.prepare
  raw.exec = (sql) => {
    if (sql !== 'commit') return exec(sql)
    point.hit('before commit')
    walBefore.bytes = walBytes(raw.name)
    const result = exec(sql)
    point.hit(afterCommit)
    return result
  }
}

/** As much of Express's response as the sync routes use: whatever is sent has been read at once. */
function responseInto(take: (text: string) => void): Response {
  const listeners = new Map<string, () => void>()
  const finished = () => {
    for (const event of ['finish', 'close']) queueMicrotask(() => listeners.get(event)?.())
  }
  const give = (body?: string | Buffer) => {
    if (body !== undefined) take(body.toString())
    finished()
    return response
  }
  const listen = (event: string, listener: () => void) => {
    listeners.set(event, listener)
    return response
  }
  const response = {
    destroyed: false,
    writableLength: 0,
    type: () => response,
    set: () => response,
    setHeader: () => response,
    status: () => response,
    on: listen,
    once: listen,
    off: () => response,
    send: give,
    end: give,
    json: (body: unknown) => give(JSON.stringify(body)),
    write: (body: string | Buffer) => {
      take(body.toString())
      return true
    },
  }
  return response as unknown as Response
}

const problemOf = (error: unknown): WireProblem => new WireProblem(toProblem(error) ?? unforeseen(error))

/** Only a dead process may fail in ways that nobody foresaw; the message helps when a living one does. */
function unforeseen(error: unknown): Problem {
  return {
    ...internalProblem,
    data: { cause: error instanceof Error ? (error.stack ?? error.message) : String(error) },
  }
}
