import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultAlertPolicy } from '../../../domain/alert-policy.ts'
import { defaultPersonAlertSettings } from '../../../domain/alert-settings.ts'
import { newSharedAlert } from '../../../domain/alert-share.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import { userStream } from '../../../domain/wire/stream-name.ts'
import type { MutationResult } from '../../../domain/wire/sync-http.ts'
import {
  apply,
  directoryChanges,
  epochA,
  logOf,
  org,
  rob,
  team,
  tempCache,
  workspace,
} from '../../../tests/support/engine-world.ts'
import { purgeStream, replaceStream } from '../cache/apply-snapshot.ts'
import { writeMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendMarks, listSaves } from '../cache/outbox-own.ts'
import { countEntries, takeBatch } from '../cache/outbox-store.ts'
import { readPolicy, readSettings } from '../cache/saved-settings.ts'
import { readShared } from '../cache/shared-alerts.ts'
import { hashStream } from '../cache/stream-hash.ts'
import { discardSave, queuePolicy, queueSettings, retrySave, type Saving } from './save-own.ts'
import { settleBatch, settleUnreadable } from './settle.ts'

const own = userStream(rob.id)
const client_id = '33333333-3333-4333-8333-333333333333'
const late = { ...defaultPersonAlertSettings, overrides: { 'expires-7': { enabled: false } } }
const later = { ...defaultPersonAlertSettings, overrides: { 'expires-3': { enabled: false } } }
const savedLate = { id: rob.id, version: 1, ...late }
const savedPolicy = { id: workspace.id, version: 4, ...defaultAlertPolicy }
const manager = { ...rob, memberships: [{ team_id: team.id, role: 'manager' as const }] }

let temp: ReturnType<typeof tempCache>
let cache: Cache
let saving: Saving
beforeEach(() => {
  temp = tempCache()
  ;({ cache } = temp)
  cache.transact((db) => writeMeta(db, 'client_id', client_id))
  apply(cache, org, logOf(directoryChanges, org))
  saving = { cache, person: manager, nowMs: 0 }
})
afterEach(() => temp.dispose())

const send = () => cache.transact((db) => takeBatch(db, { entries: 100, bytes: 100_000 }))
const answer = (result: Partial<MutationResult> & Pick<MutationResult, 'outcome'>) => {
  const place = { stream: own, epoch: epochA, seq: 1, version: 1 }
  const refusal = {
    code: 'conflict',
    message: 'Somebody else saved the rules meanwhile.',
    current: null,
    conflicts: [],
  }
  const rest = result.outcome === 'committed' ? place : refusal
  settleBatch(
    cache,
    send().map(({ mutation_id }) => ({ ...rest, ...result, mutation_id }) as MutationResult),
  )
}
const settings = () => readSettings(cache.read)
const tell = (...changes: StreamChange[]) => apply(cache, own, logOf(changes, own))

describe('settings', () => {
  it('I15: hold here at once, and are let go of with the event that carries them', () => {
    expect(settings()).toMatchObject({ standing: 'default' })
    queueSettings(saving, late)
    expect(settings()).toEqual({ settings: late, standing: 'waiting' })
    answer({ outcome: 'committed' })
    expect(settings().standing).toBe('waiting')
    const events = logOf([{ type: 'settings.saved', data: savedLate }], own)
    apply(
      cache,
      own,
      events.map((event) => ({ ...event, place: { ...event.place, origin: { client_id, mutation_id: 1 } } })),
    )
    expect(settings()).toEqual({ settings: late, standing: 'confirmed' })
    expect(listSaves(cache.read)).toEqual([])
  })

  it('saved again before they left, only the last word goes out', () => {
    queueSettings(saving, late)
    queueSettings(saving, later)
    expect(send().map(({ body }) => body)).toEqual([{ name: 'settings.save', settings: later }])
    expect(countEntries(cache.read)).toEqual({ pending: 1, refused: 0 })
  })

  it('refused they are listed with words, what was confirmed holds, and they can be sent again or let go of', () => {
    tell({ type: 'settings.saved', data: savedLate })
    queueSettings(saving, later)
    answer({ outcome: 'rejected' })
    expect(settings()).toEqual({ settings: late, standing: 'confirmed' })
    const [refused] = listSaves(cache.read)
    expect(refused).toMatchObject({ state: 'refused', message: expect.stringContaining('meanwhile') })
    expect(countEntries(cache.read)).toEqual({ pending: 0, refused: 1 })
    if (refused) retrySave(saving, refused)
    expect(listSaves(cache.read)).toMatchObject([{ state: 'waiting' }])
    for (const entry of listSaves(cache.read)) discardSave(cache, entry)
    expect(settings()).toEqual({ settings: late, standing: 'confirmed' })
  })

  it('that do not fit the workspace’s rules are refused before they go out', () => {
    const overrides = { expired: { days: 3 } }
    expect(() => queueSettings(saving, { ...late, overrides })).toThrow('has no days')
    expect(listSaves(cache.read)).toEqual([])
  })
})

describe('rules for everybody', () => {
  const wish = { ...defaultAlertPolicy, auto_close_after_days: null }

  it('name the version they were made from; on top of one that waits they are no conflict with ourselves', () => {
    cache.transact((db) =>
      replaceStream(db, cache.expiry, org, { epoch: epochA, seq: 9 }, [{ type: 'policy.saved', data: savedPolicy }]),
    )
    queuePolicy(saving, wish, 4)
    queuePolicy(saving, { ...wish, escalation: null }, 5)
    expect(send().map(({ body }) => body)).toMatchObject([{ base_version: 4, policy: { escalation: null } }])
    queuePolicy(saving, wish, 5)
    expect(send().at(-1)?.body).toMatchObject({ base_version: 5, policy: { escalation: wish.escalation } })
    expect(readPolicy(cache.read)).toMatchObject({ version: 6, standing: 'waiting' })
    expect(() => queuePolicy(saving, wish, 4)).toThrow('Somebody else saved the rules meanwhile')
  })

  it('are refused to who may not save them', () => {
    expect(() => queuePolicy({ ...saving, person: rob }, wish, 0)).toThrow('alerts:manage')
  })
})

describe('marks of alerts', () => {
  it('that the server does not take, or cannot read, hold up nothing and are shown to nobody', () => {
    const alert = `INSERT INTO alerts (key, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason)
      VALUES (?, 'r', 'expired', 'o', 'low', 'shown', ?, ?, ?, '')`
    const at = '2026-03-04T10:00:00.000Z'
    cache.transact((db) => {
      for (const key of ['a', 'b']) db.run(alert, key, at, at, at)
      appendMarks(db, ['a', 'b', 'unknown'], { mark: 'shown' }, at)
    })
    const [first] = send()
    expect(first?.body).toMatchObject({ name: 'alert.mark', alert: { key: 'a', title: 'Alert of the rule r' }, at })
    if (first) settleUnreadable(cache, first, 'no')
    answer({ outcome: 'rejected' })
    expect(send()).toEqual([])
    expect(countEntries(cache.read)).toEqual({ pending: 0, refused: 0 })
  })
})

const shared = (key: string) =>
  newSharedAlert({
    key,
    quote: null,
    rule: 'r',
    kind: 'day_summary',
    occasion: 'o',
    severity: 'low',
    due_at: '2026-03-04T10:00:00.000Z',
    title: 'T',
    body: '',
  })
const hash = () => hashStream(cache.read, own, () => Promise.resolve())

describe('the stream that is the person’s own', () => {
  it('I7: a snapshot makes it exactly what it says; what it lacks is gone', async () => {
    tell({ type: 'settings.saved', data: savedLate }, { type: 'alert.saved', data: shared('a') })
    const before = await hash()
    cache.transact((db) =>
      replaceStream(db, cache.expiry, own, { epoch: epochA, seq: 9 }, [{ type: 'alert.saved', data: shared('b') }]),
    )
    expect([readShared(cache.read, 'a'), readShared(cache.read, 'b')]).toEqual([null, shared('b')])
    expect(settings().standing).toBe('default')
    expect(await hash()).toMatchObject({ rows: 1 })
    expect((await hash()).hash).not.toBe(before.hash)
  })

  it('I16: nothing of it stays when it may not be read any more, nor of the rules with the directory', async () => {
    tell({ type: 'settings.saved', data: savedLate }, { type: 'alert.saved', data: shared('a') })
    apply(cache, org, logOf([{ type: 'policy.saved', data: savedPolicy }], org, directoryChanges.length))
    expect(readPolicy(cache.read)).toMatchObject({ version: 4, standing: 'confirmed' })
    cache.transact((db) => purgeStream(db, cache.expiry, own))
    cache.transact((db) => purgeStream(db, cache.expiry, org))
    expect([await hash(), settings().standing, readPolicy(cache.read).standing]).toMatchObject([
      { rows: 0 },
      'default',
      'default',
    ])
  })

  it('the confirmed word is kept as it is while a change waits: the hash does not move', async () => {
    tell({ type: 'settings.saved', data: savedLate })
    const before = await hash()
    queueSettings(saving, later)
    expect(settings().settings).toEqual(later)
    expect(await hash()).toEqual(before)
  })
})
