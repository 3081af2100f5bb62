import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import { forgetMeta } from './meta.ts'
import type { WritableDb } from './sql.ts'

/** What a watcher is shown of a quote. */
export type WatchedQuote = Pick<
  Quote,
  'id' | 'owner_id' | 'team_id' | 'status' | 'expires_on' | 'time_zone' | 'sent_at'
>

/**
 * Sees every shown row and every history entry inside the transaction that writes it, and may write along: that is how
 * what alerts are due next can never disagree with the quotes.
 */
export interface QuoteWatcher {
  /** @param before null when it is new here, after null when it goes */
  quote: (db: WritableDb, before: WatchedQuote | null, after: WatchedQuote | null) => void
  entry: (db: WritableDb, entry: HistoryEntry) => void
}

/** For one transaction while nobody watches: what was planned is out of date, and whoever watches next has to know. */
export function createUnwatched(): QuoteWatcher {
  let marked = false
  const mark = (db: WritableDb) => {
    if (marked) return
    marked = true
    forgetMeta(db, 'alert_plan')
  }
  return { quote: mark, entry: mark }
}
