import type { AlertPlan } from '../../../domain/alert-plan.ts'
import type { HistoryEntry } from '../../../domain/quote.ts'
import { clearDue, dropDue, putDue, putNews, readPlannable } from '../cache/alert-due.ts'
import { forgetMeta, readMeta, writeMeta } from '../cache/meta.ts'
import type { QuoteWatcher, ReadableDb, WatchedQuote, WritableDb } from '../cache/sql.ts'

/** Before every rule's first instant: what has come true already is due as well, and is decided when it is looked at. */
const everMs = Number.NEGATIVE_INFINITY

/** Keeps `alert_due` level with the quotes: one write a quote that the plan is about, none for the others. */
export function createDueWatcher(plan: AlertPlan, newsSince: () => string): QuoteWatcher {
  const { personId, eventRules } = plan
  const eventScope = eventRules.some(({ rule }) => rule.scope === 'teams') ? 'teams' : 'mine'
  let latest: WatchedQuote | null = null

  const changed = (db: WritableDb, before: WatchedQuote | null, after: WatchedQuote | null) => {
    latest = after
    if (before && after && samePlan(before, after)) return
    const next = after && plan.nextDue(after, everMs)
    if (after && next) putDue(db, after.id, next.rule.id, next.due_ms)
    else if (before && plan.dues(before).length > 0) dropDue(db, before.id)
  }

  const news = (db: WritableDb, entry: HistoryEntry) => {
    if (eventRules.length === 0 || entry.actor_id === personId || entry.at < newsSince()) return
    if (entry.kind === 'noted' || entry.kind === 'imported') return
    // An entry comes with its quote; of one whose quote is nothing to this person nothing need be kept.
    if (latest?.id === entry.quote && !plan.concerns(eventScope, latest)) return
    putNews(db, entry)
  }

  return { quote: changed, entry: news }
}

const samePlan = (a: WatchedQuote, b: WatchedQuote): boolean =>
  a.status === b.status &&
  a.expires_on === b.expires_on &&
  a.time_zone === b.time_zone &&
  a.sent_at === b.sent_at &&
  a.owner_id === b.owner_id &&
  a.team_id === b.team_id

/** So many are planned in one transaction, well within 20 ms. */
const planAtOnce = 400

/** All that a plan depends on beside the quotes: when it is another one, everything has to be worked out again. */
export function signatureOf(plan: AlertPlan): string {
  return JSON.stringify([plan.personId, plan.teamIds, plan.rules, plan.hours.calendar])
}

/** Whether what is due was worked out by this plan and kept since. */
export const isPlanned = (db: ReadableDb, plan: AlertPlan): boolean => readMeta(db, 'alert_plan') === signatureOf(plan)

/** Forgets what was due; until everything is planned anew, a restart begins from here again. */
export function beginPlanning(db: WritableDb): void {
  forgetMeta(db, 'alert_plan')
  clearDue(db)
}

/**
 * Works out when a few more quotes are due. What changes meanwhile is the watcher's.
 * @param after the quote to go on behind, '' at first
 * @returns the quote to go on behind, null when all are planned
 */
export function planSome(db: WritableDb, plan: AlertPlan, after: string): string | null {
  const quotes = readPlannable(db, after, planAtOnce)
  for (const quote of quotes) {
    const next = plan.nextDue(quote, everMs)
    if (next) putDue(db, quote.id, next.rule.id, next.due_ms)
  }
  const last = quotes.at(-1)
  if (last && quotes.length === planAtOnce) return last.id
  writeMeta(db, 'alert_plan', signatureOf(plan))
  return null
}
