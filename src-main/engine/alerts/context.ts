import type { AlertPlan } from '../../../domain/alert-plan.ts'
import type { PersonAlertSettings } from '../../../domain/alert-settings.ts'
import type { Alert, AlertDecision } from '../../../domain/alert-state.ts'
import type { Presence } from '../../../domain/presence.ts'
import { toInstantText } from '../../../domain/time.ts'
import { neverOpens } from '../../../domain/working-hours.ts'
import { logDecision } from '../cache/alert-log.ts'
import { saveAlert } from '../cache/alert-store.ts'
import type { WritableDb } from '../cache/sql.ts'

/** Everything that one look at the alerts is judged by; made anew for each. */
export interface Judging {
  plan: AlertPlan
  person: PersonAlertSettings
  presence: Presence
  nowMs: number
  /** `nowMs` as text. */
  now: string
  /** The next opening; `nowMs` itself while open, null when the calendar never opens. */
  openingMs: number | null
  locale: string
}

export function createJudging(given: Omit<Judging, 'now' | 'openingMs'>): Judging {
  return { ...given, now: toInstantText(given.nowMs), openingMs: given.plan.hours.nextOpeningMs(given.nowMs) }
}

export const isOpenNow = ({ openingMs, nowMs }: Judging): boolean => openingMs === nowMs

const dayMs = 86_400_000

/** When what may not be told now may be; a calendar that never opens is asked again tomorrow. */
export function laterText({ openingMs, nowMs }: Judging): { release_at: string; reason: string } {
  if (openingMs === null) return { release_at: toInstantText(nowMs + dayMs), reason: neverOpens }
  return { release_at: toInstantText(openingMs), reason: 'due outside working hours: held until they begin' }
}

/** Appends to the log, with the calendar it was decided by. */
export function log(
  db: WritableDb,
  judging: Judging,
  alert: Pick<Alert, 'key' | 'quote' | 'rule'>,
  decision: AlertDecision['decision'],
  reason: string,
): void {
  logDecision(db, {
    key: alert.key,
    quote: alert.quote,
    rule: alert.rule,
    at: judging.now,
    time_zone: judging.plan.hours.calendar.time_zone,
    opening_at: judging.openingMs === null ? null : toInstantText(judging.openingMs),
    decision,
    reason,
  })
}

/** Decides an alert and writes down why. */
export function decide(
  db: WritableDb,
  judging: Judging,
  alert: Alert,
  change: Partial<Alert> & { reason: string },
  decision: AlertDecision['decision'],
): void {
  saveAlert(db, { ...alert, decided_at: judging.now, ...change })
  log(db, judging, alert, decision, change.reason)
}
