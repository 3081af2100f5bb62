import type { RefusedRow } from '../refused.ts'

/** Also telephone numbers, and the lone dash that stands for "nothing". */
const number = /^(?:[+-]?[\d.,\s()/-]*\d%?|-)$/
/** What Excel, LibreOffice and Google Sheets take as the start of a formula. */
const formulaStart = /^[=+\-@]/

/** Cells that would run as a formula as soon as somebody exports and opens them in a spreadsheet; numbers are none. */
export function findFormulas(
  file: string,
  columns: readonly string[],
  records: ReadonlyArray<{ line: number; values: readonly string[] }>,
): RefusedRow[] {
  return records.flatMap(({ line, values }) =>
    values.flatMap((value, index) =>
      formulaStart.test(value) && !number.test(value)
        ? [{ file, line, column: columns[index] ?? null, message: `"${value.slice(0, 40)}" starts like a formula` }]
        : [],
    ),
  )
}
