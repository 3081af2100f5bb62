import { kindOf } from '../../../domain/alert-kinds/all.ts'
import type { AlertText } from '../../../domain/alert-kinds/kind.ts'
import type { AlertRule } from '../../../domain/alert-rule.ts'
import { type Alert, alertKey } from '../../../domain/alert-state.ts'
import type { Toast, ToastActionId } from '../../../domain/host/messages.ts'
import { quoteLabel } from '../../../domain/ids.ts'
import type { Quote } from '../../../domain/quote.ts'
import { readCustomer, readPerson } from '../cache/directory-store.ts'
import { readHistoryEntry } from '../cache/history-store.ts'
import type { ReadableDb } from '../cache/sql.ts'
import type { Judging } from './context.ts'
import { summaryText } from './day-summary.ts'

/** An alert that is to be told now, with the quote as it stands. */
export interface Showing {
  alert: Alert
  rule: AlertRule
  quote: Quote | null
  text: AlertText
}

/** What to say of it as things stand; null when there is nothing to say any more. */
export function textOf(
  db: ReadableDb,
  judging: Judging,
  alert: Pick<Alert, 'quote' | 'occasion'>,
  rule: AlertRule,
  quote: Quote | null,
): AlertText | null {
  const kind = kindOf(rule)
  if (kind === null || quote === null) return summaryText(db, judging)
  const entry = kind.trigger === 'event' ? readHistoryEntry(db, quote.id, Number(alert.occasion.slice(1))) : null
  const actor = entry === null || entry.actor_id === null ? null : readPerson(db, entry.actor_id)
  return kind.text(rule, quote, {
    customer_name: quote.customer_id === null ? null : customerName(db, judging, quote.customer_id),
    actor_name: actor?.name ?? null,
    entry,
    now_ms: judging.nowMs,
    wording: judging.wording,
    locale: judging.locale,
  })
}

function customerName(db: ReadableDb, { customerNames }: Judging, id: string): string | null {
  let name = customerNames.get(id)
  if (name === undefined) {
    name = readCustomer(db, id)?.name ?? null
    customerNames.set(id, name)
  }
  return name
}

const actions = {
  open: { id: 'open', label: 'Open' },
  snooze: { id: 'snooze', label: 'Snooze' },
  extend: { id: 'extend', label: 'Extend' },
  mark_lost: { id: 'mark_lost', label: 'Mark lost' },
  acknowledge: { id: 'acknowledge', label: 'Acknowledge' },
} as const satisfies { [Id in ToastActionId]: { id: Id; label: string } }

/** What can be done about it without opening the window. */
export function actionsOf(rule: AlertRule, quote: Pick<Quote, 'status'> | null): Toast['actions'] {
  const { open, snooze, extend, mark_lost, acknowledge } = actions
  if (quote === null) return [open, snooze]
  const isExpiry = rule.kind === 'expires_in' || rule.kind === 'expired'
  if (!isExpiry) return [open, snooze, acknowledge]
  // A button that could only be refused is none.
  const mayBeLost = quote.status === 'sent' || quote.status === 'negotiation'
  return mayBeLost ? [open, snooze, extend, mark_lost] : [open, snooze, extend]
}

/** As the gravest of them. */
export function urgencyOf(rules: readonly AlertRule[]): Toast['urgency'] {
  if (rules.some(({ severity }) => severity === 'critical' || severity === 'emergency')) return 'critical'
  return rules.every(({ severity }) => severity === 'low') ? 'low' : 'normal'
}

/** One alert's toast. The key is its identity, so showing it again replaces it where the platform can. */
export function toastOf({ alert, rule, quote, text }: Showing): Toast {
  return {
    key: alertKey(alert.quote, alert.rule, alert.occasion),
    ...text,
    quote: alert.quote,
    actions: actionsOf(rule, quote),
    urgency: urgencyOf([rule]),
  }
}

const namedInSummary = 3

export const isAboutExpiry = (showings: readonly Pick<Showing, 'rule'>[]): boolean =>
  showings.every(({ rule }) => rule.kind === 'expires_in' || rule.kind === 'expired')

/** Many at once are one toast that opens the list. */
export function gatheredToast(key: string, showings: readonly Showing[]): Toast {
  const byDate = (showing: Showing) => showing.quote?.expires_on ?? '9999'
  const soonest = showings.toSorted((a, b) => byDate(a).localeCompare(byDate(b)))
  const labels = [...new Set(soonest.flatMap(({ quote }) => (quote ? [quoteLabel(quote)] : [])))]
  const named = labels.slice(0, namedInSummary)
  const others = labels.length - named.length
  const expiring = isAboutExpiry(showings)
  return {
    key,
    title: expiring ? `${showings.length} quotes expire soon` : `${showings.length} alerts about your quotes`,
    body: others > 0 ? `${named.join(', ')} and ${others} more` : named.join(', '),
    quote: null,
    actions: [actions.open],
    urgency: urgencyOf(showings.map(({ rule }) => rule)),
  }
}
