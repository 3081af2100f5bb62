import { comeTrue, type PlannedDue, soonestAfter } from '../../../domain/alert-plan.ts'
import type { AlertRule } from '../../../domain/alert-rule.ts'
import { type Alert, alertKey, isHandled } from '../../../domain/alert-state.ts'
import { breaksHours } from '../../../domain/presence.ts'
import { dropDue, isMuchDue, putDue, readDue, readDueById } from '../cache/alert-due.ts'
import { insertAlert, type KnownAlert, readAlert, readKnown } from '../cache/alert-store.ts'
import type { WatchedQuote, WritableDb } from '../cache/sql.ts'
import { decide, isOpenNow, type Judging, log } from './context.ts'
import { mergeKnown } from './told.ts'

/** So many quotes are looked at in one transaction, about 20 ms: fewer cost more in commits. */
export const lookAtOnce = 250

/**
 * Looks at quotes that are due by now.
 * @param from what it returned the last time, '' at first
 * @returns where to go on, null when there are no more of them
 */
export function raiseDue(db: WritableDb, judging: Judging, from: string): string | null {
  const isMuch = isMuchDue(db, judging.nowMs)
  const due = isMuch ? readDueById(db, judging.nowMs, from, lookAtOnce) : readDue(db, judging.nowMs, lookAtOnce)
  for (const quote of due) lookAt(db, judging, quote)
  if (due.length === lookAtOnce) return isMuch ? (due.at(-1)?.id ?? '') : ''
  // What came due behind it meanwhile is still to be looked at.
  return isMuch && from !== '' ? '' : null
}

/** Raises what has come true for the quote and is not decided yet, and notes when to look at it next. */
function lookAt(db: WritableDb, judging: Judging, quote: WatchedQuote): void {
  const { nowMs } = judging
  const dues = judging.plan.dues(quote)
  const known = readKnown(db, quote.id)
  for (const due of comeTrue(dues, nowMs)) {
    const key = alertKey(quote.id, due.rule.id, due.occasion)
    const before = known.find((alert) => alert.key === key)
    // One that was cancelled is news again when its quote is mine and open again: nobody has seen it.
    if (before && (before.state !== 'cancelled' || isHandled(before))) continue
    takePlace(db, judging, due, known, dues)
    const alert = { key, quote: quote.id, rule: due.rule.id, occasion: due.occasion }
    if (due.stale_ms <= nowMs) tooOld(db, judging, alert, due.rule, due.due_at)
    else hold(db, judging, alert, due.rule, due.due_at, due.early)
  }
  const next = soonestAfter(dues, nowMs)
  if (next) putDue(db, quote.id, next.rule.id, next.due_ms)
  else dropDue(db, quote.id)
}

/** A quote is announced by the latest of what says the same thing, not by all that came true while nobody looked. */
function takePlace(
  db: WritableDb,
  judging: Judging,
  due: PlannedDue,
  known: readonly KnownAlert[],
  dues: readonly PlannedDue[],
): void {
  for (const { key, state, rule, occasion } of known) {
    if (state !== 'held' && state !== 'snoozed') continue
    const other = dues.find((candidate) => candidate.rule.id === rule && candidate.occasion === occasion)
    if (other?.family !== due.family || other.rule.id === due.rule.id) continue
    const reason = `"${due.rule.id}" came true since and takes its place`
    const alert = readAlert(db, key)
    if (alert) decide(db, judging, alert, { state: 'cancelled', toast: null, reason }, 'cancelled')
  }
}

type Identity = Pick<Alert, 'key' | 'quote' | 'rule' | 'occasion'>

/** Keeps a new alert until it may be told: at once in working hours, else when they begin. */
export function hold(
  db: WritableDb,
  judging: Judging,
  identity: Identity,
  rule: AlertRule,
  due_at: string,
  early = false,
): void {
  const breaks = breaksHours(rule, judging.person)
  const open = isOpenNow(judging)
  const { later } = judging
  const release_at = open || breaks ? judging.now : later.release_at
  let reason = open ? 'due in working hours' : later.reason
  if (!open && breaks) reason = 'due outside working hours, which this rule may disturb'
  if (early) reason = `it runs out before the next opening: announced in the last working window (${reason})`
  insertAlert(db, {
    ...identity,
    kind: rule.kind,
    severity: rule.severity,
    state: 'held',
    due_at,
    release_at,
    decided_at: judging.now,
    reason,
  })
  log(db, judging, identity, 'held', reason)
  mergeKnown(db, judging, identity.key)
}

/** Nobody is told; whoever asks why they were not can read it. */
export function tooOld(db: WritableDb, judging: Judging, identity: Identity, rule: AlertRule, due_at: string): void {
  const reason = 'it came true more than a week ago, while this QuoteDesk was not running: too old to interrupt'
  insertAlert(db, {
    ...identity,
    kind: rule.kind,
    severity: rule.severity,
    state: 'expired',
    due_at,
    release_at: judging.now,
    decided_at: judging.now,
    reason,
  })
  log(db, judging, identity, 'expired', reason)
  mergeKnown(db, judging, identity.key)
}
