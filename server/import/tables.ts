import type { CsvTable } from './csv/read-csv.ts'
import { ImportRefused } from './refused.ts'

/**
 * Finds each wanted table among the files by its columns; names of files mean nothing. More columns are welcome.
 * @param wanted columns that each table must have
 * @throws ImportRefused naming what is missing, twice there or not known
 */
export function tablesByColumns<Name extends string>(
  tables: readonly CsvTable[],
  wanted: Record<Name, readonly string[]>,
): Record<Name, CsvTable> {
  const found: Partial<Record<Name, CsvTable>> = {}
  for (const table of tables) {
    const name = (Object.keys(wanted) as Name[]).find((candidate) =>
      wanted[candidate].every((column) => table.columns.includes(column)),
    )
    if (name === undefined) throw unknownTable(table, wanted)
    const other = found[name]
    if (other) throw new ImportRefused(`${other.file} and ${table.file} both hold the table ${name}: give only one`)
    found[name] = table
  }
  for (const name of Object.keys(wanted) as Name[]) {
    if (!found[name])
      throw new ImportRefused(`the table ${name} is missing: give the file with ${wanted[name].join(', ')}`)
  }
  return found as Record<Name, CsvTable>
}

function unknownTable(table: CsvTable, wanted: Record<string, readonly string[]>): ImportRefused {
  // The wanted table that it resembles most tells the person which column is missing.
  const [closest] = Object.entries(wanted)
    .map(([name, columns]) => ({ name, missing: columns.filter((column) => !table.columns.includes(column)), columns }))
    .filter(({ missing, columns }) => missing.length < columns.length)
    .sort((a, b) => b.columns.length - b.missing.length - (a.columns.length - a.missing.length))
  const hint = closest
    ? `as the table ${closest.name} it lacks the column ${closest.missing.join(', ')}`
    : `expected ${Object.values(wanted)
        .map((columns) => columns.join(', '))
        .join(' or ')}`
  return new ImportRefused(`${table.file} is none of the tables of this preset: ${hint}`)
}
