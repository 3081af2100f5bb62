import type Database from 'better-sqlite3'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import type { SumDeltas } from './sum-deltas.ts'
import type { Touched } from './touched.ts'

export type SqlValue = string | number | null

/**
 * What may be asked of the cache. Statements are prepared once; one that would write is refused. The row's type is named by
 * whoever writes the statement: the database cannot tell it.
 */
export interface ReadableDb {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- see above
  get: <Row>(sql: string, ...values: SqlValue[]) => Row | undefined
  all: <Row>(sql: string, ...values: SqlValue[]) => Row[]
  /** First column of the first row. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- see above
  value: <Value extends SqlValue>(sql: string, ...values: SqlValue[]) => Value | undefined
  /** First column of every row. */
  values: <Value extends SqlValue>(sql: string, ...values: SqlValue[]) => Value[]
}

/** Only a transaction hands this out, so nothing can be written outside of one. */
export interface WritableDb extends ReadableDb {
  /** @returns rows changed, and the rowid of the last insert */
  run: (sql: string, ...values: SqlValue[]) => { changes: number; row: number }
  /** What this transaction changes, told to listeners once it has committed. */
  touched: Touched
  /** What this transaction adds to and takes from the sums by status; written just before it commits. */
  sums: SumDeltas
  /** Sees each row that is written. */
  watcher: QuoteWatcher
}

/** What a watcher is shown of a quote. */
export type WatchedQuote = Pick<
  Quote,
  'id' | 'owner_id' | 'team_id' | 'status' | 'expires_on' | 'time_zone' | 'sent_at'
>

/**
 * Sees every shown row and every history entry inside the transaction that writes it, and may write along: that is how
 * what alerts are due next can never disagree with the quotes.
 */
export interface QuoteWatcher {
  /** @param before null when it is new here, after null when it goes */
  quote: (db: WritableDb, before: WatchedQuote | null, after: WatchedQuote | null) => void
  entry: (db: WritableDb, entry: HistoryEntry) => void
}

type Prepared = Database.Statement<SqlValue[]>

export function createReadableDb(connection: Database.Database): ReadableDb {
  const prepareReading = (sql: string): Prepared => {
    const statement = connection.prepare<SqlValue[]>(sql)
    if (!statement.readonly) throw new TypeError(`a reader may not write: ${sql}`)
    return statement
  }
  const rows = memo(prepareReading)
  const columns = memo((sql) => prepareReading(sql).pluck(true))
  const reader: Record<keyof ReadableDb, (sql: string, ...values: SqlValue[]) => unknown> = {
    get: (sql, ...values) => rows(sql).get(...values),
    all: (sql, ...values) => rows(sql).all(...values),
    value: (sql, ...values) => columns(sql).get(...values),
    values: (sql, ...values) => columns(sql).all(...values),
  }
  // Whoever writes a statement knows the shape of its rows; the database cannot tell.
  return reader as ReadableDb
}

export function createRunner(connection: Database.Database): WritableDb['run'] {
  const prepared = memo((sql) => connection.prepare<SqlValue[]>(sql))
  return (sql, ...values) => {
    const { changes, lastInsertRowid } = prepared(sql).run(...values)
    return { changes, row: Number(lastInsertRowid) }
  }
}

function memo(prepare: (sql: string) => Prepared): (sql: string) => Prepared {
  const known = new Map<string, Prepared>()
  return (sql) => {
    let statement = known.get(sql)
    if (!statement) {
      statement = prepare(sql)
      known.set(sql, statement)
    }
    return statement
  }
}
