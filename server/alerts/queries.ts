import type { Kysely } from 'kysely'
import { type AlertPolicy, alertPolicySchema, defaultAlertPolicy } from '../../domain/alert-policy.ts'
import { defaultPersonAlertSettings, personAlertSettingsSchema } from '../../domain/alert-settings.ts'
import type { SharedAlert } from '../../domain/alert-share.ts'
import type { SavedPolicy, SavedSettings } from '../../domain/wire/stream-event.ts'
import type { Tables } from '../store/tables.ts'

/** Null when none was saved: then the default holds. */
export async function findPolicy(db: Kysely<Tables>): Promise<SavedPolicy | null> {
  const row = await db.selectFrom('alert_policy').selectAll().executeTakeFirst()
  return row ? { id: row.id, version: row.version, ...alertPolicySchema.parse(JSON.parse(row.policy)) } : null
}

/** The policy that holds now. */
export async function presentPolicy(db: Kysely<Tables>): Promise<AlertPolicy> {
  const saved = await findPolicy(db)
  if (!saved) return defaultAlertPolicy
  const { id: _id, version: _version, ...policy } = saved
  return policy
}

/** Null when the person never saved any: then the defaults hold. */
export async function findSettings(db: Kysely<Tables>, personId: string): Promise<SavedSettings | null> {
  const row = await db.selectFrom('alert_settings').selectAll().where('person_id', '=', personId).executeTakeFirst()
  if (!row) return null
  return { id: row.person_id, version: row.version, ...personAlertSettingsSchema.parse(JSON.parse(row.settings)) }
}

export async function presentSettings(db: Kysely<Tables>, personId: string) {
  const saved = await findSettings(db, personId)
  if (!saved) return defaultPersonAlertSettings
  const { id: _id, version: _version, ...settings } = saved
  return settings
}

/** Only commands write them, and they validate. */
export const toSharedAlert = (text: string): SharedAlert => JSON.parse(text) as SharedAlert

export async function findAlert(db: Kysely<Tables>, personId: string, key: string): Promise<SharedAlert | null> {
  const row = await db
    .selectFrom('alerts')
    .select('alert')
    .where('person_id', '=', personId)
    .where('key', '=', key)
    .executeTakeFirst()
  return row ? toSharedAlert(row.alert) : null
}

/** The next `limit` alerts of the person by key. */
export async function listAlertsAfter(
  db: Kysely<Tables>,
  personId: string,
  after: string,
  limit: number,
): Promise<SharedAlert[]> {
  const rows = await db
    .selectFrom('alerts')
    .select('alert')
    .where('person_id', '=', personId)
    .where('key', '>', after)
    .orderBy('key')
    .limit(limit)
    .execute()
  return rows.map((row) => toSharedAlert(row.alert))
}
