import type { AlertPlan } from '../../../domain/alert-plan.ts'
import { createWording, type Wording } from '../../../domain/alert-rules.ts'
import type { PersonAlertSettings } from '../../../domain/alert-settings.ts'
import type { Alert, AlertDecision } from '../../../domain/alert-state.ts'
import type { Presence } from '../../../domain/presence.ts'
import { toInstantText } from '../../../domain/time.ts'
import { neverOpens } from '../../../domain/working-hours.ts'
import { logDecision } from '../cache/alert-log.ts'
import { saveAlert } from '../cache/alert-store.ts'
import type { WritableDb } from '../cache/sql.ts'

const dayMs = 86_400_000

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
  openingAt: string | null
  /** When what may not be told now may be, and why. */
  later: { release_at: string; reason: string }
  locale: string
  wording: Wording
  /** Names read in this look: many quotes share a customer. */
  customerNames: Map<string, string | null>
}

type Derived = 'now' | 'openingMs' | 'openingAt' | 'later' | 'wording' | 'customerNames'

export function createJudging(given: Omit<Judging, Derived>): Judging {
  const openingMs = given.plan.hours.nextOpeningMs(given.nowMs)
  const openingAt = openingMs === null ? null : toInstantText(openingMs)
  // A calendar that never opens is asked again tomorrow.
  const later =
    openingAt === null
      ? { release_at: toInstantText(given.nowMs + dayMs), reason: neverOpens }
      : { release_at: openingAt, reason: 'due outside working hours: held until they begin' }
  const wording = createWording(given.nowMs)
  const customerNames = new Map<string, string | null>()
  return { ...given, now: toInstantText(given.nowMs), openingMs, openingAt, later, wording, customerNames }
}

export const isOpenNow = ({ openingMs, nowMs }: Judging): boolean => openingMs === nowMs

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
    opening_at: judging.openingAt,
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
