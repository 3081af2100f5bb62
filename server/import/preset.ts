import { addDays } from '../../domain/expiry.ts'
import type { PlainDateText } from '../../domain/time.ts'
import type { CsvTable } from './csv/read-csv.ts'
import type { ImportPlan } from './plan.ts'
import type { ImportReport } from './report.ts'

/** What the person says about the import as a whole. */
export interface PlanOptions {
  /** Currency of amounts that come without one. */
  currency: string
  /** Sets valid-until this many calendar days after the date a quote began, where that date is known. */
  validDays: number | null
}

/** Turns the tables of one kind of export into a plan. Pure: no file, no database, no clock. */
export interface Preset {
  name: string
  /** One line for `--help`. */
  summary: string
  /** @throws ImportRefused when a table or column is missing; rows that cannot be kept go into the report as refused */
  plan(tables: readonly CsvTable[], options: PlanOptions, report: ImportReport): ImportPlan
}

export function validUntilFrom(began: PlainDateText | null, { validDays }: PlanOptions): PlainDateText | null {
  return began === null || validDays === null ? null : addDays(began, validDays)
}
