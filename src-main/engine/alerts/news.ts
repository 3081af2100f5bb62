import { staleAfterMs } from '../../../domain/alert-kinds/kind.ts'
import { alertKey } from '../../../domain/alert-state.ts'
import { toEpochMs } from '../../../domain/time.ts'
import { dropNews, readNews } from '../cache/alert-due.ts'
import { readAlert, readAlertsOf } from '../cache/alert-store.ts'
import { readHistoryEntry } from '../cache/history-store.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { WritableDb } from '../cache/sql.ts'
import { decide, type Judging } from './context.ts'
import { hold, lookAtOnce, tooOld } from './raise.ts'

/** Looks at what others changed. @returns false when there is more of it */
export function raiseNews(db: WritableDb, judging: Judging): boolean {
  const news = readNews(db, lookAtOnce)
  for (const change of news) {
    lookAtChange(db, judging, change)
    dropNews(db, change)
  }
  return news.length < lookAtOnce
}

function lookAtChange(db: WritableDb, judging: Judging, change: { quote: string; version: number }): void {
  const { plan, nowMs } = judging
  const entry = readHistoryEntry(db, change.quote, change.version)
  const quote = readQuote(db, change.quote)
  if (!entry || !quote || entry.actor_id === plan.personId) return
  for (const { rule, kind } of plan.eventRules) {
    if (!plan.concerns(rule.scope, quote) || !kind.happened(rule, entry, quote, plan.personId)) continue
    const occasion = `v${change.version}`
    const identity = { key: alertKey(quote.id, rule.id, occasion), quote: quote.id, rule: rule.id, occasion }
    if (readAlert(db, identity.key)) continue
    replaceEarlier(db, judging, identity)
    if (toEpochMs(entry.at) + staleAfterMs <= nowMs) tooOld(db, judging, identity, rule, entry.at)
    else hold(db, judging, identity, rule, entry.at)
  }
}

/** What was not told yet need not be told one by one: the latest change says how things stand. */
function replaceEarlier(db: WritableDb, judging: Judging, { quote, rule }: { quote: string; rule: string }): void {
  for (const alert of readAlertsOf(db, quote)) {
    if (alert.rule !== rule || (alert.state !== 'held' && alert.state !== 'snoozed')) continue
    decide(db, judging, alert, { state: 'cancelled', toast: null, reason: 'it changed again since' }, 'cancelled')
  }
}
