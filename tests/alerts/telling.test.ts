import { afterEach, describe, expect, test } from 'vitest'
import type { Toast } from '../../domain/host/messages.ts'
import { type AlertFilter, alertFilterSchema } from '../../domain/rpc/alerts.ts'
import { readAlertPage } from '../../src-main/engine/cache/alert-page.ts'
import { countUnread, readUnreadKeys } from '../../src-main/engine/cache/alert-store.ts'
import { added, makeQuote } from '../support/engine-world.ts'
import { createMachine, expiryRules, type Machine, settingsOf, sharedOf } from './support/machine.ts'

const minute = 60_000
const wednesday = '2026-03-04T10:00:00.000Z'
const page = (filter: Partial<AlertFilter> = {}) =>
  readAlertPage(machine.cache().read, alertFilterSchema.parse(filter), { offset: 0, limit: 50 })
let machine: Machine
afterEach(() => machine.dispose())

const quote = makeQuote({ expires_on: '2026-03-11' })
const key = `${quote.id}:expires-7:2026-03-11`
const alert = () => machine.alertsOf(quote)[0]
const start = async (at = wednesday, rule = {}, person = {}) => {
  machine = createMachine(at, { settings: settingsOf({ ...expiryRules, 'expires-7': rule }, person) })
  machine.put(added(quote))
  machine.begin()
  await machine.pass(5_000)
}

describe('presence', () => {
  test.each([
    ['do-not-disturb', { do_not_disturb: 'on' }, 'do-not-disturb is on: held until it is off'],
    ['full screen', { full_screen: 'on' }, 'another program fills the screen: held until it does not'],
  ] as const)('%s holds an alert until it is over, and says so once', async (_what, presence, reason) => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    machine.presence.set({ focused: false, do_not_disturb: 'off', full_screen: 'off', ...presence })
    machine.put(added(quote))
    machine.begin()
    await machine.pass(10 * minute)
    expect(machine.shown()).toEqual([])
    expect(machine.why(quote).map((line) => line.reason)).toEqual([reason, 'due in working hours'])
    machine.presence.set({ focused: false, do_not_disturb: 'off', full_screen: 'off' })
    await machine.pass(5_000)
    expect(machine.shown()).toHaveLength(1)
  })

  test('a focused window shows it itself; the desktop is left alone', async () => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    machine.presence.set({ focused: true, do_not_disturb: 'on', full_screen: 'unknown' })
    const inWindow: Toast[] = []
    const window = machine.windows.attach()
    window.watchToasts((toast) => {
      inWindow.push(toast)
      machine.notifier.event(toast.key, 'shown', null, window)
    })
    machine.put(added(quote))
    machine.begin()
    await machine.pass(5_000)
    expect(inWindow.map((toast) => toast.key)).toEqual([key])
    expect(machine.shown()).toEqual([])
    expect(alert()?.state).toBe('shown')
  })

  const loud = { severity: 'critical', break_through: true } as const
  const allowed = { break_through: { hours: true, do_not_disturb: true } }

  test('outside hours only what rule and person both allow breaks through', async () => {
    const saturday = '2026-03-07T10:00:00.000Z'
    await start(saturday, {}, allowed)
    expect(machine.shown()).toEqual([])
    machine.dispose()
    await start(saturday, loud)
    expect(machine.shown()).toEqual([])
    machine.dispose()
    await start(saturday, loud, allowed)
    expect(machine.shown()).toMatchObject([{ urgency: 'critical' }])
    expect(machine.why(quote).at(-1)?.reason).toBe('due outside working hours, which this rule may disturb')
  })

  test('do-not-disturb gives way to what is critical and allowed, and to nothing else', async () => {
    for (const [rule, person, toasts] of [
      [loud, allowed, 1],
      [loud, {}, 0],
      [{ ...loud, severity: 'high' }, allowed, 0],
    ] as const) {
      machine = createMachine(wednesday, { settings: settingsOf({ 'expires-7': rule }, person) })
      machine.presence.set({ focused: false, do_not_disturb: 'on', full_screen: 'off' })
      machine.put(added(quote))
      machine.begin()
      await machine.pass(5_000)
      expect(machine.shown()).toHaveLength(toasts)
      if (toasts === 1) machine.dispose()
    }
  })

  test('a rule of the channel in_app is listed and no toast', async () => {
    await start(wednesday, { channel: 'in_app' })
    expect(machine.shown()).toEqual([])
    expect(page()).toMatchObject({
      total: 1,
      alerts: [{ key, state: 'shown', title: 'Q-1042 expires in 7 days' }],
    })
  })
})

const many = (count: number) =>
  Array.from({ length: count }, (_, n) => makeQuote({ quote_id: n + 1, expires_on: '2026-03-11' }))

describe('many at once', () => {
  test('200 alerts are one toast, each of them told once', async () => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    machine.put(...many(200).map((one) => added(one)))
    machine.begin()
    await machine.pass(5 * minute)
    expect(machine.shown()).toMatchObject([{ title: '200 quotes expire soon', body: 'Q-1, Q-2, Q-3 and 197 more' }])
    expect(countUnread(machine.cache().read)).toBe(200)
  })

  test('200 that come one by one are a few toasts, and all of them are told', async () => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    machine.begin()
    for (const one of many(200)) {
      machine.put(added(one))
      await machine.pass(2_500)
    }
    await machine.pass(2 * minute)
    const minutes = (200 * 2_500) / minute + 2
    expect(machine.shown().length).toBeLessThanOrEqual(Math.ceil(minutes) * 6)
    expect(countUnread(machine.cache().read)).toBe(200)
  })
})

describe('what a person does with an alert', () => {
  test.each([
    ['hour', '2026-03-04T16:30:00.000Z', '2026-03-05T08:00:00.000Z'],
    ['hour', '2026-03-04T10:00:00.000Z', '2026-03-04T11:00:10.000Z'],
    ['tomorrow', '2026-03-04T10:00:00.000Z', '2026-03-05T10:00:10.000Z'],
    ['next_working_day', '2026-03-04T10:00:00.000Z', '2026-03-05T08:00:00.000Z'],
  ] as const)('snoozed (%s) at %s it comes again at %s, once', async (choice, at, again) => {
    machine = createMachine(at, { settings: settingsOf(expiryRules) })
    machine.put(added(quote))
    machine.begin()
    await machine.pass(10_000)
    const wasShown = machine.shown().length
    machine.alerts().snooze(key, choice)
    expect(alert()?.state).toBe('snoozed')
    expect(alert()?.release_at.slice(0, 16)).toBe(again.slice(0, 16))
    machine.sleepUntil(alert()?.release_at ?? '')
    await machine.pass(minute)
    expect(machine.shown().length).toBe(wasShown + 1)
    await machine.pass(10 * minute)
    expect(machine.shown().length).toBe(wasShown + 1)
  })

  test('snoozed and closed meanwhile, it does not come again', async () => {
    await start()
    machine.alerts().snooze(key, 'hour')
    machine.put({
      type: 'quote.changed',
      data: { ...changedTo({ ...quote, version: 2, status: 'closed', outcome: 'won' }) },
    })
    await machine.pass(70 * minute, 30_000)
    expect(machine.shown()).toHaveLength(1)
    expect(alert()).toMatchObject({ state: 'cancelled', reason: 'the quote is closed' })
  })

  test('acknowledged elsewhere while it is held, it is not told here at all', async () => {
    await start('2026-03-07T10:00:00.000Z')
    const at = '2026-03-07T10:00:01.000Z'
    machine.hear({ ...sharedOf(machine.alertsOf(quote)[0]), read_at: at, acknowledged_at: at })
    machine.sleepUntil('2026-03-09T08:00:00.000Z')
    await machine.pass(minute)
    expect(machine.shown().filter((toast) => toast.key === key)).toEqual([])
    expect(alert()).toMatchObject({ state: 'cancelled', acknowledged_at: '2026-03-07T10:00:01.000Z' })
  })

  test('handled on another device it disappears from this one’s screen; a summary when its last one is', async () => {
    await start()
    machine.alerts().mark(key, { mark: 'resolved', note: 'called them' })
    expect(machine.told.filter(({ kind }) => kind === 'close_toast')).toEqual([{ kind: 'close_toast', key }])
    expect(alert()).toMatchObject({ state: 'shown', note: 'called them', read_at: expect.any(String) })
    expect(machine.why(quote)[0]).toMatchObject({ decision: 'marked', reason: 'resolved: called them' })
    const four = Array.from({ length: 4 }, () => makeQuote({ expires_on: '2026-03-11' }))
    machine.put(...four.map((one) => added(one)))
    await machine.pass(5_000)
    const closed = () => machine.told.filter(({ kind }) => kind === 'close_toast').length
    for (const one of four.slice(1)) machine.alerts().mark(`${one.id}:expires-7:2026-03-11`, { mark: 'dismissed' })
    expect(closed()).toBe(1)
    machine.alerts().mark(`${four[0]?.id ?? ''}:expires-7:2026-03-11`, { mark: 'dismissed' })
    expect(closed()).toBe(2)
  })

  test('a click reads all that the toast told, also after a restart; the badge counts the others', async () => {
    await start()
    expect(countUnread(machine.cache().read)).toBe(1)
    machine.restart()
    machine.notifier.event(key, 'clicked', null)
    expect(countUnread(machine.cache().read)).toBe(0)
    expect(readUnreadKeys(machine.cache().read)).toEqual([])
    expect(page({ kinds: ['expires_in'], severities: ['low'] }).total).toBe(1)
    expect(page({ unread: true }).total).toBe(0)
    machine.alerts().mark(key, { mark: 'dismissed' })
    expect(page().total).toBe(0)
    expect(page({ state: 'history' }).total).toBe(1)
  })
})

function changedTo(after: typeof quote) {
  return {
    quote: after,
    entry: {
      quote: after.id,
      version: after.version,
      kind: 'transition' as const,
      from_status: 'sent' as const,
      to_status: after.status,
      outcome: after.outcome,
      reason: null,
      note: null,
      before: null,
      after: null,
      actor_id: after.owner_id,
      at: wednesday,
      stream: 'north',
      seq: 1,
    },
  }
}
