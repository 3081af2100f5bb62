import { copyFileSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { initialSchema } from './migrations/001-initial.ts'
import { editsSchema } from './migrations/002-edits.ts'
import { alertsSchema } from './migrations/003-alerts.ts'
import { sharedSchema } from './migrations/004-shared.ts'

/** Numbered from 1 by place; append only: an installed cache has run the earlier ones. */
const migrations: readonly string[] = [initialSchema, editsSchema, alertsSchema, sharedSchema]

/** What a file has once all of them were run. */
export const schemaVersion = migrations.length

/** The cache cannot be used; the message is for the person and says what to do. */
export class CacheError extends Error {
  override name = 'CacheError'
}

/**
 * Brings the file to this version's schema, the file copied beside itself first. All steps are one transaction: after a
 * failed one the file is as it was, and the version that wrote it still opens it.
 * @param wanted steps, or how many of the known ones
 * @throws CacheError when a newer version wrote the file
 */
export function migrate(
  connection: Database.Database,
  file: string,
  wanted: readonly string[] | number = migrations,
): void {
  const steps = typeof wanted === 'number' ? migrations.slice(0, wanted) : wanted
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
  connection.transaction(() => {
    for (const step of steps.slice(found)) connection.exec(step)
    connection.pragma(`user_version = ${steps.length}`)
  })()
}
