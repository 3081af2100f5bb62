import { vi } from 'vitest'
import type { AlertSettings } from '../../../domain/alert-settings.ts'
import { defaultAlertSettings } from '../../../domain/alert-settings.ts'
import { newSharedAlert, type SharedAlert } from '../../../domain/alert-share.ts'
import type { Alert } from '../../../domain/alert-state.ts'
import type { EngineToHost, Toast, ToastChannel } from '../../../domain/host/messages.ts'
import { type Presence, unknownPresence } from '../../../domain/presence.ts'
import type { Quote } from '../../../domain/quote.ts'
import { toEpochMs } from '../../../domain/time.ts'
import { userStream } from '../../../domain/wire/stream-name.ts'
import { type Alerts, createAlerts } from '../../../src-main/engine/alerts/alerts.ts'
import { createNotifier, type Notifier } from '../../../src-main/engine/alerts/notifier.ts'
import { readDecisions } from '../../../src-main/engine/cache/alert-log.ts'
import { readAlertsOf } from '../../../src-main/engine/cache/alert-store.ts'
import { writeMeta } from '../../../src-main/engine/cache/meta.ts'
import type { Cache } from '../../../src-main/engine/cache/open-cache.ts'
import { createCell } from '../../../src-main/engine/cell.ts'
import { createLog } from '../../../src-main/engine/log.ts'
import { systemScheduler } from '../../../src-main/engine/scheduler.ts'
import { createServerClock } from '../../../src-main/engine/sync/server-clock.ts'
import { createWindows } from '../../../src-main/engine/windows.ts'
import { apply, directoryChanges, logOf, north, org, rob, tempCache } from '../../support/engine-world.ts'

const stepMs = 1_000

/** Where a crash may come. */
export type Step = 'before writing' | 'before commit' | 'after commit' | 'before show' | 'after show'

/** The cache, with a step before, in and after each transaction. */
function stepped(cache: Cache, step: (where: Step) => void): Cache {
  const transact: Cache['transact'] = (work) => {
    step('before writing')
    const result = cache.transact((db) => {
      const done = work(db)
      step('before commit')
      return done
    })
    step('after commit')
    return result
  }
  return { ...cache, transact }
}

/**
 * One machine with the real scheduler on fake timers: its wall clock can sleep (timers stand still), be set, and be wrong;
 * the server's time goes on by itself.
 */
export function createMachine(
  instant: string,
  given: Partial<{ settings: AlertSettings; zone: string; step: (where: Step) => void }> = {},
) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const temp = tempCache()
  let trueMs = toEpochMs(instant)
  let wallMs = trueMs
  let seq = 0
  let heard = 0
  let online = true
  const machineClock = { nowMs: () => wallMs }
  const clock = createServerClock(machineClock)
  const person = { ...rob, time_zone: given.zone ?? rob.time_zone }
  const settings = createCell(given.settings ?? defaultAlertSettings)
  const presence = createCell<Presence>(unknownPresence)
  const channel = createCell<ToastChannel>({ kind: 'native', via: 'dbus' })
  const windows = createWindows()
  const told: EngineToHost[] = []
  /** What the host does with a toast; by default it shows it at once. */
  const host = { onToast: (toast: Toast): void => notifier.event(toast.key, 'shown', null) }
  const step = given.step ?? (() => {})
  const notifier: Notifier = createNotifier({
    channel,
    windows,
    send: (message) => {
      if (message.kind !== 'show_toast') {
        told.push(message)
        return
      }
      step('before show')
      told.push(message)
      step('after show')
      host.onToast(message.toast)
    },
  })
  let alerts: Alerts

  const askServer = () => {
    if (!online) return new Promise<void>(() => {})
    clock.measured(wallMs, wallMs, trueMs)
    return Promise.resolve()
  }
  const begin = (): Alerts => {
    alerts = createAlerts({
      cache: stepped(temp.cache, step),
      person: () => person,
      clock,
      scheduler: systemScheduler,
      notifier,
      locale: 'en',
      log: createLog('silent'),
      isUnsettled: () => false,
      settings,
      presence,
      confirmTime: askServer,
      machineZone: () => 'America/New_York',
    })
    alerts.start()
    return alerts
  }
  apply(temp.cache, org, logOf(directoryChanges, org))
  temp.cache.transact((db) => writeMeta(db, 'first_sync_done', '2026-01-01T00:00:00.000Z'))

  return {
    settings,
    presence,
    channel,
    windows,
    notifier,
    told,
    host,
    clock,
    person,
    cache: () => temp.cache,
    alerts: () => alerts,
    begin,
    put: (...changes: Parameters<typeof logOf>[0]) => {
      apply(temp.cache, north, logOf(changes, north, seq))
      seq += changes.length
    },
    /** The server tells what another device of the person did. */
    hear: (...shared: SharedAlert[]) => {
      const changes = shared.map((data) => ({ type: 'alert.saved' as const, data }))
      apply(temp.cache, userStream(rob.id), logOf(changes, userStream(rob.id), heard))
      heard += shared.length
    },
    shown: () => told.flatMap((message) => (message.kind === 'show_toast' ? [message.toast] : [])),
    alertsOf: (quote: Quote) => readAlertsOf(temp.cache.read, quote.id),
    why: (quote: Quote) => readDecisions(temp.cache.read, quote.id),
    /** Awake: wall clock and timers go on together. */
    pass: async (ms: number, step = stepMs) => {
      for (let left = ms; left > 0; left -= step) {
        const now = Math.min(step, left)
        trueMs += now
        wallMs += now
        vi.advanceTimersByTime(now)
        // What the server answers arrives between timers; awaiting them themselves takes a real millisecond each.
        await Promise.resolve()
        await Promise.resolve()
      }
    },
    /** Asleep until then; timers stand still. The machine is told of its waking like a real one. */
    sleepUntil: (text: string) => {
      const ms = toEpochMs(text) - trueMs
      trueMs += ms
      wallMs += ms
      alerts.wake()
    },
    /** Somebody sets the clock of this machine; the server's stays. */
    setClockBy: (ms: number) => {
      wallMs += ms
    },
    setOnline: (now: boolean) => {
      online = now
    },
    nowMs: () => trueMs,
    /** What a crash is: nothing is told any more, and the next run opens the same file. */
    restart: () => {
      alerts.stop()
      vi.clearAllTimers()
      temp.cache = temp.reopen()
      return begin()
    },
    dispose: () => {
      alerts.stop()
      const left = vi.getTimerCount()
      temp.dispose()
      vi.useRealTimers()
      if (left > 0) throw new Error(`stopping left ${left} timers`)
    },
  }
}
export type Machine = ReturnType<typeof createMachine>

/** Settings with only some of the default rules, changed where said. */
export function settingsOf(
  rules: Record<string, Partial<AlertSettings['workspace']['rules'][number]>>,
  person: Partial<AlertSettings['person']> = {},
): AlertSettings {
  const { workspace } = defaultAlertSettings
  const kept = workspace.rules.flatMap((rule) =>
    rules[rule.id] ? [{ ...rule, enabled: true, ...rules[rule.id] } as typeof rule] : [],
  )
  return { workspace: { rules: kept, calendars: {} }, person: { ...defaultAlertSettings.person, ...person } }
}

export const expiryRules = { 'expires-7': {}, 'expires-3': {}, 'expires-1': {}, 'expires-0': {}, expired: {} }

/** What another device would tell of an alert that is known here too. */
export function sharedOf(alert: Alert | undefined): SharedAlert {
  if (!alert) throw new Error('there is no such alert here')
  const { key, quote, rule, kind, occasion, severity, due_at, title, body } = alert
  return newSharedAlert({
    key,
    quote,
    rule,
    kind,
    occasion,
    severity,
    due_at,
    title: title ?? 'An alert',
    body: body ?? '',
  })
}
