import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultRules } from '../../../domain/alert-rule.ts'
import { defaultAlertSettings } from '../../../domain/alert-settings.ts'
import type { Alert } from '../../../domain/alert-state.ts'
import type { EngineToHost, Toast, ToastChannel } from '../../../domain/host/messages.ts'
import type { Quote } from '../../../domain/quote.ts'
import {
  added,
  apply,
  changed,
  directoryChanges,
  type HandTime,
  handTime,
  logOf,
  makeQuote,
  north,
  org,
  removed,
  rob,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { readDecisions } from '../cache/alert-log.ts'
import { readAlertsOf, readHeldSummary } from '../cache/alert-store.ts'
import { writeMeta } from '../cache/meta.ts'
import { createCell } from '../cell.ts'
import { createLog } from '../log.ts'
import { createWindows } from '../windows.ts'
import { type Alerts, createAlerts } from './alerts.ts'
import { createNotifier, type Notifier } from './notifier.ts'

/** The other kinds have tests of their own. */
const expiryAlone = {
  ...defaultAlertSettings,
  workspace: { rules: defaultRules.filter(({ id }) => id.startsWith('expire')), calendars: {} },
}

let temp: ReturnType<typeof tempCache>
let time: HandTime
let told: EngineToHost[]
let channel: ReturnType<typeof createCell<ToastChannel>>
let windows: ReturnType<typeof createWindows>
let notifier: Notifier
let alerts: Alerts
let unsettled: boolean
let seq: number

/** What the host does with a toast it is told to show. */
let onToast: (toast: Toast) => void

const shown = () => told.flatMap((message) => (message.kind === 'show_toast' ? [message.toast] : []))
const alertsOf = (quote: Quote): Alert[] => readAlertsOf(temp.cache.read, quote.id)
const alertOf = (quote: Quote, rule: string) => alertsOf(quote).find((alert) => alert.rule === rule)
const stateOf = (quote: Quote, rule: string) => alertOf(quote, rule)?.state ?? null
const logFor = (quote: Quote) => readDecisions(temp.cache.read, quote.id)
const put = (...changes: Parameters<typeof logOf>[0]) => {
  apply(temp.cache, north, logOf(changes, north, seq))
  seq += changes.length
}

/** Alerts as after a start of the engine, over the same cache. */
function begin(): void {
  alerts = createAlerts({
    cache: temp.cache,
    person: () => rob,
    ...time,
    notifier,
    locale: 'en',
    log: createLog('silent'),
    isUnsettled: () => unsettled,
    settings: createCell(expiryAlone),
  })
  alerts.start()
}

function startAt(instant: string): void {
  time = handTime(instant)
  begin()
}

/** Long enough for a tick, whatever asked for it. */
const tick = () => time.advance(30_000)

/** The machine sleeps until then and wakes up. Many days of ticks would only take the test's time. */
const wakeAt = (instant: string) => {
  time.setClock(instant)
  alerts.wake()
  time.advance(5_000)
}

beforeEach(() => {
  temp = tempCache()
  told = []
  unsettled = false
  seq = 0
  channel = createCell<ToastChannel>({ kind: 'native', via: 'dbus' })
  windows = createWindows()
  onToast = (toast) => notifier.event(toast.key, 'shown', null)
  notifier = createNotifier({
    channel,
    windows,
    send: (message) => {
      told.push(message)
      if (message.kind === 'show_toast') onToast(message.toast)
    },
  })
  apply(temp.cache, org, logOf(directoryChanges, org))
  temp.cache.transact((db) => writeMeta(db, 'first_sync_done', '2026-03-01T09:00:00.000Z'))
})
afterEach(() => {
  alerts.stop()
  if (time.timers() > 0) throw new Error('stopping left a timer')
  temp.dispose()
})

/** Rob works Mon–Fri 09:00–17:00 in Berlin; in March 2026 that is UTC+1 until the 29th. */
describe('an expiry alert', () => {
  it('is shown at once in working hours, and says how things stand', () => {
    const quote = makeQuote({ expires_on: '2026-03-11' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(shown()).toEqual([
      {
        key: `${quote.id}:expires-7:2026-03-11`,
        title: 'Q-1042 expires in 7 days',
        body: 'Acme Corp · €4,500.00 · valid until 2026-03-11',
        quote: quote.id,
        actions: [
          { id: 'open', label: 'Open' },
          { id: 'snooze', label: 'Snooze' },
          { id: 'extend', label: 'Extend' },
          { id: 'mark_lost', label: 'Mark lost' },
        ],
        urgency: 'low',
      },
    ])
    expect(stateOf(quote, 'expires-7')).toBe('shown')
  })

  it('comes true while the app runs, within a tick', () => {
    const quote = makeQuote({ expires_on: '2026-03-12' })
    put(added(quote))
    // The rule comes true at 00:00 on the 5th and is held until 09:00.
    startAt('2026-03-04T22:58:00.000Z')
    tick()
    expect(alertsOf(quote)).toEqual([])
    time.advance(2 * 60_000)
    expect(stateOf(quote, 'expires-7')).toBe('held')
    expect(shown()).toEqual([])
    wakeAt('2026-03-05T08:00:00.000Z')
    expect(shown()).toHaveLength(1)
  })

  it('I18: is held over the weekend and shown when it is over', () => {
    const quote = makeQuote({ expires_on: '2026-03-14' })
    put(added(quote))
    startAt('2026-03-06T18:00:00.000Z')
    // Past Saturday the 7th, 00:00 in Berlin: seven days before.
    wakeAt('2026-03-06T23:30:00.000Z')
    expect(alertsOf(quote)).toMatchObject([
      { rule: 'expires-7', state: 'held', release_at: '2026-03-09T08:00:00.000Z' },
    ])
    expect(readHeldSummary(temp.cache.read)).toEqual({ held: 1, next_release_at: '2026-03-09T08:00:00.000Z' })
    wakeAt('2026-03-08T12:00:00.000Z')
    wakeAt('2026-03-09T07:59:50.000Z')
    expect(shown()).toEqual([])
    tick()
    expect(shown()).toMatchObject([{ title: 'Q-1042 expires in 5 days' }])
  })

  it('of a quote that ran out while held says so', () => {
    const quote = makeQuote({ expires_on: '2026-03-08' })
    put(added(quote))
    startAt('2026-03-08T04:30:00.000Z')
    tick()
    wakeAt('2026-03-09T08:00:00.000Z')
    expect(shown()).toMatchObject([{ key: `${quote.id}:expired:2026-03-08`, title: 'Q-1042 has expired' }])
  })

  it('is announced in the last working window before the quote runs out', () => {
    const quote = makeQuote({ expires_on: '2026-03-08' })
    put(added(quote))
    startAt('2026-03-06T10:00:00.000Z')
    tick()
    expect(shown()).toMatchObject([{ key: `${quote.id}:expires-0:2026-03-08`, title: 'Q-1042 expires in 2 days' }])
    expect(stateOf(quote, 'expires-0')).toBe('shown')
    wakeAt('2026-03-09T08:00:00.000Z')
    expect(shown()[1]?.title).toBe('Q-1042 has expired')
  })

  it('is once per quote, rule and date, also across restarts and when the clock is set back', () => {
    const quote = makeQuote({ expires_on: '2026-03-11' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    alerts.stop()
    temp.cache = temp.reopen()
    begin()
    tick()
    time.setClock('2026-03-04T08:30:00.000Z')
    wakeAt('2026-03-04T09:30:00.000Z')
    wakeAt('2026-03-04T11:30:00.000Z')
    expect(shown()).toHaveLength(1)
  })

  it('that is decided costs no further writing', () => {
    put(added(makeQuote({ expires_on: '2026-03-05' })))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    let commits = 0
    temp.cache.onCommit(() => {
      commits += 1
    })
    time.advance(5 * 60_000)
    expect(commits).toBe(0)
  })

  it('comes only by the tightest rule, and takes the place of a looser one that waits', () => {
    const quote = makeQuote({ expires_on: '2026-03-05' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(shown().map(({ title }) => title)).toEqual(['Q-1042 expires tomorrow'])
    expect(alertsOf(quote).map(({ rule, state }) => [rule, state])).toEqual([['expires-1', 'shown']])
    const other = makeQuote({ expires_on: '2026-03-14' })
    put(added(other))
    wakeAt('2026-03-07T10:00:00.000Z')
    put(changed({ ...other, version: 2 }))
    expect(stateOf(other, 'expires-7')).toBe('held')
    wakeAt('2026-03-14T10:00:00.000Z')
    // Its last day is a Saturday, so that was announced on Friday; this machine slept through it.
    expect(alertOf(other, 'expires-7')).toMatchObject({
      state: 'cancelled',
      reason: '"expires-0" came true since and takes its place',
    })
  })

  it('comes again by the next rule', () => {
    const quote = makeQuote({ expires_on: '2026-03-11' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    for (let day = 5; day <= 11; day += 1) wakeAt(`2026-03-${String(day).padStart(2, '0')}T10:00:00.000Z`)
    expect(shown().map(({ key }) => key.split(':')[1])).toEqual(['expires-7', 'expires-3', 'expires-1', 'expires-0'])
  })

  it.each([
    [
      'closed',
      (quote: Quote) => changed({ ...quote, version: 2, status: 'closed' as const, outcome: 'won' as const }),
      'the quote is closed',
    ],
    [
      'given to somebody else',
      (quote: Quote) => changed({ ...quote, version: 2, owner_id: quote.team_id }),
      'the quote belongs to somebody else now',
    ],
    [
      'extended',
      (quote: Quote) => changed({ ...quote, version: 2, expires_on: '2026-06-30' }),
      'its valid-until date was changed',
    ],
    ['removed', (quote: Quote) => removed(quote), 'the quote is gone'],
  ])('I18: is cancelled when the quote is %s while it is held', (_what, change, reason) => {
    const quote = makeQuote({ expires_on: '2026-03-14' })
    put(added(quote))
    startAt('2026-03-07T10:00:00.000Z')
    tick()
    expect(stateOf(quote, 'expires-7')).toBe('held')
    put(change(quote))
    wakeAt('2026-03-09T10:00:00.000Z')
    expect(shown()).toEqual([])
    expect(alertsOf(quote)[0]).toMatchObject({ state: 'cancelled', reason })
    expect(logFor(quote)[0]).toMatchObject({ decision: 'cancelled', reason, time_zone: 'Europe/Berlin' })
  })

  it('I18: that was cancelled comes when its quote is mine and open again, and then once', () => {
    const quote = makeQuote({ expires_on: '2026-03-14' })
    put(added(quote))
    startAt('2026-03-07T10:00:00.000Z')
    tick()
    put(changed({ ...quote, version: 2, status: 'closed', outcome: 'lost' }))
    tick()
    expect(stateOf(quote, 'expires-7')).toBe('cancelled')
    put(changed({ ...quote, version: 3 }))
    tick()
    expect(stateOf(quote, 'expires-7')).toBe('held')
    wakeAt('2026-03-09T10:00:00.000Z')
    put(changed({ ...quote, version: 4, status: 'draft' }), changed({ ...quote, version: 5 }))
    wakeAt('2026-03-09T11:00:00.000Z')
    expect(shown()).toHaveLength(1)
    expect(stateOf(quote, 'expires-7')).toBe('shown')
  })

  it('is for my open quotes alone', () => {
    put(
      added(makeQuote({ expires_on: '2026-03-05', owner_id: north.slice(5) })),
      added(makeQuote({ expires_on: '2026-03-05', status: 'draft' })),
      added(makeQuote({ expires_on: '2026-03-05', status: 'closed', outcome: 'lost' })),
      added(makeQuote({ expires_on: null })),
      added(makeQuote({ expires_on: '2026-02-01' })),
    )
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(shown()).toEqual([])
  })

  it('more than three at once are one toast that opens the list, each marked once', () => {
    const quotes = ['2026-03-05', '2026-03-06', '2026-03-07', '2026-03-11'].map((expires_on, n) =>
      makeQuote({ expires_on, quote_id: n + 1 }),
    )
    put(...quotes.map((quote) => added(quote)))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(shown()).toMatchObject([{ title: '4 quotes expire soon', body: 'Q-1, Q-2, Q-3 and 1 more', quote: null }])
    const marked = quotes.flatMap(alertsOf).filter(({ state }) => state === 'shown')
    expect(marked.map(({ reason }) => reason)).toEqual(Array.from({ length: 4 }, () => 'shown in a summary of 4'))
    const wishes: unknown[] = []
    windows.attach().watchWishes((wish) => wishes.push(wish))
    notifier.event(shown()[0]?.key ?? '', 'clicked', null)
    expect(wishes).toMatchObject([{ open_quote: null, expiring_list: true }])
    tick()
    expect(shown()).toHaveLength(1)
  })
})

describe('what is shown when', () => {
  it('due in hours but asleep until after them: the next opening, not at night', () => {
    const quote = makeQuote({ expires_on: '2026-03-11' })
    put(added(quote))
    startAt('2026-03-03T22:30:00.000Z')
    time.advance(40 * 60_000)
    expect(stateOf(quote, 'expires-7')).toBe('held')
    time.setClock('2026-03-04T17:30:00.000Z')
    alerts.wake()
    time.advance(5_000)
    expect(shown()).toEqual([])
    expect(alertsOf(quote)[0]?.release_at).toBe('2026-03-05T08:00:00.000Z')
  })

  it('due while asleep: within five seconds of waking up', () => {
    put(added(makeQuote({ expires_on: '2026-03-11' })))
    startAt('2026-03-03T22:30:00.000Z')
    time.advance(40 * 60_000)
    time.setClock('2026-03-04T09:15:00.000Z')
    alerts.wake()
    time.advance(5_000)
    expect(shown()).toHaveLength(1)
  })

  it('nothing before the first sync is complete, nor while the link settles', () => {
    put(added(makeQuote({ expires_on: '2026-03-05' })))
    temp.cache.transact((db) => void db.run(`DELETE FROM meta WHERE key = 'first_sync_done'`))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    temp.cache.transact((db) => writeMeta(db, 'first_sync_done', 'now'))
    unsettled = true
    tick()
    expect(shown()).toEqual([])
    unsettled = false
    alerts.wake()
    time.advance(5_000)
    expect(shown()).toHaveLength(1)
  })

  it('a change that makes a rule true is announced within five seconds', () => {
    const quote = makeQuote({ expires_on: '2026-05-11' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    put(changed({ ...quote, version: 2, expires_on: '2026-03-05' }))
    time.advance(5_000)
    expect(shown()).toHaveLength(1)
  })
})

describe('a toast that cannot be shown', () => {
  it('stays held with the reason, and is tried again', () => {
    const quote = makeQuote({ expires_on: '2026-03-05' })
    put(added(quote))
    onToast = (toast) => notifier.event(toast.key, 'failed', 'the bus is gone')
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(alertOf(quote, 'expires-1')).toMatchObject({
      state: 'held',
      reason: 'could not be shown: the bus is gone',
    })
    onToast = (toast) => notifier.event(toast.key, 'shown', null)
    time.advance(90_000)
    expect(shown()).toHaveLength(2)
    expect(stateOf(quote, 'expires-1')).toBe('shown')
  })

  it('is not shown twice while its host has not answered, and is tried again when it never does', () => {
    const quote = makeQuote({ expires_on: '2026-03-05' })
    put(added(quote))
    onToast = () => {}
    startAt('2026-03-04T10:00:00.000Z')
    time.advance(50_000)
    expect(shown()).toHaveLength(1)
    time.advance(5 * 60_000)
    expect(shown().length).toBeGreaterThan(1)
    expect(stateOf(quote, 'expires-1')).toBe('held')
  })

  it('waits for a window where windows show toasts', () => {
    channel.set({ kind: 'in_window', reason: 'no bus' })
    const quote = makeQuote({ expires_on: '2026-03-05' })
    put(added(quote))
    startAt('2026-03-04T10:00:00.000Z')
    tick()
    expect(alertOf(quote, 'expires-1')?.reason).toContain('no window is open')
    const inWindow: Toast[] = []
    const window = windows.attach()
    window.watchToasts((toast) => inWindow.push(toast))
    alerts.channelChanged()
    time.advance(5_000)
    expect(inWindow).toHaveLength(1)
    notifier.event(inWindow[0]?.key ?? '', 'shown', null, window)
    expect(stateOf(quote, 'expires-1')).toBe('shown')
    expect(told).toEqual([])
  })
})

describe('a click', () => {
  it('opens the quote in the latest window and brings it to the front, also on a toast of an earlier run', () => {
    startAt('2026-03-04T10:00:00.000Z')
    const quote = makeQuote()
    const first: unknown[] = []
    const second: unknown[] = []
    notifier.event(`${quote.id}:3:2026-03-20`, 'clicked', null)
    expect(told).toEqual([{ kind: 'focus_window' }])
    windows.attach().watchWishes((wish) => first.push(wish))
    expect(first, 'kept until a window is there').toMatchObject([{ open_quote: quote.id, expiring_list: false }])
    const latest = windows.attach()
    latest.watchWishes((wish) => second.push(wish))
    notifier.event(`${quote.id}:1:2026-03-20`, 'clicked', null)
    latest.detach()
    notifier.event(`${quote.id}:0:2026-03-20`, 'clicked', null)
    expect([first.length, second.length]).toEqual([2, 1])
  })
})
