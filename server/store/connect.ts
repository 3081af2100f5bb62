import Database from 'better-sqlite3'
import { Kysely, SqliteAdapter, SqliteDialect, type SqliteStatement } from 'kysely'
import type { Tables } from './tables.ts'

export type RawDatabase = Database.Database

/** How long a statement waits for another process (a CLI command) to finish its transaction. */
const busyTimeoutMs = 5_000
const cachedStatements = 200

/**
 * Opens one connection with the settings that keep promise I1. better-sqlite3 opens an existing WAL database with
 * synchronous = NORMAL, so FULL is set on every open and read back.
 */
export function openRaw(file: string, access: 'write' | 'read'): RawDatabase {
  const raw = new Database(file, {
    timeout: busyTimeoutMs,
    readonly: access === 'read',
    fileMustExist: access === 'read',
  })
  try {
    if (access === 'write') expectPragma(raw, 'journal_mode = WAL', 'journal_mode', 'wal')
    expectPragma(raw, 'synchronous = FULL', 'synchronous', 2)
    expectPragma(raw, 'foreign_keys = ON', 'foreign_keys', 1)
    raw.pragma('cache_size = -32000')
    return raw
  } catch (error) {
    raw.close()
    throw error
  }
}

function expectPragma(raw: RawDatabase, set: string, name: string, expected: string | number): void {
  raw.pragma(set)
  const actual = raw.pragma(name, { simple: true })
  if (actual !== expected)
    throw new Error(`SQLite kept ${name} = ${String(actual)} after "${set}": expected ${expected}`)
}

/** Kysely prepares every query anew; the statements of a server are few, so they are kept. */
function cachingPrepare(raw: RawDatabase): { close(): void; prepare(sql: string): SqliteStatement } {
  const statements = new Map<string, SqliteStatement>()
  return {
    close: () => {
      statements.clear()
      raw.close()
    },
    prepare: (sql) => {
      const known = statements.get(sql)
      if (known) return known
      const oldest = statements.size >= cachedStatements ? statements.keys().next().value : undefined
      if (oldest !== undefined) statements.delete(oldest)
      const statement: SqliteStatement = raw.prepare(sql)
      statements.set(sql, statement)
      return statement
    },
  }
}

/** The database to ask by Kysely's builders; and beside them what is asked so often that even those cost too much. */
export class Db extends Kysely<Tables> {
  private readonly kept: { prepare(sql: string): SqliteStatement }

  constructor(raw: RawDatabase) {
    const kept = cachingPrepare(raw)
    super({ dialect: new SqliteDialect({ database: kept }) })
    this.kept = kept
  }

  /** Runs SQL whose text is always the same. @returns its rows, as `Row` says they are */
  fixed<Row>(text: string, values: readonly unknown[]): Row[] {
    const statement = this.kept.prepare(text)
    if (statement.reader) return statement.all(values) as Row[]
    statement.run(values)
    return []
  }
}

export function toKysely(raw: RawDatabase): Db {
  return new Db(raw)
}

/** SQLite does run DDL in transactions; kysely's dialect only says that it does not. */
class TransactionalDdlAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

class MigrationDialect extends SqliteDialect {
  override createAdapter(): SqliteAdapter {
    return new TransactionalDdlAdapter()
  }
}

/** For the migrator alone: closes `raw` when destroyed. */
export function toMigrationKysely(raw: RawDatabase): Kysely<unknown> {
  return new Kysely<unknown>({ dialect: new MigrationDialect({ database: raw }) })
}
