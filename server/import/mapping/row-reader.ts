import { parseMajor } from '../../../domain/money.ts'
import type { PlainDateText } from '../../../domain/time.ts'
import type { CsvRow, CsvTable } from '../csv/read-csv.ts'
import { parseDate } from '../dates.ts'
import type { SourcePlace } from '../plan.ts'
import type { ImportReport } from '../report.ts'
import type { FoundColumns } from './find-columns.ts'
import type { ColumnMap, MapField } from './map-schema.ts'

/** Reads the fields of one row; what cannot be read goes into the report as refused, and `ok()` says so at the end. */
export interface RowReader {
  at: SourcePlace
  map: ColumnMap
  report: ImportReport
  /** The field's text, or null when it is empty or has no column. */
  text(field: MapField): string | null
  date(field: MapField): PlainDateText | null
  /** Minor units; an empty amount is 0. */
  amount(field: MapField, currency: string): number
  refuse(field: MapField, message: string): void
  ok(): boolean
}

export function createRowReader(
  table: CsvTable,
  row: CsvRow,
  columns: FoundColumns,
  map: ColumnMap,
  report: ImportReport,
): RowReader {
  const at = { file: table.file, line: row.line }
  let refused = false
  const refuse = (field: MapField, message: string): void => {
    refused = true
    report.add('refused', at, columns[field] ?? field, message)
  }
  const text = (field: MapField): string | null => {
    const column = columns[field]
    const value = column === undefined ? '' : (row.cells.get(column) ?? '')
    return value === '' ? null : value
  }
  return {
    at,
    map,
    report,
    refuse,
    text,
    ok: () => !refused,
    date: (field) => {
      const value = text(field)
      if (value === null) return null
      const parsed = parseDate(value, map.date_format)
      if (parsed.ok) return parsed.date
      refuse(field, parsed.problem)
      return null
    },
    amount: (field, currency) => {
      const value = text(field)
      if (value === null) return 0
      const parsed = parseMajor(map.grouping === undefined ? value : value.replaceAll(map.grouping, ''), currency)
      if (parsed.ok) return parsed.money.minor
      refuse(field, parsed.problem)
      return 0
    },
  }
}
