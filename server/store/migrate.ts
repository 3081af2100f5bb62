import { existsSync } from 'node:fs'
import { type Migration, Migrator } from 'kysely/migration'
import { openRaw, type RawDatabase, toMigrationKysely } from './connect.ts'
import { NewerSchemaError } from './errors.ts'
import { migrations as all } from './migrations/all.ts'
import { beginOwnHistory } from './own-history.ts'

/** Names of migrations that the file has had; empty for a new file. */
function appliedMigrations(raw: RawDatabase): string[] {
  const table = raw.prepare(`select 1 from sqlite_master where type = 'table' and name = 'kysely_migration'`).get()
  if (table === undefined) return []
  return raw.prepare<[], string>('select name from kysely_migration order by name').pluck().all()
}

/**
 * Brings the file to this version's schema, one transaction a migration. An existing file is copied beside itself first;
 * who puts the copy in its place again, for an older version, begins a new history, as with any restored backup.
 * @param at instant text that goes into the name of the copy
 * @returns the path of the copy, or null when nothing had to be done or there was nothing to copy
 * @throws NewerSchemaError when the file has migrations that this version does not know
 */
export async function migrate(
  file: string,
  at: string,
  migrations: Record<string, Migration> = all,
): Promise<string | null> {
  const existed = existsSync(file)
  const raw = openRaw(file, 'write')
  const db = toMigrationKysely(raw)
  try {
    const applied = appliedMigrations(raw)
    const unknown = applied.filter((name) => !(name in migrations))
    if (unknown.length > 0) throw new NewerSchemaError(file, unknown)
    const pending = Object.keys(migrations).filter((name) => !applied.includes(name))
    if (pending.length === 0) return null
    const copy = existed && applied.length > 0 ? `${file}.before-${pending[0]}-${at.replaceAll(/[:.]/g, '')}` : null
    if (copy !== null) {
      await raw.backup(copy)
      beginOwnHistory(copy)
    }
    const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(migrations) } })
    for (const name of pending) {
      const { error } = await migrator.migrateUp()
      if (error !== undefined) throw new Error(`migration ${name} failed and was rolled back`, { cause: error })
    }
    return copy
  } finally {
    await db.destroy()
    // Kysely closes only a database that it has used.
    if (raw.open) raw.close()
  }
}
