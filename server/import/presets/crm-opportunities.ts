import { parseMajor } from '../../../domain/money.ts'
import type { Outcome, Status } from '../../../domain/quote.ts'
import type { PlainDateText } from '../../../domain/time.ts'
import { type CsvRow, type CsvTable, cell } from '../csv/read-csv.ts'
import { parseDate } from '../dates.ts'
import { flagIncomplete } from '../flag-incomplete.ts'
import type { ImportPlan, PlannedQuote, PlannedStep } from '../plan.ts'
import { type PlanOptions, type Preset, validUntilFrom } from '../preset.ts'
import type { ImportReport } from '../report.ts'
import { tablesByColumns } from '../tables.ts'
import { uniqueRows } from '../unique-rows.ts'
import { planCustomers, planPeople } from './crm-directory.ts'
import { type PriceList, readPriceList } from './crm-price-list.ts'

const wanted = {
  accounts: ['account', 'sector', 'office_location'],
  products: ['product', 'sales_price'],
  sales_pipeline: [
    'opportunity_id',
    'sales_agent',
    'product',
    'account',
    'deal_stage',
    'engage_date',
    'close_date',
    'close_value',
  ],
  sales_teams: ['sales_agent', 'manager', 'regional_office'],
} as const

const stages: Partial<Record<string, { status: Status; outcome: Outcome | null }>> = {
  Prospecting: { status: 'draft', outcome: null },
  Engaging: { status: 'negotiation', outcome: null },
  Won: { status: 'closed', outcome: 'won' },
  Lost: { status: 'closed', outcome: 'lost' },
}

/** Maven Analytics' "CRM Sales Opportunities": four files, dates M/D/YYYY, amounts in one currency. */
export const crmOpportunities: Preset = {
  name: 'crm-opportunities',
  summary: 'accounts, products, sales_pipeline and sales_teams of a CRM opportunities export',
  plan(tables, options, report) {
    const { accounts, products, sales_pipeline, sales_teams } = tablesByColumns(tables, wanted)
    const customers = planCustomers(accounts, report)
    const { teams, people } = planPeople(sales_teams, report)
    const context: Context = {
      options,
      report,
      pipeline: sales_pipeline,
      prices: readPriceList(products, options.currency, report),
      customers,
      accounts: new Set(customers.map((customer) => customer.ref)),
      // An agent's own team, not one that they manage: quotes belong where they sell.
      teamOfAgent: new Map(sales_teams.rows.map((row) => [cell(row, 'sales_agent'), cell(row, 'regional_office')])),
    }
    const quotes = uniqueRows(sales_pipeline, (row) => cell(row, 'opportunity_id'), report).flatMap((row) => {
      const quote = planQuote(row, context)
      return quote ? [quote] : []
    })
    return { source: 'crm-opportunities', teams, people, customers, quotes }
  },
}

interface Context {
  options: PlanOptions
  report: ImportReport
  pipeline: CsvTable
  prices: PriceList
  customers: ImportPlan['customers']
  accounts: Set<string>
  teamOfAgent: ReadonlyMap<string, string>
}

/** The row as a quote, or null when it cannot be kept; why then stands in the report. */
function planQuote(row: CsvRow, context: Context): PlannedQuote | null {
  const { report, options } = context
  const at = { file: context.pipeline.file, line: row.line }
  let refused = false
  const refuse = (column: string, message: string): void => {
    refused = true
    report.add('refused', at, column, message)
  }

  const stage = stages[cell(row, 'deal_stage')]
  if (!stage) refuse('deal_stage', `"${cell(row, 'deal_stage')}" is none of ${Object.keys(stages).join(', ')}`)
  const team = context.teamOfAgent.get(cell(row, 'sales_agent'))
  if (team === undefined) refuse('sales_agent', `"${cell(row, 'sales_agent')}" is not among the sales teams`)
  const readDate = (column: string): PlainDateText | null => {
    if (cell(row, column) === '') return null
    const parsed = parseDate(cell(row, column), 'M/D/YYYY')
    if (parsed.ok) return parsed.date
    refuse(column, parsed.problem)
    return null
  }
  const engaged = readDate('engage_date')
  const closed = readDate('close_date')
  const closeValue = parseMajor(cell(row, 'close_value') || '0', options.currency)
  if (!closeValue.ok) refuse('close_value', closeValue.problem)
  if (!stage || team === undefined || !closeValue.ok || refused) return null

  const product = context.prices.find(cell(row, 'product'))
  if (product && product.name !== cell(row, 'product')) {
    report.add('mended', at, 'product', `"${cell(row, 'product')}" is "${product.name}" in the price list`)
  }
  if (!product) report.add('flagged', at, 'product', `"${cell(row, 'product')}" is not in the price list`)
  const won = stage.outcome === 'won'
  const value = won ? closeValue.money.minor : (product?.price_minor ?? 0)
  const name = product?.name ?? cell(row, 'product')
  const quote: PlannedQuote = {
    ...at,
    ...stage,
    ref: cell(row, 'opportunity_id'),
    team,
    owner: cell(row, 'sales_agent'),
    customer: findAccount(row, context),
    title: name,
    value_minor: value,
    currency: options.currency,
    lines: product || won ? [{ product: name, description: '', quantity: 1, unit_price_minor: value }] : [],
    expires_on: validUntilFrom(engaged, options),
    past: pastOf(stage, engaged, closed),
  }
  flagIncomplete(quote, report)
  return quote
}

/** An account that the accounts do not list is still the customer: made with its name alone, and flagged. */
function findAccount(row: CsvRow, { accounts, customers, report, pipeline }: Context): string | null {
  const name = cell(row, 'account')
  if (name === '') return null
  if (!accounts.has(name)) {
    accounts.add(name)
    const at = { file: pipeline.file, line: row.line }
    customers.push({ ...at, ref: name, name, sector: null, country: null, contact_name: null, contact_email: null })
    report.add('flagged', at, 'account', `"${name}" is not among the accounts`)
  }
  return name
}

/** The export tells two moments: when negotiation began, and when it ended. Nothing else is made up. */
function pastOf(
  { status, outcome }: { status: Status; outcome: Outcome | null },
  engaged: PlainDateText | null,
  closed: PlainDateText | null,
): PlannedStep[] {
  if (status !== 'closed') return [{ to_status: status, outcome: null, on: engaged }]
  const end: PlannedStep = { to_status: 'closed', outcome, on: closed }
  return engaged === null ? [end] : [{ to_status: 'negotiation', outcome: null, on: engaged }, end]
}
