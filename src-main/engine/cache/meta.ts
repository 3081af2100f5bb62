import type { ReadableDb, WritableDb } from './sql.ts'

/** `person`: JSON of the signed-in person as last told. `client_id`: this cache's name in the outbox protocol. */
type MetaKey = 'client_id' | 'next_mutation_id' | 'person' | 'last_synced_at' | 'first_sync_done'

export function readMeta(db: ReadableDb, key: MetaKey): string | null {
  return db.value<string>('SELECT value FROM meta WHERE key = ?', key) ?? null
}

export function writeMeta(db: WritableDb, key: MetaKey, value: string): void {
  db.run('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', key, value)
}
