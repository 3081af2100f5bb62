import type { Quote } from '../../domain/quote.ts'
import type { Caller } from '../auth/caller.ts'
import type { Db } from '../store/connect.ts'
import { toQuote } from '../store/rows.ts'
import type { QuoteRow } from '../store/tables.ts'
import { readableTeams } from './policy.ts'

/**
 * The quote, if there is one and the caller may see it. Both are one search among the caller's teams in an index that
 * begins with the team: what they may not see is not touched, so that it takes as long to find as what does not exist.
 */
export function findReadableQuote(db: Db, caller: Caller, id: string): Promise<Quote | null> {
  return find(db, 'quotes indexed by quotes_team', 'id', caller, id)
}

/** The same by the number that people say aloud. */
export function findReadableQuoteByNumber(db: Db, caller: Caller, quoteId: number): Promise<Quote | null> {
  return find(db, 'quotes indexed by quotes_team_number', 'quote_id', caller, quoteId)
}

async function find(db: Db, from: string, column: string, caller: Caller, value: unknown): Promise<Quote | null> {
  const teams = readableTeams(caller)
  const marks = Array(teams.length).fill('?').join(', ')
  const text = `select * from ${from} where team_id in (${marks}) and ${column} = ?`
  const [row] = db.fixed<QuoteRow>(text, [...teams, value])
  return row ? toQuote(row) : null
}
