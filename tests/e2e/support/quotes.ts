import type { Quote } from '../../../domain/quote.ts'
import type { TestApi } from './server.ts'

/** Quotes of a status that the account may read, by the HTTP API. */
export async function quotesOf(api: TestApi, status: Quote['status']): Promise<Quote[]> {
  const { quotes } = (await api.get(`/quotes?status=${status}&limit=200`)) as { quotes: Quote[] }
  return quotes
}

/** One that has not run out, so that no rule of expiry stands in the way. */
export async function liveQuote(api: TestApi, status: Quote['status'], today: string, nth = 0): Promise<Quote> {
  const found = (await quotesOf(api, status)).filter(({ expires_on }) => expires_on !== null && expires_on > today)
  const quote = found[nth]
  if (!quote) throw new Error(`the sample has only ${found.length} quotes that are ${status} and valid after ${today}`)
  return quote
}
