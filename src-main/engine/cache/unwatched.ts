import { forgetMeta } from './meta.ts'
import type { QuoteWatcher, WritableDb } from './sql.ts'

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
