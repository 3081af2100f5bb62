import type { Toast } from '../../../domain/host/messages.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb, WatchedQuote } from '../cache/sql.ts'
import type { Judging } from './context.ts'
import { actionsOf, textOf, urgencyOf } from './toast-text.ts'

/** How alerts of a rule look, with a quote of the person's own where there is one; null when there is no such rule. */
export function sampleToast(db: ReadableDb, judging: Judging, id: string): Toast | null {
  const rule = judging.plan.rule(id)
  if (!rule) return null
  const mine = db.get<Pick<WatchedQuote, 'id'>>(
    `SELECT id FROM quotes INDEXED BY quotes_alerting
     WHERE stage BETWEEN 1 AND 3 AND owner_id = ? AND expires_at_ms > ? ORDER BY expires_at_ms LIMIT 1`,
    judging.plan.personId,
    judging.nowMs,
  )
  const quote = mine ? readQuote(db, mine.id) : null
  const text = quote && textOf(db, judging, { quote: quote.id, occasion: 'v0' }, rule, quote)
  return {
    key: `test:${id}`,
    title: `Test: ${text?.title ?? `rule "${id}"`}`,
    body: text?.body ?? 'This is how its alerts reach you on this machine.',
    quote: quote?.id ?? null,
    actions: actionsOf(rule, quote).slice(0, 1),
    urgency: urgencyOf([rule]),
  }
}
