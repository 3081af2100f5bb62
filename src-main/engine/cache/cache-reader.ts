import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { createReadableDb, type ReadableDb } from './sql.ts'

/** What was committed when it was opened, and nothing later; whoever opens it closes it, soon: the log grows meanwhile. */
export interface CacheReader {
  readonly read: ReadableDb
  /** What SQLite finds wrong with the file, table by table. Empty when nothing is. */
  check: () => Promise<string[]>
  close: () => void
}

const mostProblems = 20

export function openCacheReader(file: string): CacheReader {
  const connection = new Database(file, { readonly: true, fileMustExist: true })
  connection.pragma('cache_size = -8192')
  connection.exec('BEGIN')
  const read = createReadableDb(connection)
  // The view begins with the first thing read.
  read.value('SELECT count(*) FROM streams')
  return {
    read,
    check: async () => {
      const problems: string[] = []
      for (const table of read.values<string>(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)) {
        // Table by table: each holds the event loop for as long as it takes.
        await nextTurn()
        const found = read.values<string>(`PRAGMA quick_check("${table.replaceAll('"', '""')}")`)
        problems.push(...found.filter((line) => line !== 'ok'))
      }
      return problems.slice(0, mostProblems)
    },
    close: () => connection.close(),
  }
}
