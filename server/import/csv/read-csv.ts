import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CsvError, type Info, parse } from 'csv-parse'
import { ImportRefused } from '../refused.ts'
import { findFormulas } from './formulas.ts'
import { guardedText, limits } from './guarded-text.ts'
import { parseHeader, refuseOtherDelimiter } from './header.ts'

/** `line` is where the row ends in the file, counted from 1 with the header. Cells are trimmed; one for every column. */
export interface CsvRow {
  line: number
  cells: ReadonlyMap<string, string>
}

export interface CsvTable {
  file: string
  columns: readonly string[]
  rows: readonly CsvRow[]
  /** The last line has no line end: the file may have been cut off within its last cell. */
  endsWithoutNewline: boolean
}

/** The cell's text; empty when the table has no such column (presets check the ones they require beforehand). */
export function cell(row: CsvRow, column: string): string {
  return row.cells.get(column) ?? ''
}

const told: Partial<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quoted cell is never closed: the file seems to be cut off, or a quotation mark is missing',
  INVALID_OPENING_QUOTE: 'a quotation mark stands inside an unquoted cell: double it and quote the cell',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quotation mark: double the marks inside a quoted cell',
  CSV_MAX_RECORD_SIZE: `a row is longer than ${limits.lineBytes} characters`,
}

/**
 * Reads a comma-separated file (RFC 4180, UTF-8, first line names the columns) and refuses whatever is not one.
 * @throws ImportRefused with the line and what to do
 */
export async function readCsv(path: string): Promise<CsvTable> {
  const file = basename(path)
  const records: Array<{ line: number; values: string[] }> = []
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: limits.lineBytes,
  })
  let lastText = ''
  const text = async function* (): AsyncGenerator<string> {
    for await (const portion of guardedText(path, file)) {
      // A line is never longer than what the first portion holds.
      if (lastText === '' && portion !== '') refuseOtherDelimiter(file, portion.split('\n', 1)[0] ?? '')
      if (portion !== '') lastText = portion
      yield portion
    }
  }
  const collect = async (parsed: AsyncIterable<{ record: string[]; info: Info }>): Promise<void> => {
    for await (const { record, info } of parsed) {
      records.push({ line: info.lines, values: record.map((value) => value.trim()) })
      if (records.length > limits.rows) {
        throw new ImportRefused(`${file} has more than ${limits.rows} rows: split it and import the parts`)
      }
    }
  }
  try {
    await pipeline(text, parser, collect)
  } catch (error) {
    throw asRefusal(error, path, file)
  }
  return toTable(file, records, !lastText.endsWith('\n'))
}

function toTable(
  file: string,
  records: Array<{ line: number; values: string[] }>,
  endsWithoutNewline: boolean,
): CsvTable {
  const [head, ...body] = records
  if (head === undefined)
    throw new ImportRefused(`${file} is empty: expected a line of column names and at least one row`)
  const columns = parseHeader(file, head.values)
  for (const [index, { line, values }] of body.entries()) {
    if (values.length === columns.length) continue
    const problem = `line ${line} of ${file} has ${values.length} of ${columns.length} columns`
    const isLast = index === body.length - 1 && values.length < columns.length
    throw new ImportRefused(
      isLast
        ? `${problem}: the file seems to be cut off`
        : `${problem}: is a comma or a quotation mark missing or too many?`,
      [{ file, line, column: null, message: problem }],
    )
  }
  if (body.length === 0) throw new ImportRefused(`${file} names its columns, but has no rows`)
  const formulas = findFormulas(file, columns, records)
  if (formulas.length > 0) {
    const lines = [...new Set(formulas.map((row) => row.line))]
    const some = lines.slice(0, 10).join(', ') + (lines.length > 10 ? ' …' : '')
    throw new ImportRefused(
      `${file} has cells that a spreadsheet would run as a formula (line ${some}): ` +
        'take away the leading = + - @ of these texts and import it again',
      formulas,
    )
  }
  const rows = body.map(({ line, values }) => ({
    line,
    cells: new Map(columns.map((column, index) => [column, values[index] ?? ''])),
  }))
  return { file, columns, rows, endsWithoutNewline }
}

function asRefusal(error: unknown, path: string, file: string): unknown {
  if (error instanceof CsvError) {
    const what = told[error.code] ?? error.message
    const line = typeof error['lines'] === 'number' ? ` (line ${error['lines']})` : ''
    return new ImportRefused(`${file} is not valid CSV: ${what}${line}`, [], { cause: error })
  }
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'ENOENT') return new ImportRefused(`there is no file ${path}`, [], { cause: error })
  if (code === 'EISDIR') return new ImportRefused(`${path} is a folder: name the CSV files in it`, [], { cause: error })
  if (code === 'EACCES') return new ImportRefused(`${path} may not be read by this user`, [], { cause: error })
  return error
}
