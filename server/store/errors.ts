/** The disk is full: the transaction left no trace, and reading goes on. */
export class StorageFullError extends Error {
  constructor(options?: ErrorOptions) {
    super('the disk that holds the database is full, so nothing was changed: free some space and try again', options)
    this.name = 'StorageFullError'
  }
}

/** The database was written by a newer QuoteDesk. */
export class NewerSchemaError extends Error {
  constructor(file: string, unknown: readonly string[]) {
    super(
      `${file} was written by a newer QuoteDesk (it has ${unknown.join(', ')}): start that version, ` +
        'or restore a backup made with this one. Nothing was changed.',
    )
    this.name = 'NewerSchemaError'
  }
}

/** The data folder or a file in it cannot be used; the message names it and what to do. */
export class DataFolderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'DataFolderError'
  }
}

export function sqliteCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : null
}
