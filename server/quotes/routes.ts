import type { Quote } from '../../domain/quote.ts'
import type { Caller } from '../auth/caller.ts'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { SignedInRest } from '../http/rest.ts'
import { findReadableQuote } from './find-readable.ts'
import { noSuchQuote, readableTeams } from './policy.ts'
import { listHistory, listQuotes } from './queries.ts'

export function quoteRoutes(rest: SignedInRest, { store }: Pick<Deps, 'store'>) {
  const readable = async (id: string, caller: Caller): Promise<Quote> => {
    const quote = await findReadableQuote(store.read, caller, id)
    if (!quote) throw new ProblemError('not_found', noSuchQuote)
    return quote
  }

  return {
    list: rest.quotes.list.handler(async ({ input, context }) => {
      const mine = readableTeams(context.caller)
      const quotes = await listQuotes(store.read, {
        teamIds: input.team_id === undefined ? mine : mine.filter((team) => team === input.team_id),
        status: input.status,
        before: input.cursor === undefined ? null : parseCursor(input.cursor),
        limit: input.limit,
      })
      const last = quotes.length === input.limit ? quotes.at(-1) : undefined
      return { quotes, next_cursor: last ? String(last.quote_id) : null }
    }),

    get: rest.quotes.get.handler(({ input, context }) => readable(input.id, context.caller)),

    history: rest.quotes.history.handler(async ({ input, context }) => {
      const quote = await readable(input.id, context.caller)
      return { history: await listHistory(store.read, quote.id) }
    }),
  }
}

function parseCursor(cursor: string): number {
  if (!/^[1-9]\d{0,15}$/.test(cursor)) {
    throw new ProblemError('invalid_request', 'The cursor is not one of ours: pass next_cursor of the previous page.')
  }
  return Number(cursor)
}
