import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { createExpiryMemo, type ExpiryMemo } from './expiry-memo.ts'
import { CacheError, migrate } from './migrate.ts'
import { createReadableDb, createRunner, type ReadableDb, type WritableDb } from './sql.ts'
import { createSumDeltas } from './sum-deltas.ts'
import { type CommittedTouch, createTouched } from './touched.ts'

/** A transaction holds the file's lock and the event loop: awaiting inside one would let others in half-way. */
type Synchronous<Result> = Result extends PromiseLike<unknown> ? never : Result

/** Everything of one (server, person) that this machine keeps. */
export interface Cache {
  readonly read: ReadableDb
  readonly expiry: ExpiryMemo
  /** All or nothing, durable when it returns. Listeners hear of it afterwards. */
  transact: <Result>(work: (db: WritableDb) => Synchronous<Result>) => Result
  onCommit: (listener: (touch: CommittedTouch) => void) => () => void
  /** While catching up, checkpoints wait for a larger log: rewriting the file every 4 MB costs most of the time. */
  setBulk: (bulk: boolean) => void
  close: () => void
}

const checkpointPages = { usual: 1_000, bulk: 40_000 }

/**
 * Opens (and makes or migrates) the cache file, private to this account of the machine.
 * @throws CacheError when the file is damaged, of a newer version, or cannot be written or made durable
 */
export function openCache(file: string): Cache {
  const connection = connect(file)
  const read = createReadableDb(connection)
  const run = createRunner(connection)
  const listeners = new Set<(touch: CommittedTouch) => void>()
  let busy = false

  const transact: Cache['transact'] = (work) => {
    if (busy) throw new Error('a transaction is already open: pass its db along instead of opening another')
    busy = true
    const { touched, result } = createTouched()
    const { sums, flush } = createSumDeltas()
    let outcome: ReturnType<typeof work>
    try {
      run('BEGIN IMMEDIATE')
      outcome = work({ ...read, run, touched, sums })
      if (isThenable(outcome)) throw new TypeError('a transaction refuses async work: await before or after it')
      flush(run)
      run('COMMIT')
    } catch (error) {
      // SQLite has rolled back by itself after some errors (disk full); then there is nothing left to undo.
      if (connection.inTransaction) run('ROLLBACK')
      throw error
    } finally {
      busy = false
    }
    const touch = result()
    for (const listener of listeners) listener(touch)
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
    setBulk: (bulk) => {
      connection.pragma(`wal_autocheckpoint = ${bulk ? checkpointPages.bulk : checkpointPages.usual}`)
    },
    close: () => {
      listeners.clear()
      connection.close()
    },
  }
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
      ? 'It is damaged: move it away and sign in again for a fresh copy; changes that were not sent yet are lost with it.'
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
  connection.pragma('cache_size = -65536')
  connection.pragma('temp_store = FILE')
  migrate(connection, file)
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
