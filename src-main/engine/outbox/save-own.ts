import type { AlertPolicy } from '../../../domain/alert-policy.ts'
import { checkSettings, type PersonAlertSettings } from '../../../domain/alert-settings.ts'
import type { Person } from '../../../domain/directory.ts'
import { teamsWith } from '../../../domain/permissions.ts'
import { toInstantText } from '../../../domain/time.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendSave, readSave, type SaveEntry } from '../cache/outbox-own.ts'
import { deleteEntry } from '../cache/outbox-store.ts'
import { readPolicy } from '../cache/saved-settings.ts'
import { noSuchChange, RefusedError } from './refusal.ts'

/** Who saves settings or the policy, where, when. */
export interface Saving {
  cache: Cache
  person: Person
  nowMs: number
}

/** @returns the outbox entry @throws RefusedError in the server's words */
export function queueSettings({ cache, nowMs }: Saving, settings: PersonAlertSettings): number {
  const check = checkSettings({ workspace: readPolicy(cache.read).policy, person: settings })
  if (!check.ok) throw new RefusedError('invalid_edit', check.message)
  return cache.transact((db) => appendSave(db, { name: 'settings.save', settings }, toInstantText(nowMs)))
}

/** Why this person may not save rules for everybody; null when they may. */
export function policyRefusal({ memberships }: Pick<Person, 'memberships'>): string | null {
  return teamsWith(memberships, 'alerts:manage').length > 0
    ? null
    : 'Rules for everybody need the permission alerts:manage.'
}

/**
 * @param base the version that the form was opened with
 * @returns the outbox entry
 * @throws RefusedError in the server's words
 */
export function queuePolicy({ cache, person, nowMs }: Saving, policy: AlertPolicy, base: number): number {
  const refusal = policyRefusal(person)
  if (refusal !== null) throw new RefusedError('needs_permission', refusal)
  const ids = policy.rules.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) {
    throw new RefusedError('invalid_edit', `Two rules are called "${twice}": give one another name.`)
  }
  return cache.transact((db) => {
    const before = readPolicy(db)
    if (before.version !== base) {
      const message = 'Somebody else saved the rules meanwhile. Look at what they are now, and change them again.'
      throw new RefusedError('conflict', message)
    }
    // One of ours that has not left yet gives way to this one, and with it its place.
    const base_version = replacesUnsent(db) ? base - 1 : base
    return appendSave(db, { name: 'policy.save', base_version, policy }, toInstantText(nowMs))
  })
}

function replacesUnsent(db: Cache['read']): boolean {
  const sql = `SELECT 1 FROM outbox WHERE name = 'policy.save' AND mutation_id IS NULL AND state = 'waiting'`
  return db.value<number>(sql) !== undefined
}

/**
 * Takes back what has not been sent, or a refused one off the list.
 * @throws RefusedError when it may have reached the server
 */
export function discardSave(cache: Cache, { entry, state, mutation_id }: SaveEntry): void {
  if (state !== 'refused' && (state !== 'waiting' || mutation_id !== null)) {
    throw new RefusedError('already_sent', 'This has been sent already. Change it again instead.')
  }
  cache.transact((db) => deleteEntry(db, entry))
}

/** Sends refused settings or rules again, on top of how things stand now. @returns the new entry */
export function retrySave(saving: Saving, { entry, state, body }: SaveEntry): number {
  if (state !== 'refused') throw new RefusedError('not_refused', 'This change was not refused: it is on its way.')
  if (!readSave(saving.cache.read, entry)) throw noSuchChange()
  // Queueing takes the refused one off the list.
  if (body.name === 'settings.save') return queueSettings(saving, body.settings)
  return queuePolicy(saving, body.policy, readPolicy(saving.cache.read).version)
}
