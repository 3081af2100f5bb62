import { z } from 'zod'
import type { StageProbabilities } from './directory.ts'
import { percentOf } from './money.ts'
import { openStatuses, type Status } from './quote.ts'

/** Quotes of one status and currency, added up; values in minor units. The input of every pipeline figure. */
export interface StatusSum {
  status: Status
  currency: string
  count: number
  value_minor: number
}

export const currencySubtotalSchema = z.strictObject({
  currency: z.string(),
  count: z.int(),
  value_minor: z.int(),
  weighted_minor: z.int(),
})
export type CurrencySubtotal = z.infer<typeof currencySubtotalSchema>

/** Always one subtotal per currency, largest count first: amounts of different currencies are never added. */
export const pipelineSchema = z.strictObject({
  open_count: z.int(),
  draft_count: z.int(),
  open: z.array(currencySubtotalSchema),
})
export type Pipeline = z.infer<typeof pipelineSchema>

const isOpen = (status: Status): status is (typeof openStatuses)[number] =>
  (openStatuses as readonly Status[]).includes(status)

/** Folds sums by status and currency into the pipeline: open = active + sent + negotiation, draft apart, closed left out. */
export function summarisePipeline(sums: readonly StatusSum[], probabilities: StageProbabilities): Pipeline {
  const byCurrency = new Map<string, CurrencySubtotal>()
  let draftCount = 0
  let openCount = 0
  for (const { status, currency, count, value_minor } of sums) {
    if (status === 'draft') draftCount += count
    if (!isOpen(status)) continue
    openCount += count
    const subtotal = byCurrency.get(currency) ?? { currency, count: 0, value_minor: 0, weighted_minor: 0 }
    subtotal.count += count
    subtotal.value_minor += value_minor
    subtotal.weighted_minor += percentOf({ minor: value_minor, currency }, probabilities[status]).minor
    byCurrency.set(currency, subtotal)
  }
  const open = [...byCurrency.values()].sort((a, b) => b.count - a.count || a.currency.localeCompare(b.currency))
  return { open_count: openCount, draft_count: draftCount, open }
}
