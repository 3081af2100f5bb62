import { showOrHold } from '../../../domain/alert-rules.ts'
import type { Person } from '../../../domain/directory.ts'
import { type Clock, toInstantText } from '../../../domain/time.ts'
import { officeCalendar, type WorkingCalendar } from '../../../domain/working-calendar.ts'
import { type AlertRow, decideAlert, readHeld } from '../cache/alert-store.ts'
import { readMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { touchesQuotes } from '../cache/touched.ts'
import type { Log } from '../log.ts'
import { createPulse } from '../pulse.ts'
import { every, type Scheduler } from '../scheduler.ts'
import { judge } from './judge.ts'
import type { Notifier } from './notifier.ts'
import { findNewAlerts, raise } from './raise.ts'
import { type Showing, summaryToast, toastOf } from './toast-text.ts'

export interface AlertsDeps {
  cache: Cache
  person: () => Person
  /** Server time, as well as it is known: it governs what "now" is. */
  clock: Clock
  scheduler: Scheduler
  notifier: Notifier
  locale: string
  log: Log
  /** True while the link comes up or catches up: what the cache says is about to change. */
  isUnsettled: () => boolean
}

/**
 * Expiry alerts of one person: raised, held outside working hours, judged again and shown once. Marked as shown when the
 * host says so: a crash between shows the same toast (same key) again rather than never.
 */
export interface Alerts {
  start: () => void
  stop: () => void
  /** The machine woke up, came online, or a catch-up ended: do not wait for the tick. */
  wake: () => void
  /** Toasts can be shown again where they could not. */
  channelChanged: () => void
}

/** Never one long timer: a wall clock that moves, or a machine that sleeps, is noticed within this. */
const tickMs = 30_000
/** Changes of quotes are looked at this often at most. */
const changeGapMs = 2_000
const answerWithinMs = 60_000
const retryAfterMs = 60_000
/** More toasts than this at once become one. */
const toastsAtOnce = 3

export function createAlerts(deps: AlertsDeps): Alerts {
  const { cache, clock, scheduler, notifier, log } = deps
  /** Toasts on their way: key → the alerts it stands for. */
  const underWay = new Map<string, { alerts: AlertRow[]; sinceMs: number; note: string }>()
  /** Alerts that could not be shown, and when to try again. */
  const retryAtMs = new Map<string, number>()
  /** Shown, but not written down (a full disk): not again while this runs. */
  const shownUnwritten = new Set<string>()
  const stops: Array<() => void> = []

  const tick = () => {
    // Before the first complete sync the cache may hold quotes that were closed long ago.
    if (deps.isUnsettled() || readMeta(cache.read, 'first_sync_done') === null) return
    try {
      look(clock.nowMs())
    } catch (error) {
      log.error({ err: error }, 'judging alerts failed')
    }
  }

  const look = (nowMs: number) => {
    const person = deps.person()
    const calendar = officeCalendar(person.time_zone)
    const fresh = findNewAlerts(cache.read, person.id, calendar, nowMs)
    if (fresh.length > 0) {
      cache.transact((db) => {
        for (const alert of fresh) raise(db, alert, calendar, nowMs)
      })
    }
    release(calendar, person.id, nowMs)
  }

  const release = (calendar: WorkingCalendar, ownerId: string, nowMs: number) => {
    forgetUnanswered(nowMs)
    const showings: Showing[] = []
    const cancelled: { alert: AlertRow; reason: string }[] = []
    const now = toInstantText(nowMs)
    const onTheirWay = new Set([...underWay.values()].flatMap(({ alerts }) => alerts.map(identityOf)))
    const inHours = showOrHold(calendar, nowMs)
    const late: AlertRow[] = []
    for (const alert of readHeld(cache.read)) {
      if (onTheirWay.has(identityOf(alert)) || shownUnwritten.has(identityOf(alert))) continue
      const verdict = judge(cache.read, alert, ownerId)
      if (!verdict.holds) cancelled.push({ alert, reason: verdict.reason })
      else if (inHours.decision === 'hold') {
        // Due in hours but asleep until after them: the next opening, not now.
        if (alert.release_at <= now) late.push(alert)
      } else if (alert.release_at <= now && (retryAtMs.get(identityOf(alert)) ?? 0) <= nowMs) {
        showings.push({ alert, quote: verdict.quote })
      }
    }
    if (cancelled.length > 0 || late.length > 0) {
      cache.transact((db) => {
        for (const { alert, reason } of cancelled) {
          decideAlert(db, alert, { state: 'cancelled', release_at: alert.release_at, decided_at: now, reason })
        }
        if (inHours.decision === 'show') return
        const release_at = toInstantText(inHours.untilMs)
        const reason = 'working hours were over when it could be shown: held until they begin'
        for (const alert of late) decideAlert(db, alert, { state: 'held', release_at, decided_at: now, reason })
      })
    }
    show(showings, nowMs)
  }

  const show = (showings: readonly Showing[], nowMs: number) => {
    if (showings.length > toastsAtOnce) {
      const toast = summaryToast(showings, nowMs)
      const alerts = showings.map(({ alert }) => alert)
      underWay.set(toast.key, { alerts, sinceMs: nowMs, note: `shown in a summary of ${alerts.length}` })
      notifier.show(toast)
      return
    }
    for (const showing of showings) {
      const toast = toastOf(cache.read, showing, nowMs, deps.locale)
      underWay.set(toast.key, { alerts: [showing.alert], sinceMs: nowMs, note: 'shown' })
      notifier.show(toast)
    }
  }

  const outcome = (key: string, shown: boolean, detail: string | null) => {
    const toast = underWay.get(key)
    if (!toast) return
    underWay.delete(key)
    const nowMs = clock.nowMs()
    const decided_at = toInstantText(nowMs)
    const reason = shown ? toast.note : `could not be shown: ${detail ?? 'the host gave no reason'}`
    try {
      cache.transact((db) => {
        for (const alert of toast.alerts) {
          decideAlert(db, alert, { state: shown ? 'shown' : 'held', release_at: alert.release_at, decided_at, reason })
        }
      })
    } catch (error) {
      log.error({ err: error, shown }, 'what became of a toast could not be written down')
      if (shown) for (const alert of toast.alerts) shownUnwritten.add(identityOf(alert))
    }
    for (const alert of toast.alerts) {
      if (shown) retryAtMs.delete(identityOf(alert))
      else retryAtMs.set(identityOf(alert), nowMs + retryAfterMs)
    }
  }

  /** A host that never says what became of a toast must not keep it from being shown for ever. */
  const forgetUnanswered = (nowMs: number) => {
    for (const [key, { sinceMs }] of underWay) {
      if (nowMs - sinceMs > answerWithinMs) outcome(key, false, 'the host did not answer')
    }
  }

  const changes = createPulse({ scheduler, clock }, changeGapMs, tick)

  return {
    start: () => {
      stops.push(
        every(scheduler, tickMs, tick),
        notifier.onOutcome(outcome),
        cache.onCommit((touch) => {
          if (touchesQuotes(touch) || touch.directory) changes.request()
        }),
        () => changes.stop(),
      )
      changes.request()
    },
    stop: () => {
      for (const stop of stops.splice(0)) stop()
    },
    wake: () => changes.request(),
    channelChanged: () => {
      retryAtMs.clear()
      changes.request()
    },
  }
}

function identityOf(alert: Pick<AlertRow, 'quote' | 'rule' | 'expires_on'>): string {
  return `${alert.quote}:${alert.rule}:${alert.expires_on}`
}
