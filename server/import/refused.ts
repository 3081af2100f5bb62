/** A row that keeps the import from happening, told with the place where a person finds it. `line` counts from 1. */
export interface RefusedRow {
  file: string
  line: number
  column: string | null
  message: string
}

/** The import does not happen; the message says why and what to do. Nothing has been changed. */
export class ImportRefused extends Error {
  readonly rows: readonly RefusedRow[]

  constructor(message: string, rows: readonly RefusedRow[] = [], options?: ErrorOptions) {
    super(message, options)
    this.name = 'ImportRefused'
    this.rows = rows
  }
}
