import { type CsvTable, cell } from '../csv/read-csv.ts'
import type { ImportPlan, PlannedPerson, SourcePlace } from '../plan.ts'
import type { ImportReport } from '../report.ts'
import { uniqueRows } from '../unique-rows.ts'

/** Known misspellings of the export, and nothing cleverer: what is not listed is taken as it stands. */
const sectorSpelling: Partial<Record<string, string>> = { technolgy: 'technology' }
const countrySpelling: Partial<Record<string, string>> = { Philipines: 'Philippines' }

export function planCustomers(accounts: CsvTable, report: ImportReport): ImportPlan['customers'] {
  return uniqueRows(accounts, (row) => cell(row, 'account'), report).map((row) => {
    const at = { file: accounts.file, line: row.line }
    const mend = (column: string, spelling: Partial<Record<string, string>>): string | null => {
      const text = cell(row, column)
      const mended = spelling[text]
      if (mended !== undefined) {
        report.add('mended', at, column, `"${text}" is "${mended}"`)
      }
      return mended ?? (text === '' ? null : text)
    }
    const name = cell(row, 'account')
    return {
      ...at,
      ref: name,
      name,
      sector: mend('sector', sectorSpelling),
      country: mend('office_location', countrySpelling),
      contact_name: null,
      contact_email: null,
    }
  })
}

/** Regional offices become teams, agents reps and managers managers of the office they stand with. */
export function planPeople(salesTeams: CsvTable, report: ImportReport): Pick<ImportPlan, 'teams' | 'people'> {
  const offices = new Map<string, SourcePlace>()
  const people = new Map<string, PlannedPerson>()
  const join = (at: SourcePlace, name: string, team: string, role: 'rep' | 'manager') => {
    const person = people.get(name) ?? { ...at, ref: name, name, memberships: [] }
    people.set(name, person)
    const held = person.memberships.find((membership) => membership.team === team)
    if (!held) person.memberships.push({ team, role })
    else if (role === 'manager') held.role = role
  }
  for (const row of uniqueRows(salesTeams, (candidate) => cell(candidate, 'sales_agent'), report)) {
    const at = { file: salesTeams.file, line: row.line }
    const [office, manager] = [cell(row, 'regional_office'), cell(row, 'manager')]
    if (office === '') {
      report.add('refused', at, 'regional_office', 'the agent has no office')
      continue
    }
    if (!offices.has(office)) offices.set(office, at)
    join(at, cell(row, 'sales_agent'), office, 'rep')
    if (manager !== '') join(at, manager, office, 'manager')
  }
  return { teams: [...offices].map(([name, at]) => ({ ...at, ref: name, name })), people: [...people.values()] }
}
