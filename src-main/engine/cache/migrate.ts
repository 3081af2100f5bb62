import { copyFileSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { initialSchema } from './migrations/001-initial.ts'

/** Numbered from 1 by place; append only: an installed cache has run the earlier ones. */
const migrations: readonly string[] = [initialSchema]

/** The cache cannot be used; the message is for the person and says what to do. */
export class CacheError extends Error {
  override name = 'CacheError'
}

/**
 * Brings the file to this version's schema: one transaction a step, the file copied beside itself first.
 * @throws CacheError when a newer version wrote the file
 */
export function migrate(connection: Database.Database, file: string, steps: readonly string[] = migrations): void {
  const found = connection.pragma('user_version', { simple: true }) as number
  if (found > steps.length) {
    throw new CacheError(
      `${file} was written by a newer QuoteDesk (schema ${found}, this version knows ${steps.length}). ` +
        'Install that version again; deleting the file also works, but loses changes that were not sent yet.',
    )
  }
  if (found === steps.length) return
  if (found > 0) {
    connection.pragma('wal_checkpoint(TRUNCATE)')
    copyFileSync(file, `${file}.before-schema-${steps.length}`)
  }
  for (const [index, step] of steps.entries()) {
    if (index < found) continue
    connection.transaction(() => {
      connection.exec(step)
      connection.pragma(`user_version = ${index + 1}`)
    })()
  }
}
