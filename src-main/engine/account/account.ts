import { createHash, randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { type Person, personSchema, type Workspace } from '../../../domain/directory.ts'
import type { Tokens } from '../../../domain/rest/contract.ts'
import { type Alerts, createAlerts } from '../alerts/alerts.ts'
import type { Notifier } from '../alerts/notifier.ts'
import { readPerson, readWorkspace } from '../cache/directory-store.ts'
import { readMeta, writeMeta } from '../cache/meta.ts'
import { type Cache, openCache } from '../cache/open-cache.ts'
import { createQuotePages, type QuotePages } from '../cache/quote-pages.ts'
import { type Cell, createCell } from '../cell.ts'
import type { EngineDeps } from '../deps.ts'
import type { Log } from '../log.ts'
import { createSender, type Sender } from '../outbox/sender.ts'
import { createRestClient } from '../session/rest-client.ts'
import { createTokenKeeper, type TokenKeeper } from '../session/tokens.ts'
import { createServerClock, type ServerClock } from '../sync/server-clock.ts'
import { createSync, type Sync } from '../sync/sync.ts'
import { createSyncHttp } from '../sync/sync-http.ts'

/** Everything that runs for one signed-in person: cache, sync, outbox, alerts. */
export interface Account {
  readonly cache: Cache
  readonly pages: QuotePages
  readonly sync: Sync
  readonly sender: Sender
  readonly alerts: Alerts
  readonly clock: ServerClock
  readonly tokens: TokenKeeper
  readonly person: Cell<Person>
  workspace: () => Workspace | null
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
  /** Whom to open for: told by the server just now, or an id whose cache knows the rest. */
  who: { person: Person; workspace: Workspace } | { person_id: string }
  tokens: { refreshToken: string; access: { token: string; untilMs: number } | null }
  onTokens: (tokens: Tokens) => void
  onSessionEnded: (message: string) => void
}

/** One file for each (server, person), so that a machine can be shared and servers do not mix. */
export function cacheFile(dataDir: string, serverUrl: string, personId: string): string {
  const name = createHash('sha256').update(`${serverUrl}\n${personId}`).digest('hex').slice(0, 24)
  return join(dataDir, 'client', name, 'cache.db')
}

/**
 * Opens the person's cache and puts everything together; `start` begins. Null when only an id is known and its cache
 * cannot say who that is.
 * @throws CacheError when the cache cannot be used
 */
export function openAccount(options: AccountOptions): Account | null {
  const { deps, log, serverUrl, who } = options
  const personId = 'person' in who ? who.person.id : who.person_id
  const cache = openCache(cacheFile(options.dataDir, serverUrl, personId))
  const opened = takeOrClose(cache, () => {
    const person = 'person' in who ? who.person : keptPerson(cache)
    return person && { known: person, clientId: prepareMeta(cache, person) }
  })
  if (!opened) return null
  const { known, clientId } = opened
  const person = createCell<Person>(known)
  const serverClock = createServerClock(deps.clock)
  const restTokens = (): string | null => tokens.current()
  const rest = createRestClient(serverUrl, deps.fetch, restTokens)
  const tokens = createTokenKeeper({ rest, clock: deps.clock, start: options.tokens, onTokens: options.onTokens })
  const sync = createSync({
    ...deps,
    serverUrl,
    clientId,
    cache,
    tokens,
    http: createSyncHttp(serverUrl, deps.fetch, tokens, deps.scheduler),
    serverClock,
    log,
    onSessionEnded: options.onSessionEnded,
  })
  const isLive = () => sync.state.get().state === 'live'
  const sender = createSender({ ...deps, cache, rest, tokens, log, isLive })
  const alerts = createAlerts({
    cache,
    person: () => person.get(),
    clock: serverClock,
    scheduler: deps.scheduler,
    notifier: options.notifier,
    locale: deps.locale,
    log,
    isUnsettled: () => ['connecting', 'catching_up'].includes(sync.state.get().state),
  })

  const start = () => {
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
    alerts.stop()
    sender.stop()
    sync.stop()
    cache.close()
  }

  const toldWorkspace = 'person' in who ? who.workspace : null
  return {
    cache,
    pages: createQuotePages(cache),
    sync,
    sender,
    alerts,
    clock: serverClock,
    tokens,
    person,
    workspace: () => readWorkspace(cache.read) ?? toldWorkspace,
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

/** @returns this cache's client id, made once: the outbox's numbers count for it alone */
function prepareMeta(cache: Cache, person: Person): string {
  return cache.transact((db) => {
    writeMeta(db, 'person', JSON.stringify(person))
    const kept = readMeta(db, 'client_id')
    if (kept !== null) return kept
    const made = randomUUID()
    writeMeta(db, 'client_id', made)
    return made
  })
}

function sameOrNewer(before: Person, now: Person | null): Person {
  return now === null || JSON.stringify(now) === JSON.stringify(before) ? before : now
}
