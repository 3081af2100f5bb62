import type { Kysely } from 'kysely'
import type { HistoryEntry, Quote, Status } from '../../domain/quote.ts'
import { historyColumns, toHistoryEntry, toQuote } from '../store/rows.ts'
import type { Tables } from '../store/tables.ts'

export async function findQuote(db: Kysely<Tables>, id: string): Promise<Quote | null> {
  const row = await db.selectFrom('quotes').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? toQuote(row) : null
}

/** Quotes of the teams, newest number first. `before` is the number that the previous page ended with. */
export async function listQuotes(
  db: Kysely<Tables>,
  query: { teamIds: readonly string[]; status?: Status | undefined; before: number | null; limit: number },
): Promise<Quote[]> {
  if (query.teamIds.length === 0) return []
  let select = db
    .selectFrom('quotes')
    .selectAll()
    .where('team_id', 'in', query.teamIds)
    .where('quote_id', 'is not', null)
    .orderBy('quote_id', 'desc')
    .limit(query.limit)
  if (query.status) select = select.where('status', '=', query.status)
  if (query.before !== null) select = select.where('quote_id', '<', query.before)
  return (await select.execute()).map(toQuote)
}

/** Every change of the quote, oldest first. */
export async function listHistory(db: Kysely<Tables>, quote: string): Promise<HistoryEntry[]> {
  const rows = await db
    .selectFrom('history')
    .select(historyColumns)
    .where('quote', '=', quote)
    .orderBy('version')
    .execute()
  return rows.map(toHistoryEntry)
}
