import { type Kysely, sql } from 'kysely'
import type { Quote } from '../../domain/quote.ts'
import type { Caller } from '../auth/caller.ts'
import { toQuote } from '../store/rows.ts'
import type { QuoteRow, Tables } from '../store/tables.ts'
import { readableTeams } from './policy.ts'

/**
 * The quote, if there is one and the caller may see it. Both are one search among the caller's teams in an index that
 * begins with the team: what they may not see is not touched, so that it takes as long to find as what does not exist.
 */
export async function findReadableQuote(db: Kysely<Tables>, caller: Caller, id: string): Promise<Quote | null> {
  const { rows } = await sql<QuoteRow>`
    select * from quotes indexed by quotes_team where team_id in (${teamsOf(caller)}) and id = ${id}
  `.execute(db)
  return rows[0] ? toQuote(rows[0]) : null
}

/** The same by the number that people say aloud. */
export async function findReadableQuoteByNumber(
  db: Kysely<Tables>,
  caller: Caller,
  quoteId: number,
): Promise<Quote | null> {
  const { rows } = await sql<QuoteRow>`
    select * from quotes indexed by quotes_team_number where team_id in (${teamsOf(caller)}) and quote_id = ${quoteId}
  `.execute(db)
  return rows[0] ? toQuote(rows[0]) : null
}

/** SQL knows no list without an element in it; null is equal to nothing. */
function teamsOf(caller: Caller) {
  const teams = readableTeams(caller)
  return sql.join(teams.length === 0 ? [null] : teams)
}
