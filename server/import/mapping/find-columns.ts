import type { CsvTable } from '../csv/read-csv.ts'
import { ImportRefused } from '../refused.ts'
import { type ColumnMap, type MapField, mapFields } from './map-schema.ts'

export type FoundColumns = Partial<Record<MapField, string>>

function namesOf(map: ColumnMap, field: MapField): readonly string[] {
  const named = map.columns[field]
  return named === undefined ? [] : typeof named === 'string' ? [named] : named
}

function lookUp(table: CsvTable, map: ColumnMap): { found: FoundColumns; missing: MapField[] } {
  const byLowerCase = new Map(table.columns.map((column) => [column.toLowerCase(), column]))
  const found: FoundColumns = {}
  const missing: MapField[] = []
  for (const field of mapFields) {
    const names = namesOf(map, field)
    const column = names.map((name) => byLowerCase.get(name.toLowerCase())).find((name) => name !== undefined)
    if (column !== undefined) found[field] = column
    else if (names.length > 0 && !map.optional.includes(field)) missing.push(field)
  }
  return { found, missing }
}

/** Whether the table has every column that the map insists on. */
export function fits(table: CsvTable, map: ColumnMap): boolean {
  return lookUp(table, map).missing.length === 0
}

/**
 * Which column of the table is which field.
 * @throws ImportRefused naming every column that is missing
 */
export function findColumns(table: CsvTable, map: ColumnMap): FoundColumns {
  const { found, missing } = lookUp(table, map)
  if (missing.length > 0) {
    const wanted = missing.map((field) => `${namesOf(map, field).join(' or ')} (${field})`).join(', ')
    throw new ImportRefused(`${table.file} lacks the column ${wanted}; it has ${table.columns.join(', ')}`)
  }
  for (const field of ['ref', 'status', 'value'] as const) {
    if (found[field] === undefined)
      throw new ImportRefused(`the map names no column for ${field}: every quote needs one`)
  }
  for (const field of ['owner', 'team'] as const) {
    if (found[field] === undefined && map.defaults[field] === undefined) {
      throw new ImportRefused(
        `nothing says the ${field} of a quote: name its column in the map, or give defaults.${field}`,
      )
    }
  }
  return found
}
