import { readdirSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'

/** The folder of the one cache that an engine keeps under its data folder. */
export function cacheFolder(dataDir: string): string {
  const folders = readdirSync(path.join(dataDir, 'client'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  )
  const [only, ...others] = folders
  if (!only || others.length > 0) throw new Error(`expected one cache in ${dataDir}, found ${folders.length}`)
  return path.join(dataDir, 'client', only.name)
}

/** Does to a cache's file what no QuoteDesk does: another connection writes past the engine. */
export function withCacheFile(dataDir: string, work: (db: Database.Database) => void): void {
  const db = new Database(path.join(cacheFolder(dataDir), 'cache.db'))
  try {
    work(db)
  } finally {
    db.close()
  }
}
