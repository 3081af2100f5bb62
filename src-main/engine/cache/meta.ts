import type { ReadableDb, WritableDb } from './sql.ts'

/**
 * `person`: JSON of the signed-in person as last told. `client_id`: this cache's name in the outbox protocol.
 * `server_offset_ms`: server time minus this machine's, as last measured. `notice`: what the person was not shown yet. `alert_plan`:
 * what `alert_due` was worked out from; absent when it has to be again.
 */
export const metaKeys = [
  'client_id',
  'next_mutation_id',
  'person',
  'last_synced_at',
  'first_sync_done',
  'server_offset_ms',
  'notice',
  'alert_plan',
] as const
export type MetaKey = (typeof metaKeys)[number]

export function readMeta(db: ReadableDb, key: MetaKey): string | null {
  return db.value<string>('SELECT value FROM meta WHERE key = ?', key) ?? null
}

export function writeMeta(db: WritableDb, key: MetaKey, value: string): void {
  db.run('INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value', key, value)
}

export function forgetMeta(db: WritableDb, key: MetaKey): void {
  db.run('DELETE FROM meta WHERE key = ?', key)
}

/** This cache's name in the outbox protocol. @throws when the account was not opened: it makes one */
export function clientIdOf(db: ReadableDb): string {
  const id = readMeta(db, 'client_id')
  if (id === null) throw new Error('the cache has no client id: open the account first')
  return id
}
