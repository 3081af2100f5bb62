import { expiryText } from '../../../domain/alert-rules.ts'
import type { Toast } from '../../../domain/host/messages.ts'
import { quoteLabel } from '../../../domain/ids.ts'
import type { Quote } from '../../../domain/quote.ts'
import type { AlertRow } from '../cache/alert-store.ts'
import { readCustomer } from '../cache/directory-store.ts'
import type { ReadableDb } from '../cache/sql.ts'

/** An alert that is to be shown now, with the quote as it stands. */
export interface Showing {
  alert: AlertRow
  quote: Quote
}

/** One quote's toast. The key is the alert's identity, so showing it again replaces it where the platform can. */
export function toastOf(db: ReadableDb, { alert, quote }: Showing, nowMs: number, locale: string): Toast {
  const customer = quote.customer_id === null ? null : readCustomer(db, quote.customer_id)
  const dated = { ...quote, expires_on: alert.expires_on }
  return {
    key: `${alert.quote}:${alert.rule}:${alert.expires_on}`,
    ...expiryText(dated, customer?.name ?? null, nowMs, locale),
    quote: quote.id,
    actions: [{ id: 'open', label: 'Open' }],
    urgency: 'normal',
  }
}

const namedInSummary = 3

/** Many at once are one toast that opens the list. The key is of this gathering: a later one does not replace it. */
export function summaryToast(showings: readonly Showing[], nowMs: number): Toast {
  const soonest = showings.toSorted((a, b) => a.alert.expires_on.localeCompare(b.alert.expires_on))
  const labels = soonest.slice(0, namedInSummary).map(({ quote }) => quoteLabel(quote))
  const others = showings.length - labels.length
  return {
    key: `summary:${nowMs}`,
    title: `${showings.length} quotes expire soon`,
    body: others > 0 ? `${labels.join(', ')} and ${others} more` : labels.join(', '),
    quote: null,
    actions: [{ id: 'open', label: 'Open' }],
    urgency: 'normal',
  }
}
