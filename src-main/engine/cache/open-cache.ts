import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { doNothing } from '../scheduler.ts'
import { type CacheReader, openCacheReader } from './cache-reader.ts'
import { asCacheError, isDamage } from './damage.ts'
import { createExpiryMemo, type ExpiryMemo } from './expiry-memo.ts'
import { CacheError, migrate } from './migrate.ts'
import type { QuoteWatcher } from './sql.ts'
import { createReadableDb, createRunner, type ReadableDb, type WritableDb } from './sql.ts'
import { createSumDeltas } from './sum-deltas.ts'
import { type CommittedTouch, createTouched } from './touched.ts'
import { createUnwatched } from './unwatched.ts'

/** A transaction holds the file's lock and the event loop: awaiting inside one would let others in half-way. */
type Synchronous<Result> = Result extends PromiseLike<unknown> ? never : Result

/** Everything of one (server, person) that this machine keeps. */
export interface Cache {
  readonly read: ReadableDb
  readonly expiry: ExpiryMemo
  /** All or nothing, durable when it returns. Listeners hear of it afterwards. @throws CacheFullError without room */
  transact: <Result>(work: (db: WritableDb) => Synchronous<Result>) => Result
  onCommit: (listener: (touch: CommittedTouch) => void) => () => void
  /** Shows each row to one watcher, inside the transaction that writes it, until the function returned is called. */
  watch: (watcher: QuoteWatcher) => () => void
  /** While catching up, checkpoints wait for a larger log: rewriting the file every 4 MB costs most of the time. */
  setBulk: (bulk: boolean) => void
  /** A view of this instant on a connection of its own, to be read in slices while others write. */
  openReader: () => CacheReader
  /** The file turned out to be damaged; told once, in the middle of whatever found it. */
  onDamage: (listener: (error: unknown) => void) => void
  close: () => void
}

const checkpointPages = { usual: 1_000, bulk: 40_000 }

/**
 * Opens (and makes or migrates) the cache file, private to this account of the machine.
 * @throws CacheError when the file is damaged, of a newer version, or cannot be written or made durable
 */
export function openCache(file: string): Cache {
  const connection = connect(file)
  let damaged = doNothing as (error: unknown) => void
  const noticeDamage = (error: unknown) => {
    if (!isDamage(error)) return
    const tell = damaged
    damaged = doNothing
    tell(error)
  }
  const read = watchFor(createReadableDb(connection), noticeDamage)
  const run = createRunner(connection)
  const listeners = new Set<(touch: CommittedTouch) => void>()
  let busy = false
  let watcher: QuoteWatcher | null = null

  const transact: Cache['transact'] = (work) => {
    if (busy) throw new Error('a transaction is already open: pass its db along instead of opening another')
    busy = true
    const { touched, result } = createTouched()
    const { sums, flush } = createSumDeltas()
    let outcome: ReturnType<typeof work>
    try {
      run('BEGIN IMMEDIATE')
      outcome = work({ ...read, run, touched, sums, watcher: watcher ?? createUnwatched() })
      if (isThenable(outcome)) throw new TypeError('a transaction refuses async work: await before or after it')
      flush(run)
      run('COMMIT')
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full); then there is nothing left to undo.
      if (connection.inTransaction) run('ROLLBACK')
      noticeDamage(error)
      throw asCacheError(error)
    } finally {
      busy = false
    }
    tell(listeners, result())
    return outcome
  }

  return {
    read,
    expiry: createExpiryMemo(),
    transact,
    onCommit: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    watch: (next) => {
      watcher = next
      return () => {
        if (watcher === next) watcher = null
      }
    },
    setBulk: (bulk) => {
      connection.pragma(`wal_autocheckpoint = ${bulk ? checkpointPages.bulk : checkpointPages.usual}`)
    },
    openReader: () => openCacheReader(file),
    onDamage: (listener) => {
      damaged = listener
    },
    close: () => {
      listeners.clear()
      damaged = doNothing
      connection.close()
    },
  }
}

/** Committed is committed: trouble in telling of it must not look like a failed transaction, which would be done again. */
function tell(listeners: ReadonlySet<(touch: CommittedTouch) => void>, touch: CommittedTouch): void {
  for (const listener of listeners) {
    try {
      listener(touch)
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}

/** The same reader, whose failures are looked at on their way. */
function watchFor(read: ReadableDb, notice: (error: unknown) => void): ReadableDb {
  const watched =
    <Args extends unknown[], Result>(ask: (...args: Args) => Result) =>
    (...args: Args): Result => {
      try {
        return ask(...args)
      } catch (error) {
        notice(error)
        throw error
      }
    }
  const { get, all, value, values } = read
  return { get: watched(get), all: watched(all), value: watched(value), values: watched(values) } as ReadableDb
}

function connect(file: string): Database.Database {
  let connection: Database.Database | null = null
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    connection = new Database(file)
    prepareConnection(connection, file)
    return connection
  } catch (error) {
    connection?.close()
    if (error instanceof CacheError) throw error
    throw unusable(file, error)
  }
}

function unusable(file: string, cause: unknown): CacheError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  const what =
    code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')
      ? 'It is damaged: move it away and sign in again for a fresh copy; changes that were not sent yet stay behind in it.'
      : 'Check that this account may write the file and its folder, and that the disk is not full.'
  return new CacheError(`${file} cannot be used (${code}). ${what}`, { cause })
}

function prepareConnection(connection: Database.Database, file: string): void {
  connection.pragma('journal_mode = WAL')
  // An existing WAL database opens with NORMAL, which may lose the last commits on power loss.
  connection.pragma('synchronous = FULL')
  const synchronous = connection.pragma('synchronous', { simple: true })
  if (synchronous !== 2) throw new CacheError(`${file}: synchronous is ${String(synchronous)}, expected FULL (2)`)
  connection.pragma(`wal_autocheckpoint = ${checkpointPages.usual}`)
  // In KiB: twice as much makes catching up no faster, the system keeps the file in its own cache.
  connection.pragma('cache_size = -32768')
  connection.pragma('temp_store = FILE')
  // What is staged is written once and read once, in order.
  connection.pragma('temp.cache_size = -2048')
  migrate(connection, file)
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
