import { type AlertPolicy, defaultAlertPolicy } from '../../../domain/alert-policy.ts'
import { defaultPersonAlertSettings, type PersonAlertSettings } from '../../../domain/alert-settings.ts'
import type { SavedPolicy, SavedSettings } from '../../../domain/wire/stream-event.ts'
import type { OwnBody } from './outbox-body.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

export type SavedKind = 'settings' | 'policy'

/** `default`: nobody ever saved any. `waiting`: saved on this machine, and not confirmed yet. */
export type Standing = 'default' | 'confirmed' | 'waiting'

export function saveSettings(db: WritableDb, settings: SavedSettings): void {
  save(db, 'settings', settings)
}

export function savePolicy(db: WritableDb, policy: SavedPolicy): void {
  save(db, 'policy', policy)
}

function save(db: WritableDb, kind: SavedKind, saved: unknown): void {
  db.run(
    'INSERT INTO saved_settings VALUES (?, ?) ON CONFLICT DO UPDATE SET saved = excluded.saved',
    kind,
    JSON.stringify(saved),
  )
  db.touched.settings()
}

export function forgetSaved(db: WritableDb, kind: SavedKind): void {
  if (db.run('DELETE FROM saved_settings WHERE kind = ?', kind).changes > 0) db.touched.settings()
}

const readSaved = (db: ReadableDb, kind: SavedKind) =>
  db.value<string>('SELECT saved FROM saved_settings WHERE kind = ?', kind)

/** As confirmed; null when none was ever saved. */
export function readSavedSettings(db: ReadableDb): SavedSettings | null {
  const saved = readSaved(db, 'settings')
  return saved === undefined ? null : (JSON.parse(saved) as SavedSettings)
}

export function readSavedPolicy(db: ReadableDb): SavedPolicy | null {
  const saved = readSaved(db, 'policy')
  return saved === undefined ? null : (JSON.parse(saved) as SavedPolicy)
}

/** The latest that waits of a kind: it is what will hold. */
function readPending<Name extends OwnBody['name']>(db: ReadableDb, name: Name) {
  const body = db.value<string>(
    `SELECT body FROM outbox WHERE name = ? AND name IN ('settings.save', 'policy.save') AND state <> 'refused'
     ORDER BY entry DESC LIMIT 1`,
    name,
  )
  return body === undefined ? null : (JSON.parse(body) as Extract<OwnBody, { name: Name }>)
}

/** I15: what is shown = confirmed ⊕ pending. */
export function readSettings(db: ReadableDb): { settings: PersonAlertSettings; standing: Standing } {
  const pending = readPending(db, 'settings.save')
  if (pending) return { settings: pending.settings, standing: 'waiting' }
  const saved = readSavedSettings(db)
  if (!saved) return { settings: defaultPersonAlertSettings, standing: 'default' }
  const { id: _id, version: _version, ...settings } = saved
  return { settings, standing: 'confirmed' }
}

/** `version`: what the next save names as its base, 0 when none was ever saved. */
export function readPolicy(db: ReadableDb): { policy: AlertPolicy; version: number; standing: Standing } {
  const pending = readPending(db, 'policy.save')
  // What waits counts as one version more, so that a save on top of it is no conflict with ourselves.
  if (pending) return { policy: pending.policy, version: pending.base_version + 1, standing: 'waiting' }
  const saved = readSavedPolicy(db)
  if (!saved) return { policy: defaultAlertPolicy, version: 0, standing: 'default' }
  const { id: _id, version, ...policy } = saved
  return { policy, version, standing: 'confirmed' }
}
