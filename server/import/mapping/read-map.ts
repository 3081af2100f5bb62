import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { CsvTable } from '../csv/read-csv.ts'
import { ImportRefused } from '../refused.ts'
import { fits } from './find-columns.ts'
import { type ColumnMap, columnMapSchema } from './map-schema.ts'

/** Maps that come with the program, tried in this order when neither --preset nor --map is given. */
const shippedMaps = ['salesforce.json'] as const

/** @throws ImportRefused when the file is no map, with what is wrong where */
export function readMap(path: string): ColumnMap {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    throw new ImportRefused(`the map ${path} cannot be read as JSON: ${what}`, [], { cause: error })
  }
  const parsed = columnMapSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new ImportRefused(`the map ${path} is not a column map:\n${z.prettifyError(parsed.error)}`)
}

/** The shipped map whose columns the table has, or null. */
export function recogniseMap(table: CsvTable): { name: string; map: ColumnMap } | null {
  for (const name of shippedMaps) {
    const map = readMap(`${import.meta.dirname}/${name}`)
    if (fits(table, map)) return { name, map }
  }
  return null
}
