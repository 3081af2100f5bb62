import { isDealtWith, type SharedAlert } from '../../../domain/alert-share.ts'
import { type Alert, isHandled } from '../../../domain/alert-state.ts'
import { insertAlert, readAlert, saveAlert } from '../cache/alert-store.ts'
import { readStored } from '../cache/quote-store.ts'
import { dropTold, readShared, readTold } from '../cache/shared-alerts.ts'
import type { WritableDb } from '../cache/sql.ts'
import { type Judging, log } from './context.ts'

const lookAtOnce = 200

/**
 * Takes over what the person's other devices told of alerts.
 * @param toasts gets the toasts whose alerts were dealt with elsewhere
 * @returns false when there is more of it
 */
export function takeTold(db: WritableDb, judging: Judging, toasts: Set<string>): boolean {
  const keys = readTold(db, lookAtOnce)
  for (const key of keys) {
    const shared = readShared(db, key)
    if (shared) takeOver(db, judging, shared, toasts)
    dropTold(db, key)
  }
  return keys.length < lookAtOnce
}

function takeOver(db: WritableDb, judging: Judging, shared: SharedAlert, toasts: Set<string>): void {
  const before = readAlert(db, shared.key)
  if (!before) {
    introduce(db, judging, shared)
    return
  }
  const after = mergeShared(db, judging, before, shared)
  const isSettled = (after.read_at !== null && before.read_at === null) || (isHandled(after) && !isHandled(before))
  if (before.toast !== null && (isSettled || (after.state === 'snoozed' && before.state !== 'snoozed'))) {
    toasts.add(before.toast)
  }
}

/** Of an alert that is raised here only now: what is known of it already (I8: also after a fresh start of this machine). */
export function mergeKnown(db: WritableDb, judging: Judging, key: string): void {
  const shared = readShared(db, key)
  const alert = shared && readAlert(db, key)
  if (alert) mergeShared(db, judging, alert, shared)
}

const elsewhere = 'on another device'

function mergeShared(db: WritableDb, judging: Judging, alert: Alert, shared: SharedAlert): Alert {
  const known: Alert = {
    ...alert,
    shown_at: alert.shown_at ?? shared.shown_at,
    read_at: alert.read_at ?? shared.read_at,
    acknowledged_at: alert.acknowledged_at ?? shared.acknowledged_at,
    resolved_at: alert.resolved_at ?? shared.resolved_at,
    note: alert.note ?? shared.note,
    dismissed_at: alert.dismissed_at ?? shared.dismissed_at,
    title: alert.title ?? shared.title,
    body: alert.body ?? shared.body,
  }
  const decided = decide(known, shared, judging)
  if (decided) {
    const after = { ...known, ...decided, decided_at: judging.now }
    saveAlert(db, after)
    log(db, judging, alert, decided.state === 'snoozed' ? 'snoozed' : 'marked', decided.reason)
    return after
  }
  if (JSON.stringify(known) === JSON.stringify(alert)) return alert
  saveAlert(db, known)
  const mark = markOf(alert, known)
  if (mark !== null) log(db, judging, alert, 'marked', `${mark} ${elsewhere}`)
  return known
}

/** What becomes of one that waits here, or could wait; null: it stands as it does. */
function decide(
  alert: Alert,
  shared: SharedAlert,
  { now }: Judging,
): Pick<Alert, 'state' | 'reason' | 'toast' | 'release_at'> | null {
  const { toast, release_at } = alert
  const waits = alert.state === 'held' || alert.state === 'snoozed'
  if (isHandled(alert)) {
    if (!waits) return null
    const state = alert.shown_at === null ? 'cancelled' : 'shown'
    return { state, reason: `${wordOf(alert)} ${elsewhere}: not shown here any more`, toast, release_at }
  }
  const { snoozed_until, shown_at } = shared
  if (snoozed_until !== null) {
    // One whose time is over was told again since, or is about to be.
    const isNews = alert.state === 'snoozed' ? snoozed_until > release_at : alert.state !== 'cancelled'
    if (!isNews || (alert.state !== 'held' && snoozed_until <= now)) return null
    if (alert.state === 'expired') return null
    const reason = `snoozed ${elsewhere} until ${snoozed_until}`
    return { state: 'snoozed', reason, toast: null, release_at: snoozed_until }
  }
  const isTold = shown_at !== null && (alert.state === 'held' || (alert.state === 'snoozed' && shown_at >= release_at))
  return isTold ? { state: 'shown', reason: `shown ${elsewhere} at ${shown_at}`, toast, release_at } : null
}

function wordOf(alert: Alert): string {
  if (alert.resolved_at !== null) return 'resolved'
  return alert.acknowledged_at === null ? 'dismissed' : 'acknowledged'
}

/** What was done with it since, in one word; null: nothing that a person did. */
function markOf(before: Alert, after: Alert): string | null {
  if (isHandled(after) && !isHandled(before)) return wordOf(after)
  return before.read_at === null && after.read_at !== null ? 'read' : null
}

/** An alert of another device that was never raised here, or one that somebody else's became. */
function introduce(db: WritableDb, judging: Judging, shared: SharedAlert): void {
  // I16: it may be about a quote that this person no longer sees.
  if (shared.quote !== null && !readStored(db, shared.quote)) return
  const { key, quote, rule, kind, occasion, severity, due_at } = shared
  const identity = { key, quote, rule, kind, occasion, severity, due_at }
  const isNews = shared.escalated_from !== null && shared.shown_at === null && !isDealtWith(shared)
  const isSnoozed = shared.snoozed_until !== null && !isDealtWith(shared)
  const { release_at, reason } = isNews
    ? whenToTell(judging)
    : { release_at: judging.now, reason: `shown ${elsewhere}` }
  const state = isNews ? 'held' : 'shown'
  insertAlert(db, { ...identity, state, release_at, decided_at: judging.now, reason })
  const alert = readAlert(db, key)
  if (!alert) return
  const { title, body, shown_at, read_at, acknowledged_at, resolved_at, note, dismissed_at } = shared
  saveAlert(db, {
    ...alert,
    title,
    body,
    shown_at,
    read_at,
    acknowledged_at,
    resolved_at,
    note,
    dismissed_at,
    ...(isSnoozed ? { state: 'snoozed', release_at: shared.snoozed_until ?? release_at } : {}),
  })
  log(db, judging, alert, isNews ? 'held' : 'marked', reason)
}

function whenToTell({ openingMs, nowMs, now, later }: Judging) {
  const why = 'somebody else’s alert was passed on'
  if (openingMs === nowMs) return { release_at: now, reason: `${why} in working hours` }
  return { release_at: later.release_at, reason: `${why}; ${later.reason}` }
}
