import { type AlertPolicy, alertPolicySchema } from '../../domain/alert-policy.ts'
import { checkSettings, type PersonAlertSettings } from '../../domain/alert-settings.ts'
import { type AlertIdentity, newSharedAlert, type ShareMark, withShareMark } from '../../domain/alert-share.ts'
import { teamsWith } from '../../domain/permissions.ts'
import type { EventPlace } from '../../domain/wire/stream-event.ts'
import { userStream } from '../../domain/wire/stream-name.ts'
import type { Caller } from '../auth/caller.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { findAlert, findPolicy, findSettings, presentPolicy } from './queries.ts'
import { saveAlert } from './save-alert.ts'

/** What every command on alerts and settings answers; a refusal has left no trace. */
export type AlertOutcome =
  | { ok: true; version: number; place: EventPlace }
  | { ok: false; code: 'needs_permission' | 'invalid_edit' | 'conflict'; message: string }

/** A device tells what became of an alert of its person. Only the person's own: the stream is theirs alone. */
export async function markAlert(
  tx: Tx,
  wish: { alert: AlertIdentity; mark: ShareMark; at: string; origin: Origin },
  by: Caller,
): Promise<AlertOutcome> {
  const known = (await findAlert(tx.db, by.id, wish.alert.key)) ?? newSharedAlert(wish.alert)
  // A device whose clock is ahead must not make an alert that others would find to be of the future.
  const at = wish.at < tx.at ? wish.at : tx.at
  const place = await saveAlert(tx, by.id, withShareMark(known, wish.mark, at), wish.origin)
  return { ok: true, version: 1, place }
}

/** A person's own settings: the last word counts. */
export async function saveSettings(
  tx: Tx,
  wish: { settings: PersonAlertSettings; origin: Origin },
  by: Caller,
): Promise<AlertOutcome> {
  const check = checkSettings({ workspace: await presentPolicy(tx.db), person: wish.settings })
  if (!check.ok) return { ok: false, code: 'invalid_edit', message: check.message }
  const version = ((await findSettings(tx.db, by.id))?.version ?? 0) + 1
  const row = { person_id: by.id, version, settings: JSON.stringify(wish.settings) }
  await tx.db
    .insertInto('alert_settings')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute()
  const data = { id: by.id, version, ...wish.settings }
  const { place } = await tx.appendEvent(userStream(by.id), { type: 'settings.saved', data }, wish.origin)
  return { ok: true, version, place }
}

/** What holds for everybody; two who save at once must not overwrite each other unseen. */
export async function savePolicy(
  tx: Tx,
  wish: { policy: AlertPolicy; base_version: number; origin: Origin | null },
  by: Caller,
): Promise<AlertOutcome> {
  if (teamsWith(by.memberships, 'alerts:manage').length === 0) {
    return { ok: false, code: 'needs_permission', message: 'Rules for everybody need the permission alerts:manage.' }
  }
  const present = await findPolicy(tx.db)
  if ((present?.version ?? 0) !== wish.base_version) {
    const message = 'Somebody else saved the rules meanwhile. Look at what they are now, and change them again.'
    return { ok: false, code: 'conflict', message }
  }
  const ids = wish.policy.rules.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) {
    return { ok: false, code: 'invalid_edit', message: `Two rules are called "${twice}": give one another name.` }
  }
  const workspace = await findWorkspace(tx.db)
  if (!workspace) throw new Error('there is no workspace to save rules of')
  const version = wish.base_version + 1
  const policy = alertPolicySchema.parse(wish.policy)
  const row = { id: workspace.id, version, policy: JSON.stringify(policy) }
  await tx.db
    .insertInto('alert_policy')
    .values(row)
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
  const data = { id: workspace.id, version, ...policy }
  const { place } = await tx.appendEvent(await tx.orgStream(), { type: 'policy.saved', data }, wish.origin)
  return { ok: true, version, place }
}
