import { currencySchema } from '../../../domain/money.ts'
import { flagIncomplete } from '../flag-incomplete.ts'
import type { PlannedQuote, PlannedStep } from '../plan.ts'
import { type PlanOptions, validUntilFrom } from '../preset.ts'
import type { RowReader } from './row-reader.ts'

/** The row as a quote, or null when it cannot be kept; why then stands in the report. */
export function planMappedQuote(row: RowReader, options: PlanOptions): PlannedQuote | null {
  const { map } = row
  const stage = map.statuses[row.text('status') ?? '']
  if (!stage) row.refuse('status', `"${row.text('status') ?? ''}" is none of ${Object.keys(map.statuses).join(', ')}`)
  const owner = row.text('owner') ?? map.defaults.owner
  if (owner === undefined) row.refuse('owner', 'nobody is named, and the map has no default')
  const team = row.text('team') ?? map.defaults.team
  if (team === undefined) row.refuse('team', 'no team is named, and the map has no default')
  const currency = row.text('currency') ?? map.defaults.currency ?? options.currency
  const currencyIsKnown = currencySchema.safeParse(currency).success
  if (!currencyIsKnown) row.refuse('currency', `"${currency}" is not an ISO 4217 currency code such as EUR`)
  const value = currencyIsKnown ? row.amount('value', currency) : 0
  const created = row.date('created')
  const closed = row.date('closed')
  const expires = row.date('expires_on')
  if (!stage || owner === undefined || team === undefined || !row.ok()) return null

  const product = row.text('product')
  const outcome = stage.outcome ?? null
  const start: PlannedStep[] = created === null ? [] : [{ to_status: 'draft', outcome: null, on: created }]
  const arrived: PlannedStep = { to_status: stage.status, outcome, on: stage.status === 'closed' ? closed : null }
  const quote: PlannedQuote = {
    ...row.at,
    ref: row.text('ref') ?? '',
    team,
    owner,
    customer: row.text('customer'),
    title: row.text('title') ?? product ?? '',
    status: stage.status,
    outcome,
    value_minor: value,
    currency,
    lines: product === null ? [] : [{ product, description: '', quantity: 1, unit_price_minor: value }],
    expires_on: expires ?? validUntilFrom(created, options),
    past: stage.status === 'draft' && created !== null ? start : [...start, arrived],
  }
  flagIncomplete(quote, row.report)
  return quote
}
