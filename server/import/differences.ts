import { quoteLabel } from '../../domain/ids.ts'
import type { Quote } from '../../domain/quote.ts'
import type { Tx } from '../store/tx.ts'
import type { KnownThings } from './known-things.ts'
import type { ImportPlan, PlannedQuote } from './plan.ts'
import type { ImportReport } from './report.ts'

const compared = ['status', 'outcome', 'value_minor', 'currency', 'title', 'expires_on'] as const
type Here = Pick<Quote, 'quote_id' | 'revision' | (typeof compared)[number]>

/**
 * Reports quotes that an earlier import made and that are not (or no longer) what the file says: one of the two was
 * changed since. The quote here stays as it is, but nobody should believe that a newer file was taken over.
 * @returns how many there are
 */
export async function reportDifferences(
  tx: Tx,
  plan: ImportPlan,
  known: KnownThings,
  report: ImportReport,
): Promise<number> {
  const planned = plan.quotes.filter((quote) => known.find('quote', quote.ref) !== null)
  if (planned.length === 0) return 0
  const rows = await tx.db
    .selectFrom('quotes')
    .select(['id', 'quote_id', 'revision', ...compared])
    .execute()
  const byId = new Map<string, Here>(rows.map((row) => [row.id, row]))
  let count = 0
  for (const quote of planned) {
    const here = byId.get(known.mustFind('quote', quote.ref))
    const differing = here ? differingFields(quote, here) : []
    if (!here || differing.length === 0) continue
    count += 1
    const what = differing.map((field) => `${field} ${here[field] ?? 'none'} (file: ${quote[field] ?? 'none'})`)
    report.add('kept', quote, differing[0] ?? null, `${quoteLabel(here)} stays as it is here: ${what.join(', ')}`)
  }
  return count
}

function differingFields(quote: PlannedQuote, here: Here): Array<(typeof compared)[number]> {
  return compared.filter((field) => quote[field] !== here[field])
}
