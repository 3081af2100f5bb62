import { createHash, randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { AlertSettings } from '../../../domain/alert-settings.ts'
import { type Person, personSchema, type Workspace } from '../../../domain/directory.ts'
import type { Presence } from '../../../domain/presence.ts'
import { toInstantText } from '../../../domain/time.ts'
import { type Alerts, createAlerts } from '../alerts/alerts.ts'
import type { Notifier } from '../alerts/notifier.ts'
import { isDamage } from '../cache/damage.ts'
import { readPerson, readWorkspace } from '../cache/directory-store.ts'
import { readMeta, writeMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { openOrReplace, replaceDamaged } from '../cache/quarantine.ts'
import { createQuotePages, type QuotePages } from '../cache/quote-pages.ts'
import { type Cell, createCell } from '../cell.ts'
import type { EngineDeps } from '../deps.ts'
import type { Log } from '../log.ts'
import { createMadeHere, type MadeHere } from '../outbox/made-here.ts'
import { createSender, type Sender } from '../outbox/sender.ts'
import { doNothing } from '../scheduler.ts'
import { createRestClient } from '../session/rest-client.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import { createServerClock, type ServerClock } from '../sync/server-clock.ts'
import { createSync, type Sync } from '../sync/sync.ts'
import { createSyncHttp } from '../sync/sync-http.ts'
import { keptOffsetMs } from '../sync/synced-at.ts'
import { followSettings } from './settings-keeper.ts'

/** Everything that runs for one signed-in person: cache, sync, outbox, alerts. */
export interface Account {
  readonly cache: Cache
  readonly pages: QuotePages
  readonly sync: Sync
  readonly sender: Sender
  readonly madeHere: MadeHere
  readonly alerts: Alerts
  readonly settings: Cell<AlertSettings>
  readonly clock: ServerClock
  readonly tokens: TokenKeeper
  readonly person: Cell<Person>
  workspace: () => Workspace | null
  /** What befell the copy on this machine, in words for the person; null when nothing, or when it was read. */
  notice: () => string | null
  start: () => void
  /** Stops everything and closes the cache; what waits in the outbox stays in its file. */
  stop: () => void
}

export interface AccountOptions {
  deps: EngineDeps
  log: Log
  serverUrl: string
  dataDir: string
  notifier: Notifier
  presence: Cell<Presence>
  /** Whom to open for: told by the server just now, or an id whose cache knows the rest. */
  who: { person: Person; workspace: Workspace | null } | { person_id: string }
  tokens: TokenKeeper
  onSessionEnded: (message: string, accountEnded: boolean) => void
  /** The cache's file turned out to be damaged: this account has to give way to one on a fresh file. */
  onDamage: () => void
}

/** One file for each (server, person), so that a machine can be shared and servers do not mix. */
export function cacheFile(dataDir: string, serverUrl: string, personId: string): string {
  const name = createHash('sha256').update(`${serverUrl}\n${personId}`).digest('hex').slice(0, 24)
  return join(dataDir, 'client', name, 'cache.db')
}

/** Everything this machine keeps for the person, damaged files and copies from before a change of schema included. */
export function removeCache(dataDir: string, serverUrl: string, personId: string): void {
  rmSync(dirname(cacheFile(dataDir, serverUrl, personId)), { recursive: true, force: true })
}

/**
 * Opens the person's cache and puts everything together; `start` begins. Null when only an id is known and its cache
 * cannot say who that is.
 * @throws CacheError when the cache cannot be used
 */
export function openAccount(options: AccountOptions): Account | null {
  const { deps, serverUrl, who } = options
  const personId = 'person' in who ? who.person.id : who.person_id
  const file = cacheFile(options.dataDir, serverUrl, personId)
  const at = toInstantText(deps.clock.nowMs())
  const cache = openOrReplace(file, at)
  try {
    return takeOrClose(cache, () => assemble(cache, options))
  } catch (error) {
    // It opened, but its first pages cannot be read.
    if (!isDamage(error)) throw error
    replaceDamaged(file, at)
    const fresh = openOrReplace(file, at)
    return takeOrClose(fresh, () => assemble(fresh, options))
  }
}

function assemble(cache: Cache, options: AccountOptions): Account | null {
  const { deps, log, serverUrl, who, tokens } = options
  const known = 'person' in who ? who.person : keptPerson(cache)
  if (!known) return null
  prepareMeta(cache, known)
  const personId = known.id
  const person = createCell<Person>(known)
  const serverClock = createServerClock(deps.clock, keptOffsetMs(cache))
  const rest = createRestClient(serverUrl, deps.fetch, tokens.current)
  const sync = createSync({
    ...deps,
    serverUrl,
    cache,
    tokens,
    http: createSyncHttp(serverUrl, deps.fetch, tokens, deps),
    serverClock,
    log,
    onSessionEnded: options.onSessionEnded,
    onDamage: options.onDamage,
  })
  let cancelDamage = doNothing
  const isLive = () => sync.state.get().state === 'live'
  const sender = createSender({ ...deps, cache, rest, tokens, log, isLive })
  const settings = followSettings(cache)
  const alerts = createAlerts({
    cache,
    person: () => person.get(),
    clock: serverClock,
    scheduler: deps.scheduler,
    notifier: options.notifier,
    locale: deps.locale,
    log,
    settings,
    presence: options.presence,
    machineZone: deps.machineZone,
    confirmTime: sync.confirmTime,
    isUnsettled: () => ['connecting', 'catching_up'].includes(sync.state.get().state),
  })

  const start = () => {
    cache.onDamage((error) => {
      log.error({ err: error }, 'the cache is damaged')
      // Not from within whatever has just failed on it.
      cancelDamage = deps.scheduler.after(0, options.onDamage)
    })
    cache.onCommit((touch) => {
      if (touch.outbox) sender.nudge()
      // Rights, name or zone changed: the directory is where one hears of it.
      if (touch.directory) person.set(sameOrNewer(person.get(), readPerson(cache.read, personId)))
    })
    sync.state.subscribe(() => {
      const { state } = sync.state.get()
      if (state === 'live') sender.nudge()
      if (state === 'live' || state === 'offline') alerts.wake()
    })
    alerts.start()
    sync.start()
  }

  const stop = () => {
    cancelDamage()
    try {
      alerts.stop()
      sender.stop()
      sync.stop()
    } finally {
      cache.close()
    }
  }

  const toldWorkspace = 'person' in who ? who.workspace : null
  return {
    cache,
    pages: createQuotePages(cache),
    sync,
    sender,
    madeHere: createMadeHere(),
    alerts,
    settings,
    clock: serverClock,
    tokens,
    person,
    workspace: () => readWorkspace(cache.read) ?? toldWorkspace,
    notice: () => readMeta(cache.read, 'notice'),
    start,
    stop,
  }
}

/** A cache that is of no use is closed: left open, it would keep its file from whoever tries next. */
function takeOrClose<Found>(cache: Cache, take: () => Found | null): Found | null {
  let found: Found | null = null
  try {
    found = take()
    return found
  } finally {
    if (found === null) cache.close()
  }
}

function keptPerson(cache: Cache): Person | null {
  const kept = readMeta(cache.read, 'person')
  return kept === null ? null : personSchema.parse(JSON.parse(kept))
}

/** Whose it is, and its client id, made once: the outbox's numbers count for it alone. */
function prepareMeta(cache: Cache, person: Person): void {
  cache.transact((db) => {
    writeMeta(db, 'person', JSON.stringify(person))
    if (readMeta(db, 'client_id') === null) writeMeta(db, 'client_id', randomUUID())
  })
}

function sameOrNewer(before: Person, now: Person | null): Person {
  return now === null || JSON.stringify(now) === JSON.stringify(before) ? before : now
}
