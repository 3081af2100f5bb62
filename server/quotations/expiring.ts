import type { Kysely } from 'kysely'
import { addDays, daysUntilExpiry, isPastValidUntil, localDate } from '../../domain/expiry.ts'
import { toMajorNumber } from '../../domain/money.ts'
import { openStatuses } from '../../domain/quote.ts'
import type { ExpiringAlert } from '../../domain/wire/messages.ts'
import type { Tables } from '../store/tables.ts'

export interface ExpiringQuote {
  id: string
  team_id: string
  quote_id: number
  customer: string | null
  value_minor: number
  currency: string
  expires_on: string
  time_zone: string
  days_until_expiry: number
}

/** Open quotes, still valid, whose last valid day is at most `days` calendar days away where the quote lives; soonest first. */
export async function listExpiring(
  db: Kysely<Tables>,
  query: { teamIds: readonly string[] | 'all'; days: number; nowMs: number },
): Promise<ExpiringQuote[]> {
  if (query.teamIds.length === 0) return []
  // Somewhere on earth it is already tomorrow and somewhere still yesterday: the index narrows, the zone decides.
  const today = localDate(query.nowMs, 'UTC')
  let select = db
    .selectFrom('quotes')
    .leftJoin('customers', 'customers.id', 'quotes.customer_id')
    .select([
      'quotes.id',
      'quotes.team_id',
      'quotes.quote_id',
      'quotes.value_minor',
      'quotes.currency',
      'quotes.expires_on',
      'quotes.time_zone',
      'customers.name as customer',
    ])
    .where('quotes.status', 'in', openStatuses)
    .where('quotes.expires_on', '>=', addDays(today, -1))
    .where('quotes.expires_on', '<=', addDays(today, query.days + 1))
    .where('quotes.quote_id', 'is not', null)
    .orderBy('quotes.expires_on')
    .orderBy('quotes.quote_id')
    .$narrowType<{ quote_id: number; expires_on: string }>()
  if (query.teamIds !== 'all') select = select.where('quotes.team_id', 'in', query.teamIds)
  const rows = await select.execute()
  return rows
    .map((row) => ({ ...row, days_until_expiry: daysUntilExpiry(row, query.nowMs) }))
    .filter((row) => row.days_until_expiry <= query.days && !isPastValidUntil(row, query.nowMs))
}

/** The fixed fields of `expiring_alert`; `value` in major units. */
export function toAlertData(quote: ExpiringQuote): ExpiringAlert['data'] {
  return {
    quote_id: quote.quote_id,
    days_until_expiry: quote.days_until_expiry,
    customer: quote.customer,
    value: toMajorNumber({ minor: quote.value_minor, currency: quote.currency }),
    currency: quote.currency,
    expires_on: quote.expires_on,
    time_zone: quote.time_zone,
  }
}
