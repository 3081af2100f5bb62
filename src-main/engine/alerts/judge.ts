import { openStatuses, type Quote, type Status } from '../../../domain/quote.ts'
import type { AlertRow } from '../cache/alert-store.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb } from '../cache/sql.ts'

export type Verdict = { holds: true; quote: Quote } | { holds: false; reason: string }

/** I18: judged again at delivery, from how things stand now. */
export function judge(db: ReadableDb, alert: AlertRow, ownerId: string): Verdict {
  const quote = readQuote(db, alert.quote)
  if (!quote) return { holds: false, reason: 'the quote is gone' }
  const open: readonly Status[] = openStatuses
  if (!open.includes(quote.status)) return { holds: false, reason: `the quote is ${quote.status}` }
  if (quote.owner_id !== ownerId) return { holds: false, reason: 'the quote belongs to somebody else now' }
  if (quote.expires_on !== alert.expires_on) return { holds: false, reason: 'its valid-until date was changed' }
  return { holds: true, quote }
}
