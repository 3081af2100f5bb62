import { missingParts } from '../../domain/quote.ts'
import type { PlannedQuote } from './plan.ts'
import type { ImportReport } from './report.ts'

/**
 * Flags what a live quote needs and this one lacks. Only live quotes: a closed one needs no valid-until date any more,
 * but one that says neither when it was closed is told too.
 */
export function flagIncomplete(quote: PlannedQuote, report: ImportReport): void {
  if (quote.status === 'closed') {
    if (quote.past.at(-1)?.on === null) report.add('flagged', quote, null, 'closed, but the date is not known')
    return
  }
  const missing = missingParts({ ...quote, customer_id: quote.customer })
  if (missing.length > 0) report.add('flagged', quote, null, `incomplete: it lacks ${missing.join(', ')}`)
}
