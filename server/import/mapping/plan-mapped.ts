import type { CsvTable } from '../csv/read-csv.ts'
import type { ImportPlan, PlannedCustomer, PlannedPerson, PlannedTeam } from '../plan.ts'
import type { PlanOptions } from '../preset.ts'
import type { ImportReport } from '../report.ts'
import { uniqueRows } from '../unique-rows.ts'
import { findColumns } from './find-columns.ts'
import type { ColumnMap } from './map-schema.ts'
import { planMappedQuote } from './mapped-quote.ts'
import { createRowReader } from './row-reader.ts'

/**
 * Turns one table of one row a quote into a plan. Teams, owners and customers are those that the rows name: owners become
 * reps of the teams they have quotes in.
 */
export function planMapped(table: CsvTable, map: ColumnMap, options: PlanOptions, report: ImportReport): ImportPlan {
  const columns = findColumns(table, map)
  const teams = new Map<string, PlannedTeam>()
  const people = new Map<string, PlannedPerson>()
  const customers = new Map<string, PlannedCustomer>()
  const plan: ImportPlan = { source: map.source, teams: [], people: [], customers: [], quotes: [] }
  const refColumn = columns.ref ?? ''
  for (const row of uniqueRows(table, (candidate) => candidate.cells.get(refColumn) ?? '', report)) {
    const quote = planMappedQuote(createRowReader(table, row, columns, map, report), options)
    if (!quote) continue
    const at = { file: quote.file, line: quote.line }
    const { team, owner, customer } = quote
    if (!teams.has(team)) teams.set(team, { ...at, ref: team, name: team })
    const person = people.get(owner) ?? { ...at, ref: owner, name: owner, memberships: [] }
    people.set(owner, person)
    if (!person.memberships.some((held) => held.team === team)) person.memberships.push({ team, role: 'rep' })
    if (customer !== null && !customers.has(customer)) {
      const unknown = { sector: null, country: null, contact_name: null, contact_email: null }
      customers.set(customer, { ...at, ref: customer, name: customer, ...unknown })
    }
    plan.quotes.push(quote)
  }
  return { ...plan, teams: [...teams.values()], people: [...people.values()], customers: [...customers.values()] }
}
