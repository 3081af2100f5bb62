import {
  dueRule,
  type ExpiryLeadDays,
  expiryLeadDays,
  ruleBeforeClosing,
  ruleDueMs,
  showOrHold,
} from '../../../domain/alert-rules.ts'
import { toInstantText } from '../../../domain/time.ts'
import type { WorkingCalendar } from '../../../domain/working-calendar.ts'
import {
  type AlertCandidate,
  decideAlert,
  holdAlert,
  insertAlert,
  readCandidates,
  readRules,
} from '../cache/alert-store.ts'
import type { ReadableDb, WritableDb } from '../cache/sql.ts'

const dayMs = 86_400_000
/** The first rule comes true 8 local days before the end, the last is announced until 7 days after it; one for the zones. */
const aheadMs = 9 * dayMs
const behindMs = 9 * dayMs

/** A rule that has come true and is not decided yet. */
export interface NewAlert {
  quote: AlertCandidate
  rule: ExpiryLeadDays
  early: boolean
}

/** Rules that came true since the last look, the tightest of each quote; reads only. */
export function findNewAlerts(db: ReadableDb, ownerId: string, calendar: WorkingCalendar, nowMs: number): NewAlert[] {
  const judge = judgeByDate(calendar, nowMs)
  return readCandidates(db, ownerId, nowMs - behindMs, nowMs + aheadMs).flatMap((quote) => {
    const judged = judge(quote)
    if (!judged) return []
    // One that was cancelled is news again when its quote is mine and open again: nobody has seen it.
    const known = readRules(db, quote.id, quote.expires_on).some(
      (row) => row.state !== 'cancelled' && row.rule <= judged.rule,
    )
    return known ? [] : [{ quote, ...judged }]
  })
}

/** Many quotes share a date: the zone arithmetic is done once for each. */
function judgeByDate(calendar: WorkingCalendar, nowMs: number) {
  const judged = new Map<string, { rule: ExpiryLeadDays; early: boolean } | null>()
  return (quote: AlertCandidate) => {
    const key = `${quote.expires_on} ${quote.time_zone}`
    let result = judged.get(key)
    if (result === undefined) {
      const early = ruleBeforeClosing(quote, calendar, nowMs)
      const rule = early ?? dueRule(quote, nowMs)
      result = rule === null ? null : { rule, early: early !== null }
      judged.set(key, result)
    }
    return result
  }
}

/**
 * Keeps a new alert as held until working hours, and what it supersedes as cancelled: a quote is announced by its tightest
 * rule, not by all that came true while nobody looked.
 */
export function raise(
  db: WritableDb,
  { quote, rule, early }: NewAlert,
  calendar: WorkingCalendar,
  nowMs: number,
): void {
  const decided_at = toInstantText(nowMs)
  const timing = showOrHold(calendar, nowMs)
  const release_at = toInstantText(timing.decision === 'show' ? nowMs : timing.untilMs)
  const date = { quote: quote.id, expires_on: quote.expires_on }
  const superseded = {
    state: 'cancelled',
    decided_at,
    release_at,
    reason: `superseded by the ${rule}-day notice`,
  } as const
  for (const looser of expiryLeadDays) {
    if (looser <= rule) continue
    const key = { ...date, rule: looser }
    decideAlert(db, key, superseded)
    insertAlert(db, { ...key, ...superseded, due_at: toInstantText(ruleDueMs(quote, looser)) })
  }
  holdAlert(db, {
    ...date,
    rule,
    due_at: toInstantText(ruleDueMs(quote, rule)),
    release_at,
    decided_at,
    reason: reasonOf(timing.decision, early),
  })
}

function reasonOf(decision: 'show' | 'hold', early: boolean): string {
  if (early) return 'due before the next opening: announced in the last working window'
  return decision === 'show' ? 'due in working hours' : 'due outside working hours: held until they begin'
}
