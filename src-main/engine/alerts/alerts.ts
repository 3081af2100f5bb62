import { type AlertSettings, defaultAlertSettings } from '../../../domain/alert-settings.ts'
import type { Alert, AlertMark } from '../../../domain/alert-state.ts'
import type { CalendarPreview } from '../../../domain/calendar-settings.ts'
import type { Person } from '../../../domain/directory.ts'
import { type Presence, unknownPresence } from '../../../domain/presence.ts'
import { type HolidaySource, publicHolidays } from '../../../domain/public-holidays.ts'
import type { SnoozeChoice } from '../../../domain/snooze.ts'
import { type Clock, toInstantText } from '../../../domain/time.ts'
import { readNews, readNextDueMs } from '../cache/alert-due.ts'
import { pruneAlerts } from '../cache/alert-log.ts'
import { readUnreadOfToast } from '../cache/alert-store.ts'
import { readMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { appendMarks } from '../cache/outbox-own.ts'
import { readTold } from '../cache/shared-alerts.ts'
import { touchesQuotes } from '../cache/touched.ts'
import { type Cell, createCell } from '../cell.ts'
import type { Log } from '../log.ts'
import { createPulse } from '../pulse.ts'
import { doNothing, every, type Scheduler } from '../scheduler.ts'
import { createCalendarKeeper } from './calendar-keeper.ts'
import { createJudging, type Judging } from './context.ts'
import { dueSummary, raiseSummary } from './day-summary.ts'
import { createDelivery } from './delivery.ts'
import { createJumpGuard } from './jump-guard.ts'
import { applyMark, type Marked, snoozeMark } from './marks.ts'
import { raiseNews } from './news.ts'
import type { Notifier } from './notifier.ts'
import { createPlanKeeper } from './plan-keeper.ts'
import { raiseDue } from './raise.ts'
import { judgeWaiting, release } from './release.ts'
import { sampleToast } from './sample-toast.ts'
import { takeTold } from './told.ts'

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
  settings?: Cell<AlertSettings>
  presence?: Cell<Presence>
  /** The zone this machine is set to, for people who travel. */
  machineZone?: () => string
  holidays?: HolidaySource
  /** Asks the server for its time; resolves when it is known anew. */
  confirmTime?: () => Promise<void>
}

/**
 * Alerts of one person: raised when a rule comes true, held outside working hours, judged again and shown once. Marked as
 * shown when the host says so: a crash between shows the same toast (same key) again rather than never.
 */
export interface Alerts {
  start: () => void
  stop: () => void
  /** The machine woke up, came online, or a catch-up ended: do not wait for the tick. */
  wake: () => void
  /** Toasts can be shown again where they could not. */
  channelChanged: () => void
  /** What the person did with it. @returns the alert after it, null when there is none of that key */
  mark: (key: string, mark: AlertMark) => Alert | null
  /** The same with many at once. @returns how many it changed */
  markAll: (keys: readonly string[], mark: AlertMark) => number
  /** @throws RangeError in words when the calendar does not open again */
  snooze: (key: string, choice: SnoozeChoice) => Alert | null
  /** Shows now how alerts of the rule look, whatever the hours: somebody pressed a button. @returns false: no such rule */
  test: (rule: string) => boolean
  calendarPreview: () => CalendarPreview | null
  /** Why public holidays are missing; null when they are not. */
  calendarProblem: () => string | null
}

/** Never one long timer: a wall clock that moves, or a machine that sleeps, is noticed within this. */
const tickMs = 30_000
/** Changes of quotes are looked at this often at most. */
const changeGapMs = 2_000
const keptMs = 400 * 86_400_000

export function createAlerts(deps: AlertsDeps): Alerts {
  const { cache, clock, scheduler, notifier, log } = deps
  const settings = deps.settings ?? createCell(defaultAlertSettings)
  const presence = deps.presence ?? createCell(unknownPresence)
  const machineZone = deps.machineZone ?? (() => deps.person().time_zone)
  const stops: Array<() => void> = []
  /** Quotes whose waiting alerts have to be judged: empty none, null any. */
  let dirty: Set<string> | null = new Set()
  /** When much is due: the quote after which to look on. */
  let raiseFrom = ''
  let cancelNext = doNothing

  const calendar = createCalendarKeeper({
    person: deps.person,
    clock,
    machineZone,
    log,
    holidays: deps.holidays ?? publicHolidays,
    settings: settings.get,
    changed: () => changes.request(),
  })
  const plans = createPlanKeeper({
    cache,
    person: deps.person,
    settings: settings.get,
    hours: calendar.hours,
    nowMs: () => clock.nowMs(),
  })
  const judging = (): Judging | null => {
    const current = plans.current()
    if (!current) return null
    if (current.isNew) dirty = null
    const { person } = settings.get()
    return createJudging({
      plan: current.plan,
      person,
      presence: presence.get(),
      nowMs: clock.nowMs(),
      locale: deps.locale,
    })
  }
  const delivery = createDelivery({ cache, notifier, log, judging })

  /** Raised, given away and shown: the same pages are written three times, and once to their place in the file. */
  let isBulk = false
  const setBulk = (bulk: boolean) => {
    if (bulk !== isBulk) cache.setBulk(bulk)
    isBulk = bulk
  }
  /** Thousands at once: others have their turn between, and nothing is told before all is known. */
  const goOn = () => {
    cancelNext()
    cancelNext = scheduler.after(0, tick)
  }

  const tick = () => {
    try {
      const at = judging()
      if (at && !plans.advance()) return goOn()
      // Before the first complete sync the cache may hold quotes that were closed long ago.
      if (!at || deps.isUnsettled() || readMeta(cache.read, 'first_sync_done') === null || !guard.isSure()) return
      look(at)
    } catch (error) {
      log.error({ err: error }, 'judging alerts failed')
    }
  }

  const look = (at: Judging) => {
    const isBusy = (key: string) => delivery.isBusy(key, at.nowMs)
    delivery.forgetUnanswered(at.nowMs)
    if (!hearOthers(at) || !raise(at)) {
      setBulk(true)
      return goOn()
    }
    const changed = dirty
    dirty = new Set()
    if (changed === null || changed.size > 0) judgeWaiting(cache, at, changed, isBusy)
    const shown = release(cache, at, isBusy)
    for (const place of ['native', 'in_app'] as const) {
      if (shown[place].length > 0) delivery.show(shown[place], place, at)
    }
    setBulk(false)
  }

  /** @returns false when there is more to look at */
  const raise = (at: Judging): boolean => {
    const nextMs = readNextDueMs(cache.read)
    const summary = dueSummary(cache.read, at)
    const isQuiet = (nextMs === null || nextMs > at.nowMs) && readNews(cache.read, 1).length === 0
    if (isQuiet && !summary) return true
    const { from, isAllNews } = cache.transact((db) => {
      if (summary) raiseSummary(db, at, summary)
      return { from: raiseDue(db, at, raiseFrom), isAllNews: raiseNews(db, at) }
    })
    raiseFrom = from ?? ''
    return isAllNews && from === null
  }

  const changes = createPulse({ scheduler, clock }, changeGapMs, tick)
  const guard = createJumpGuard({
    clock,
    scheduler,
    longestGapMs: tickMs,
    settled: tick,
    confirmTime: deps.confirmTime ?? (() => new Promise(doNothing)),
  })

  /** A toast that told of many stands until the last of them was dealt with. */
  const closeToasts = (toasts: ReadonlySet<string>) => {
    for (const toast of toasts) if (readUnreadOfToast(cache.read, toast).length === 0) notifier.close(toast)
  }

  /** Written here at once, and queued for the person's other devices in the same transaction. */
  const markEach = (keys: readonly string[], change: AlertMark): Marked[] => {
    const at = judging()
    if (!at) return []
    const marked = cache.transact((db) => {
      const all = keys.flatMap((key) => applyMark(db, at, key, change) ?? [])
      const changed = all.flatMap((one) => (one.changed ? [one.alert.key] : []))
      appendMarks(db, changed, change, at.now)
      return all
    })
    if (change.mark !== 'read') closeToasts(new Set(marked.flatMap(({ toast }) => toast ?? [])))
    return marked
  }
  const mark: Alerts['mark'] = (key, change) => markEach([key], change)[0]?.alert ?? null

  /** Closing a summary says nothing about each of the alerts in it but that it was seen. */
  const seen = (toast: string, how: 'clicked' | 'dismissed') => {
    if (how === 'dismissed' && mark(toast, { mark: 'dismissed' })) return
    markEach(readUnreadOfToast(cache.read, toast), { mark: 'read' })
  }

  /** What other devices have done holds here before anything is told. @returns false when there is more of it */
  const hearOthers = (at: Judging): boolean => {
    if (readTold(cache.read, 1).length === 0) return true
    const toasts = new Set<string>()
    const isAll = cache.transact((db) => takeTold(db, at, toasts))
    closeToasts(toasts)
    return isAll
  }

  return {
    start: () => {
      judging()
      cache.transact((db) => pruneAlerts(db, toInstantText(clock.nowMs() - keptMs)))
      stops.push(
        every(scheduler, tickMs, tick),
        notifier.onOutcome(delivery.outcome),
        notifier.onSeen(seen),
        settings.subscribe(changes.request),
        presence.subscribe(changes.request),
        cache.onCommit((touch) => {
          plans.look()
          if (touch.shared) changes.request()
          if (!touchesQuotes(touch) && !touch.directory) return
          if (touch.quotes === null) dirty = null
          else for (const quote of touch.quotes) dirty?.add(quote)
          changes.request()
        }),
        () => changes.stop(),
        () => guard.stop(),
        () => plans.stop(),
        () => cancelNext(),
        () => setBulk(false),
      )
      changes.request()
    },
    stop: () => {
      for (const stop of stops.splice(0)) stop()
    },
    wake: () => changes.request(),
    channelChanged: () => {
      delivery.retryNow()
      changes.request()
    },
    mark,
    markAll: (keys, change) => markEach(keys, change).filter(({ changed }) => changed).length,
    snooze: (key, choice) => {
      const at = judging()
      return at && mark(key, snoozeMark(at, choice))
    },
    test: (id) => {
      const at = judging()
      const toast = at && sampleToast(cache.read, at, id)
      if (toast) notifier.show(toast, presence.get().focused ? 'in_app' : 'native')
      return toast !== null
    },
    calendarPreview: calendar.preview,
    calendarProblem: calendar.problem,
  }
}
