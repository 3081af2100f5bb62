import type { CsvRow, CsvTable } from './csv/read-csv.ts'
import type { ImportReport } from './report.ts'

/** Rows with one id each: a repeated row is taken once and reported, an id with two contents is refused. */
export function uniqueRows(table: CsvTable, idOf: (row: CsvRow) => string, report: ImportReport): CsvRow[] {
  const first = new Map<string, CsvRow>()
  for (const row of table.rows) {
    const id = idOf(row)
    const at = { file: table.file, line: row.line }
    const known = first.get(id)
    if (id === '') report.add('refused', at, null, 'the row has no id')
    else if (known === undefined) first.set(id, row)
    else if (table.columns.every((column) => known.cells.get(column) === row.cells.get(column))) {
      report.add('mended', at, null, `the same row as line ${known.line}: taken once`)
    } else report.add('refused', at, null, `"${id}" stands in line ${known.line} with other content`)
  }
  return [...first.values()]
}
