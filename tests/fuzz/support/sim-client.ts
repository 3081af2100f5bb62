import type { Person } from '../../../domain/directory.ts'
import type { Welcome } from '../../../domain/wire/socket.ts'
import type { MutationBatch, MutationResult } from '../../../domain/wire/sync-http.ts'
import { readPerson } from '../../../src-main/engine/cache/directory-store.ts'
import { readMeta, writeMeta } from '../../../src-main/engine/cache/meta.ts'
import type { Cache } from '../../../src-main/engine/cache/open-cache.ts'
import type { Log } from '../../../src-main/engine/log.ts'
import { createMadeHere } from '../../../src-main/engine/outbox/made-here.ts'
import type { Editing } from '../../../src-main/engine/outbox/queue-edit.ts'
import { createSender, type Sender } from '../../../src-main/engine/outbox/sender.ts'
import { createServerClock } from '../../../src-main/engine/sync/server-clock.ts'
import { createSync, type Sync } from '../../../src-main/engine/sync/sync.ts'
import { createSyncHttp } from '../../../src-main/engine/sync/sync-http.ts'
import { type CrashPoint, createCrashPoint } from './crash-point.ts'
import { copyAsKilled, removeDatabase } from './files.ts'
import type { Prng } from './prng.ts'
import type { Sabotage } from './sabotage.ts'
import { openWatchedCache } from './sim-cache.ts'
import { openSimLink, type SimLink } from './sim-link.ts'
import type { SimNetwork } from './sim-network.ts'
import { createSimRequests } from './sim-requests.ts'
import type { ServerRun } from './sim-server.ts'
import { settle, type VirtualTime } from './virtual-time.ts'

/** One run of a client's engine on its cache file. */
export interface ClientRun {
  readonly file: string
  readonly cache: Cache
  readonly sync: Sync
  readonly sender: Sender
  readonly crashPoint: CrashPoint
  /** What the last welcome of this run said, null before. */
  welcomed: () => Welcome | null
  person: () => Person
  /** For what the person does now. */
  editing: () => Editing
  isAlive: () => boolean
  links: () => SimLink[]
  /** The process is gone this instant; what it was doing goes on without effect on `into`. */
  kill: (into: string) => void
  close: () => Promise<void>
}

export interface ClientRunOptions {
  index: number
  file: string
  person: Person
  clientId: string
  time: VirtualTime
  random: Prng
  network: SimNetwork
  server: () => ServerRun | null
  isCut: () => boolean
  nextLinkId: () => number
  sabotage: Sabotage
  note: (line: string) => void
  onDead: (moment: string) => void
  onChanged: () => void
  onSent: (run: ServerRun, person: Person, name: string, text: string) => void
  onAnswered: (server: ServerRun, person: Person, url: string, text: string) => void
  onMutated: (server: ServerRun, batch: MutationBatch, results: readonly MutationResult[]) => void
  onAcknowledged: (batch: MutationBatch, results: readonly MutationResult[]) => void
}

/** Puts the client together as `account.ts` does, with a simulated world around it. */
export function startClientRun(options: ClientRunOptions): ClientRun {
  const { index, file, person, time, sabotage } = options
  let alive = true
  const isAlive = () => alive
  const crashPoint = createCrashPoint()
  const scheduler = time.schedulerFor(isAlive)
  const cache = openWatchedCache(file, crashPoint, sabotage)
  cache.transact((db) => {
    writeMeta(db, 'person', JSON.stringify(person))
    if (readMeta(db, 'client_id') === null) writeMeta(db, 'client_id', options.clientId)
  })
  const links: SimLink[] = []
  const madeHere = createMadeHere()
  const known = () => readPerson(cache.read, person.id) ?? person
  let welcomed: Welcome | null = null
  const log: Log = logInto((line) => options.note(`client ${index}: ${line}`))
  const tokens = {
    accessToken: () => Promise.resolve(person.id),
    freshToken: () => Promise.resolve(person.id),
    accessLife: () => null,
    invalidate: () => {},
    current: () => person.id,
    refreshToken: () => '',
  }
  const requests = createSimRequests({
    ...options,
    client: index,
    scheduler,
    isAlive,
    token: person.id,
    onAnswered: (server, url, text) => options.onAnswered(server, person, url, text),
  })
  const serverClock = createServerClock(time.clock)
  const random = () => options.random.next()
  const openLink: Parameters<typeof createSync>[0]['openLink'] = (_url, handshake, heard) => {
    const listener = sabotage.listener?.(heard) ?? heard
    const made = openSimLink({
      ...options,
      id: options.nextLinkId(),
      client: index,
      scheduler,
      isAlive,
      handshake,
      askTime: () => requests.askTime(() => time.clock.nowMs()),
      listener: {
        ...listener,
        welcome: (welcome) => {
          welcomed = welcome
          listener.welcome(welcome)
        },
      },
      onSent: (run, name, text) => options.onSent(run, person, name, text),
    })
    links.push(made)
    return made.link
  }
  const sync = createSync({
    serverUrl: 'http://simulated.invalid',
    cache,
    tokens,
    http: createSyncHttp('http://simulated.invalid', requests.fetch, tokens, { scheduler, random }),
    openLink,
    clock: time.clock,
    serverClock,
    scheduler,
    random,
    log,
    onSessionEnded: (message) => {
      throw new Error(`a simulated sign-in does not end, but: ${message}`)
    },
    onDamage: () => {
      throw new Error('no file is damaged in the simulation')
    },
  })
  const isLive = () => sync.state.get().state === 'live'
  const sender = createSender({
    cache,
    rest: { sync: { mutate: requests.mutate } },
    tokens,
    scheduler,
    random,
    log,
    isLive,
  })
  cache.onCommit((touch) => {
    if (!alive) return
    options.onChanged()
    if (touch.outbox) sender.nudge()
  })
  sync.state.subscribe(() => {
    if (alive && isLive()) sender.nudge()
  })
  sync.start()

  const bury = async () => {
    await settle(3)
    sender.stop()
    sync.stop()
    cache.close()
  }
  return {
    file,
    cache,
    sync,
    sender,
    crashPoint: {
      ...crashPoint,
      arm: (n, onHit) =>
        crashPoint.arm(n, (moment) => {
          onHit(moment)
          if (alive) options.onDead(moment)
        }),
    },
    welcomed: () => welcomed,
    person: known,
    editing: () => ({ cache, person: known(), nowMs: serverClock.nowMs(), madeHere }),
    isAlive,
    links: () => links,
    kill: (into) => {
      alive = false
      crashPoint.disarm()
      copyAsKilled(file, into)
      for (const link of links) link.abandon()
      void bury().then(() => removeDatabase(file))
    },
    close: async () => {
      alive = false
      await bury()
    },
  }
}

function logInto(note: (line: string) => void): Log {
  const write =
    (level: string) =>
    (about: unknown, words?: string): void => {
      const error = (about as { err?: unknown } | null)?.err
      note(
        `${level} ${words ?? ''} ${error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(about)}`,
      )
    }
  return { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') } as Log
}
