import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, toInstantText } from '../../domain/time.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { type Db, openRaw, type RawDatabase, toKysely } from './connect.ts'
import { asDataFolderError, StorageBusyError, StorageFullError, sqliteCode } from './errors.ts'
import { migrate } from './migrate.ts'
import { type CommittedListener, Publisher } from './publisher.ts'
import { Tx } from './tx.ts'

export interface StoreOptions {
  file: string
  clock: Clock
  /** Told when a listener of committed events throws: the commit stands, whatever a listener does. */
  onListenerError?: (error: unknown) => void
  /** How long a transaction waits for another process (a CLI command) to finish its own; 10 s unless told. */
  busyWaitMs?: number
}

const busyRetryMs = 25

/** A consistent view of one instant, on its own read-only connection. Close it soon: it keeps the WAL from shrinking. */
export interface ReadSession {
  db: Db
  close(): Promise<void>
}

/**
 * The server's database. Reads go to `read`, a read-only connection that no writer blocks; the one way to write is
 * `transact`. Open with `openStore`.
 */
export class Store {
  readonly file: string
  readonly epoch: string
  readonly read: Db
  private readonly clock: Clock
  private readonly writer: Db
  private readonly raw: RawDatabase
  private readonly publisher: Publisher
  private readonly onListenerError: (error: unknown) => void
  private readonly busyWaitMs: number
  private readonly inTransaction = new AsyncLocalStorage<true>()
  private queue: Promise<unknown> = Promise.resolve()
  /** SQLite's count of what other connections committed, as of the last publishing; none before the first. */
  private seenForeignVersion: unknown = null

  constructor(parts: {
    options: StoreOptions
    epoch: string
    raw: RawDatabase
    writer: Db
    read: Db
    publisher: Publisher
  }) {
    this.file = parts.options.file
    this.clock = parts.options.clock
    this.onListenerError =
      parts.options.onListenerError ?? ((error) => process.emitWarning(error instanceof Error ? error : String(error)))
    this.busyWaitMs = parts.options.busyWaitMs ?? 10_000
    this.epoch = parts.epoch
    this.raw = parts.raw
    this.writer = parts.writer
    this.read = parts.read
    this.publisher = parts.publisher
  }

  /**
   * Runs `work` in one transaction, after those asked for earlier. When it throws, nothing has happened; when it
   * returns, everything is durable and its events have been published.
   * @throws StorageFullError when the disk is full, StorageBusyError when another process goes on writing
   */
  transact<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    if (this.inTransaction.getStore()) {
      throw new Error('transact was called inside a transaction, where it would wait for itself: use the Tx at hand')
    }
    return this.exclusively(async () => {
      const { result, tx, foreignVersion } = await this.commit(work)
      // I16: what another process took away holds before these events go out, so its events are published first.
      const publishing =
        foreignVersion === this.seenForeignVersion ? this.publisher.publish(tx.events) : this.publisher.publishForeign()
      this.seenForeignVersion = foreignVersion
      // Committed is committed: trouble in telling of it must not look like a failed transaction.
      await publishing.catch(this.onListenerError)
      return result
    })
  }

  /** Called for each commit with its events, in commit order. @returns how to stop listening */
  onCommitted(listener: CommittedListener): () => void {
    return this.publisher.listen((events) => {
      try {
        listener(events)
      } catch (error) {
        this.onListenerError(error)
      }
    })
  }

  /** SQLite's count of what other processes committed: as long as it stays, there is nothing foreign to publish. */
  foreignVersion(): unknown {
    return this.raw.pragma('data_version', { simple: true })
  }

  /** Publishes what other processes committed to the file since. */
  publishForeign(): Promise<void> {
    return this.exclusively(() => this.publisher.publishForeign())
  }

  /** Seq of the stream's newest published event. Listeners have been told of everything up to it, and of nothing after. */
  publishedHead(stream: StreamName): number {
    return this.publisher.publishedHead(stream)
  }

  async openReadSession(): Promise<ReadSession> {
    const raw = openView(this.file)
    const db = toKysely(raw)
    return {
      db,
      close: () => {
        if (raw.open) raw.close()
        return Promise.resolve()
      },
    }
  }

  /** Copies the live database to `file`, consistently, while it goes on being used. */
  async backup(file: string): Promise<void> {
    // Not from the writer's connection: its own view has what a transaction under way may still take back.
    const raw = openView(this.file)
    try {
      await raw.backup(file)
    } finally {
      raw.close()
    }
  }

  async close(): Promise<void> {
    await this.queue
    for (const db of [this.read, this.writer]) await db.destroy()
    if (this.raw.open) this.raw.close()
  }

  private async commit<T>(work: (tx: Tx) => Promise<T>): Promise<{ result: T; tx: Tx; foreignVersion: unknown }> {
    try {
      await this.begin()
      const foreignVersion = this.foreignVersion()
      const tx = new Tx(this.writer, this.epoch, this.clock.nowMs())
      const result = await this.inTransaction.run(true, () => work(tx))
      await tx.flushHeads()
      this.raw.exec('commit')
      return { result, tx, foreignVersion }
    } catch (error) {
      // SQLite has rolled back by itself after some errors, a full disk among them.
      if (this.raw.inTransaction) this.raw.exec('rollback')
      throw sqliteCode(error) === 'SQLITE_FULL' ? new StorageFullError({ cause: error }) : error
    }
  }

  /**
   * IMMEDIATE: a transaction that reads first and writes later would fail when another process wrote in between.
   * SQLite's own waiting would hold the event loop, and everybody's reads with it; so the waiting is done here.
   */
  private async begin(): Promise<void> {
    const lastMs = performance.now() + this.busyWaitMs
    for (;;) {
      try {
        this.raw.exec('begin immediate')
        return
      } catch (error) {
        if (!sqliteCode(error)?.startsWith('SQLITE_BUSY')) throw error
        if (performance.now() >= lastMs) throw new StorageBusyError({ cause: error })
      }
      await delay(busyRetryMs)
    }
  }

  private exclusively<T>(task: () => Promise<T>): Promise<T> {
    const run = this.queue.then(task)
    this.queue = run.catch(() => undefined)
    return run
  }
}

/** A read-only connection that sees one instant. */
function openView(file: string): RawDatabase {
  const raw = openRaw(file, 'read')
  raw.exec('begin')
  // A deferred transaction takes its view with the first read, so it is taken here.
  raw.prepare('select count(*) from streams').get()
  return raw
}

/**
 * Opens (or makes) the database, brings its schema up to date and reads its epoch.
 * @throws DataFolderError when the folder or file cannot be used, NewerSchemaError when a newer version wrote it
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  try {
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 })
    await migrate(options.file, toInstantText(options.clock.nowMs()))
  } catch (error) {
    throw asDataFolderError(error, options.file)
  }
  const raw = openRaw(options.file, 'write')
  const writer = toKysely(raw)
  const rawRead = openRaw(options.file, 'read')
  const read = toKysely(rawRead)
  try {
    const epoch = await readOrMakeEpoch(writer)
    // Opening may wait for another process; from here on `begin` does, without holding the event loop.
    raw.pragma('busy_timeout = 0')
    const publisher = await Publisher.create(read)
    return new Store({ options, epoch, raw, writer, read, publisher })
  } catch (error) {
    raw.close()
    rawRead.close()
    throw error
  }
}

async function readOrMakeEpoch(db: Db): Promise<string> {
  await db
    .insertInto('meta')
    .values({ key: 'epoch', value: randomUUID() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow()
  return value
}
