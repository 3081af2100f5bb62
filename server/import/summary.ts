import { outcomes, statuses } from '../../domain/quote.ts'
import type { Applied } from './apply-plan.ts'
import type { ImportPlan } from './plan.ts'
import type { ImportReport } from './report.ts'

/** What an import came to: figures of the files, then what of it was new here. Money in minor units by currency. */
export interface ImportSummary {
  quotes: number
  customers: number
  people: number
  teams: number
  by_status: Record<string, number>
  by_outcome: Record<string, number>
  won_value: Record<string, number>
  mended: number
  flagged: number
  refused: number
  applied: Applied
  time_zone: string
  currency: string
  read_as: string
  report: string
}

/** Counts in the order of `order`; what does not occur is left out. */
function countBy<Key extends string>(order: readonly Key[], keys: ReadonlyArray<Key | null>): Record<string, number> {
  const counts = order.map((key) => [key, keys.filter((candidate) => candidate === key).length] as const)
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

export function summarise(
  plan: ImportPlan,
  applied: Applied,
  report: ImportReport,
  rest: Pick<ImportSummary, 'time_zone' | 'currency' | 'read_as' | 'report'>,
): ImportSummary {
  const won = new Map<string, number>()
  for (const quote of plan.quotes) {
    if (quote.outcome === 'won') won.set(quote.currency, (won.get(quote.currency) ?? 0) + quote.value_minor)
  }
  return {
    quotes: plan.quotes.length,
    customers: plan.customers.length,
    people: plan.people.length,
    teams: plan.teams.length,
    by_status: countBy(
      statuses,
      plan.quotes.map((quote) => quote.status),
    ),
    by_outcome: countBy(
      outcomes,
      plan.quotes.map((quote) => quote.outcome),
    ),
    won_value: Object.fromEntries(won),
    mended: report.rows('mended'),
    flagged: report.rows('flagged'),
    refused: report.rows('refused'),
    applied,
    ...rest,
  }
}
