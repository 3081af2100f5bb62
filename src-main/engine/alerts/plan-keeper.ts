import { type AlertPlan, createAlertPlan } from '../../../domain/alert-plan.ts'
import { type AlertSettings, effectiveRules } from '../../../domain/alert-settings.ts'
import type { Person } from '../../../domain/directory.ts'
import { toInstantText } from '../../../domain/time.ts'
import type { WorkingHours } from '../../../domain/working-hours.ts'
import { readMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { doNothing } from '../scheduler.ts'
import { beginPlanning, createDueWatcher, isPlanned, planSome } from './due-watcher.ts'

interface Options {
  cache: Cache
  person: () => Person
  settings: () => AlertSettings
  hours: () => WorkingHours | null
  nowMs: () => number
}

/** The plan as settings, person and calendar stand, and the watcher that keeps what is due level with it. */
export interface PlanKeeper {
  /** Null while the calendar is not known. `isNew`: everything that waits has to be judged by it. */
  current: () => { plan: AlertPlan; isNew: boolean } | null
  /** Plans a few quotes more when the plan is a new one. @returns true when all are planned */
  advance: () => boolean
  /** After each commit: the first sync may be complete. */
  look: () => void
  stop: () => void
}

const newsForMs = 7 * 86_400_000
/** Later than any instant: what the first copy of the log brings is no news. */
const never = '9999'

export function createPlanKeeper({ cache, person, settings, hours, nowMs }: Options): PlanKeeper {
  let made: { plan: AlertPlan; person: Person; settings: AlertSettings; hours: WorkingHours } | null = null
  /** The quote to go on planning behind; null when all are planned. */
  let planAfter: string | null = null
  let firstSyncAt: string | null = null
  let unwatch = doNothing

  const newsSince = (): string => {
    firstSyncAt ??= readMeta(cache.read, 'first_sync_done')
    if (firstSyncAt === null) return never
    const weekAgo = toInstantText(nowMs() - newsForMs)
    return firstSyncAt > weekAgo ? firstSyncAt : weekAgo
  }

  return {
    current: () => {
      const now = { person: person(), settings: settings(), hours: hours() }
      if (now.hours === null) return null
      const same = made?.person === now.person && made.settings === now.settings && made.hours === now.hours
      if (made && same) return { plan: made.plan, isNew: false }
      const plan = createAlertPlan(now.person, effectiveRules(now.settings), now.hours)
      made = { ...now, hours: now.hours, plan }
      unwatch()
      unwatch = cache.watch(createDueWatcher(plan, newsSince))
      planAfter = null
      if (!isPlanned(cache.read, plan)) {
        cache.transact(beginPlanning)
        planAfter = ''
      }
      return { plan, isNew: true }
    },
    advance: () => {
      const after = planAfter
      const plan = made?.plan
      if (after !== null && plan) planAfter = cache.transact((db) => planSome(db, plan, after))
      return planAfter === null
    },
    look: () => {
      if (firstSyncAt === null) newsSince()
    },
    stop: () => unwatch(),
  }
}
