import type { Alert } from '../../../domain/alert-state.ts'
import { readAlert, saveHandedOver, saveShown } from '../cache/alert-store.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendMarks } from '../cache/outbox-own.ts'
import type { Log } from '../log.ts'
import { decide, type Judging, log as writeLog } from './context.ts'
import { mixedSummary, type Notifier } from './notifier.ts'
import { gatheredToast, isAboutExpiry, type Showing, toastOf } from './toast-text.ts'

interface Options {
  cache: Cache
  notifier: Notifier
  log: Log
  /** By what an outcome is judged, whenever it comes. Null: nothing is known yet that it could be about. */
  judging: () => Judging | null
}

/** Alerts on their way to the host, and what became of them. */
export interface Delivery {
  show: (showings: readonly Showing[], place: 'native' | 'in_app', judging: Judging) => void
  /** It is on its way, was shown and could not be written down, or failed a moment ago. */
  isBusy: (key: string, nowMs: number) => boolean
  /** A host that never says what became of a toast must not keep it from being shown for ever. */
  forgetUnanswered: (nowMs: number) => void
  /** Toasts can be shown again where they could not. */
  retryNow: () => void
  outcome: (toast: string, shown: boolean, detail: string | null) => void
}

type Identity = Pick<Alert, 'key' | 'quote' | 'rule'>

const answerWithinMs = 60_000
const retryAfterMs = 60_000
/** More toasts than this at once become one. */
const toastsAtOnce = 3
/** More than this within a minute wait and are gathered, except grave ones: nobody reads a rain of toasts. */
const toastsPerMinute = 6
const minuteMs = 60_000

const isGrave = ({ rule }: Showing) => rule.severity === 'critical' || rule.severity === 'emergency'

export function createDelivery({ cache, notifier, log, judging }: Options): Delivery {
  const underWay = new Map<string, { alerts: Identity[]; sinceMs: number; note: string }>()
  const busyKeys = new Set<string>()
  const retryAtMs = new Map<string, number>()
  const shownUnwritten = new Set<string>()
  let recentMs: number[] = []

  /**
   * What is given to the host is written down first, with the toast's key: after a crash it goes out under the same key
   * again, which replaces the toast where the platform can (on Linux it may be seen twice).
   */
  const handOver = (key: string, group: readonly Showing[], place: 'native' | 'in_app', at: Judging) => {
    const [only] = group
    const toast = only && group.length === 1 ? { ...toastOf(only), key } : gatheredToast(key, group)
    const note = group.length === 1 ? 'shown' : `shown in a summary of ${group.length}`
    cache.transact((db) => {
      for (const { alert, text } of group) {
        const isAgain = alert.toast === key
        const reason = isAgain ? 'given to the desktop again: it never said' : 'given to the desktop'
        saveHandedOver(db, { ...alert, ...text, toast: key, decided_at: at.now, reason })
        if (isAgain) writeLog(db, at, alert, 'handed_over', reason)
      }
    })
    const alerts = group.map(({ alert }) => ({ key: alert.key, quote: alert.quote, rule: alert.rule }))
    underWay.set(key, { alerts, sinceMs: at.nowMs, note })
    for (const alert of alerts) busyKeys.add(alert.key)
    recentMs.push(at.nowMs)
    notifier.show(toast, place)
  }

  const showFresh = (fresh: readonly Showing[], place: 'native' | 'in_app', at: Judging) => {
    recentMs = recentMs.filter((ms) => ms <= at.nowMs && ms > at.nowMs - minuteMs)
    const left = toastsPerMinute - recentMs.length
    if (fresh.length === 0 || (left <= 0 && !fresh.some(isGrave))) return
    if (fresh.length > toastsAtOnce || (fresh.length > left && fresh.length > 1)) {
      handOver(`${isAboutExpiry(fresh) ? 'summary:' : mixedSummary}${at.nowMs}`, fresh, place, at)
      return
    }
    for (const showing of fresh) handOver(toastOf(showing).key, [showing], place, at)
  }

  const writeShown = (alerts: readonly Identity[], reason: string, at: Judging) => {
    cache.transact((db) => {
      const keys = alerts.map(({ key }) => key)
      // Marked or cancelled while it was on its way: it was shown all the same. Nothing is kept of a quote that has left
      // this person's sight meanwhile.
      const told = saveShown(db, keys, at.now, reason)
      const known = new Set(told)
      for (const alert of alerts) if (known.has(alert.key)) writeLog(db, at, alert, 'shown', reason)
      appendMarks(db, told, { mark: 'shown' }, at.now)
    })
  }

  const writeFailed = (alerts: readonly Identity[], toast: string | null, reason: string, at: Judging) => {
    cache.transact((db) => {
      for (const { key } of alerts) {
        const alert = readAlert(db, key)
        if (alert?.state === 'held' || alert?.state === 'snoozed') decide(db, at, alert, { toast, reason }, 'failed')
      }
    })
  }

  const finish = (key: string, shown: boolean, reason: string, keepToast: boolean) => {
    const toast = underWay.get(key)
    if (!toast) return
    underWay.delete(key)
    for (const { key: alert } of toast.alerts) busyKeys.delete(alert)
    const at = judging()
    if (!at) return
    const { nowMs } = at
    try {
      if (shown) writeShown(toast.alerts, toast.note, at)
      else writeFailed(toast.alerts, keepToast ? key : null, reason, at)
    } catch (error) {
      log.error({ err: error, shown }, 'what became of a toast could not be written down')
      // Not again while this runs.
      if (shown) for (const { key: alert } of toast.alerts) shownUnwritten.add(alert)
    }
    for (const { key: alert } of toast.alerts) {
      if (shown) retryAtMs.delete(alert)
      else retryAtMs.set(alert, nowMs + retryAfterMs)
    }
  }

  return {
    show: (showings, place, at) => {
      // What an earlier run gave away and never heard of goes out under the same key, in the same company.
      const again = Map.groupBy(
        showings.filter(({ alert }) => alert.toast !== null),
        ({ alert }) => alert.toast ?? '',
      )
      for (const [key, group] of again) handOver(key, group, place, at)
      showFresh(
        showings.filter(({ alert }) => alert.toast === null),
        place,
        at,
      )
    },
    isBusy: (key, nowMs) => busyKeys.has(key) || shownUnwritten.has(key) || (retryAtMs.get(key) ?? 0) > nowMs,
    forgetUnanswered: (nowMs) => {
      for (const [key, { sinceMs }] of underWay) {
        if (nowMs - sinceMs > answerWithinMs) finish(key, false, 'could not be shown: the host did not answer', true)
      }
    },
    retryNow: () => retryAtMs.clear(),
    outcome: (key, shown, detail) =>
      finish(key, shown, `could not be shown: ${detail ?? 'the host gave no reason'}`, false),
  }
}
