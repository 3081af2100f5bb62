import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AlertPolicy, defaultAlertPolicy } from '../../domain/alert-policy.ts'
import { defaultPersonAlertSettings } from '../../domain/alert-settings.ts'
import type { AlertIdentity, ShareMark } from '../../domain/alert-share.ts'
import { alertKey } from '../../domain/alert-state.ts'
import type { Quote } from '../../domain/quote.ts'
import { userStream } from '../../domain/wire/stream-name.ts'
import {
  addDraft,
  type HandClock,
  handClock,
  seedWorld,
  tempStore,
  type World,
} from '../../tests/integration/support/world.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { findQuote } from '../quotes/queries.ts'
import { readBodies } from '../store/log.ts'
import type { Store } from '../store/store.ts'
import { verifyDatabase } from '../store/verify.ts'
import { readState } from '../sync/read-state.ts'
import { closeExpired } from './auto-close.ts'
import { markAlert, savePolicy, saveSettings } from './commands.ts'
import { escalateWaiting } from './escalate.ts'
import { findAlert, findSettings, listAlertsAfter, presentPolicy } from './queries.ts'

let clock: HandClock
let store: Store
let file: string
let close: () => Promise<void>
let world: World
beforeEach(async () => {
  // A Friday morning in Berlin.
  clock = handClock('2026-03-06T09:00:00.000Z')
  ;({ store, file, close } = await tempStore(clock))
  world = await seedWorld(store)
})
afterEach(() => close())

const origin = { client_id: crypto.randomUUID(), mutation_id: 1 }
const noHolidays = () => Promise.resolve([])

async function sent(given: Partial<Quote> = {}): Promise<Quote> {
  return store.transact(async (tx) => {
    const draft = await addDraft(tx, world, given)
    const active = await changeStatus(tx, draft, { transition: { to: 'active' }, reason: null }, world.mia)
    if (!active.ok) throw new Error(active.refusal.message)
    const change = await changeStatus(tx, active.quote, { transition: { to: 'sent' }, reason: null }, world.mia)
    if (!change.ok) throw new Error(change.refusal.message)
    return change.quote
  })
}

const identityOf = (quote: Quote, severity: AlertIdentity['severity'] = 'high'): AlertIdentity => ({
  key: alertKey(quote.id, 'expires-1', '2026-03-13'),
  quote: quote.id,
  rule: 'expires-1',
  kind: 'expires_in',
  occasion: '2026-03-13',
  severity,
  due_at: '2026-03-06T08:00:00.000Z',
  title: 'Q-1 expires tomorrow',
  body: 'Acme Corp',
})

const mark = (quote: Quote, what: ShareMark, at = '2026-03-06T09:00:00.000Z', by = world.rob) =>
  store.transact((tx) => markAlert(tx, { alert: identityOf(quote), mark: what, at, origin }, by))
const alertOf = (quote: Quote, person = world.rob) => findAlert(store.read, person.id, identityOf(quote).key)
const eventsOf = (person = world.rob) => readBodies(store.read, userStream(person.id), 0, 100)

describe('what the devices of a person know together', () => {
  test('marks of several devices add up in any order, the first of a kind stays', async () => {
    const quote = await sent()
    clock.set('2026-03-06T12:00:00.000Z')
    await mark(quote, { mark: 'acknowledged' }, '2026-03-06T10:00:00.000Z')
    await mark(quote, { mark: 'shown' }, '2026-03-06T09:00:00.000Z')
    await mark(quote, { mark: 'snoozed', until: '2026-03-09T08:00:00.000Z' }, '2026-03-06T11:00:00.000Z')
    await mark(quote, { mark: 'acknowledged' }, '2026-03-06T11:30:00.000Z')
    expect(await alertOf(quote)).toMatchObject({
      shown_at: '2026-03-06T09:00:00.000Z',
      read_at: '2026-03-06T10:00:00.000Z',
      acknowledged_at: '2026-03-06T10:00:00.000Z',
      snoozed_until: null,
    })
    expect(await eventsOf()).toHaveLength(4)
  })

  test('a mark from a clock that is ahead is of now, not of the future', async () => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' }, '2027-01-01T00:00:00.000Z')
    expect(await alertOf(quote)).toMatchObject({ shown_at: '2026-03-06T09:00:00.000Z' })
  })

  test('I16: they are in the stream of that person alone', async () => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' })
    expect(await alertOf(quote, world.mia)).toBeNull()
    expect(await eventsOf(world.mia)).toEqual([])
  })

  test('rows and log agree', async () => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' })
    await mark(quote, { mark: 'resolved', note: 'Called them' })
    const settings = { ...defaultPersonAlertSettings, break_through: { hours: true, do_not_disturb: false } }
    await store.transact((tx) => saveSettings(tx, { settings, origin }, world.rob))
    await store.transact((tx) => savePolicy(tx, { policy: defaultAlertPolicy, base_version: 0, origin }, world.mia))
    expect(await verifyDatabase(file, readState)).toMatchObject({ ok: true, problems: [] })
  })
})

describe('settings and policy', () => {
  test('settings count their saves, and those that do not fit the rules are refused', async () => {
    const save = (overrides: Record<string, object>) =>
      store.transact((tx) =>
        saveSettings(tx, { settings: { ...defaultPersonAlertSettings, overrides }, origin }, world.rob),
      )
    expect(await save({ 'expires-7': { enabled: false } })).toMatchObject({ ok: true, version: 1 })
    expect(await save({ 'expires-7': { percent: 3 } })).toMatchObject({ ok: false, code: 'invalid_edit' })
    expect(await findSettings(store.read, world.rob.id)).toMatchObject({
      overrides: { 'expires-7': { enabled: false } },
    })
  })

  test('a policy needs alerts:manage, and two who save at once do not overwrite each other', async () => {
    const policy: AlertPolicy = { ...defaultAlertPolicy, auto_close_after_days: 30 }
    const save = (base_version: number, by = world.mia) =>
      store.transact((tx) => savePolicy(tx, { policy, base_version, origin: null }, by))
    expect(await save(0, world.rob)).toMatchObject({ ok: false, code: 'needs_permission' })
    expect(await save(0)).toMatchObject({ ok: true, version: 1 })
    expect(await save(0)).toMatchObject({ ok: false, code: 'conflict' })
    expect(await presentPolicy(store.read)).toEqual(policy)
  })
})

const escalate = () => escalateWaiting({ store, clock }, noHolidays)
const toMia = () => listAlertsAfter(store.read, world.mia.id, '', 10)

describe('escalation', () => {
  test('what nobody acknowledged within the working hours goes to the manager once, with the trail', async () => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' })
    // 8 working hours from Friday 10:00 in Berlin: 7 on Friday, the eighth ends on Monday at 10:00.
    clock.set('2026-03-09T08:59:59.000Z')
    expect(await escalate()).toBe(0)
    clock.set('2026-03-09T09:00:00.000Z')
    expect(await escalate()).toBe(1)
    expect(await escalate()).toBe(0)
    const [alert, ...others] = await toMia()
    expect(others).toEqual([])
    expect(alert).toMatchObject({
      kind: 'escalation',
      quote: quote.id,
      title: 'Rob has not answered: Q-1 expires tomorrow',
      shown_at: null,
      escalated_from: { person_id: world.rob.id },
    })
    expect(alert?.escalated_from?.trail.map(({ what }) => what)).toEqual([
      'Due: Q-1 expires tomorrow',
      'Shown to Rob',
      'Not acknowledged in time: passed on',
    ])
    expect(await alertOf(quote)).toMatchObject({ escalated_at: '2026-03-09T09:00:00.000Z' })
  })

  test.each<[string, ShareMark]>([
    ['acknowledged', { mark: 'acknowledged' }],
    ['resolved', { mark: 'resolved', note: '' }],
    ['dismissed', { mark: 'dismissed' }],
    ['snoozed until later', { mark: 'snoozed', until: '2026-03-20T08:00:00.000Z' }],
  ])('what was %s is not passed on', async (_what, done) => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' })
    await mark(quote, done)
    clock.set('2026-03-16T09:00:00.000Z')
    expect(await escalate()).toBe(0)
    expect(await toMia()).toEqual([])
  })

  test('a quote that is closed or somebody else’s by then is nobody’s to escalate', async () => {
    const quote = await sent()
    await mark(quote, { mark: 'shown' })
    await store.transact((tx) =>
      changeStatus(tx, quote, { transition: { to: 'closed', outcome: 'lost' }, reason: null }, world.mia),
    )
    clock.set('2026-03-10T09:00:00.000Z')
    expect(await escalate()).toBe(0)
    expect(await toMia()).toEqual([])
    expect(await alertOf(quote)).toMatchObject({ escalated_at: null })
    expect(await eventsOf()).toHaveLength(1)
  })

  test('less grave ones stay with their person, and so does everything where escalation is off', async () => {
    const quote = await sent()
    const low = { ...identityOf(quote, 'normal'), key: alertKey(quote.id, 'expires-7', '2026-03-13') }
    await store.transact((tx) =>
      markAlert(tx, { alert: low, mark: { mark: 'shown' }, at: '2026-03-06T09:00:00.000Z', origin }, world.rob),
    )
    clock.set('2026-03-10T09:00:00.000Z')
    expect(await escalate()).toBe(0)
    await mark(quote, { mark: 'shown' }, '2026-03-06T09:00:00.000Z')
    const policy = { ...defaultAlertPolicy, escalation: null }
    await store.transact((tx) => savePolicy(tx, { policy, base_version: 0, origin: null }, world.mia))
    expect(await escalate()).toBe(0)
  })
})

describe('the policy that closes what ran out long ago', () => {
  test('closes 14 days after the last valid day, as expired, with its reason in the history', async () => {
    const quote = await sent({ expires_on: '2026-03-13', time_zone: 'America/New_York' })
    clock.set('2026-03-28T03:59:59.999Z')
    expect(await closeExpired({ store, clock })).toBe(0)
    clock.set('2026-03-28T04:00:00.000Z')
    expect(await closeExpired({ store, clock })).toBe(1)
    expect(await findQuote(store.read, quote.id)).toMatchObject({ status: 'closed', outcome: 'expired' })
    const last = (await store.read.selectFrom('history').selectAll().where('quote', '=', quote.id).execute()).at(-1)
    expect(last).toMatchObject({ to_status: 'closed', actor_id: null, reason: expect.stringContaining('14 days') })
    expect(await closeExpired({ store, clock })).toBe(0)
  })

  test('drafts, quotes without a date and workspaces that do not want it are left alone', async () => {
    const draft = await store.transact((tx) => addDraft(tx, world))
    const quote = await sent()
    clock.set('2026-06-01T00:00:00.000Z')
    const policy = { ...defaultAlertPolicy, auto_close_after_days: null }
    await store.transact((tx) => savePolicy(tx, { policy, base_version: 0, origin: null }, world.mia))
    expect(await closeExpired({ store, clock })).toBe(0)
    await store.transact((tx) =>
      savePolicy(tx, { policy: defaultAlertPolicy, base_version: 1, origin: null }, world.mia),
    )
    expect(await closeExpired({ store, clock })).toBe(1)
    expect(await findQuote(store.read, draft.id)).toMatchObject({ status: 'draft' })
    expect(await findQuote(store.read, quote.id)).toMatchObject({ status: 'closed' })
  })
})
