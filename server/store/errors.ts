import { dirname } from 'node:path'

/** The disk is full: the transaction left no trace, and reading goes on. */
export class StorageFullError extends Error {
  constructor(options?: ErrorOptions) {
    super('the disk that holds the database is full, so nothing was changed: free some space and try again', options)
    this.name = 'StorageFullError'
  }
}

/** Another process held the database for longer than a write waits: the transaction was not begun. */
export class StorageBusyError extends Error {
  constructor(options?: ErrorOptions) {
    super('another process is writing (an import?), so nothing was changed: try again', options)
    this.name = 'StorageBusyError'
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

/**
 * The fault is of the disk, the file or another process, so trying later may help; a broken constraint or a value that
 * cannot be read is the fault of what was asked.
 */
export function isStorageTrouble(error: unknown): boolean {
  const code = sqliteCode(error) ?? ''
  return /^SQLITE_(FULL|BUSY|LOCKED|IOERR|NOMEM|CORRUPT|NOTADB|READONLY|CANTOPEN|INTERRUPT|PROTOCOL)/.test(code)
}

const unusable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'])

/** Names the folder or file that cannot be used and what to do; other errors pass through. */
export function asDataFolderError(error: unknown, file: string): unknown {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (unusable.has(code)) {
    return new DataFolderError(
      `the data folder ${dirname(file)} cannot be written (${code}): give this user the right to write it, ` +
        'or name another with --data DIR',
      { cause: error },
    )
  }
  if (/^SQLITE_(CANTOPEN|READONLY|PERM|IOERR)/.test(code)) {
    return new DataFolderError(
      `the database ${file} cannot be opened for writing (${code}): check the rights of the file and its folder, ` +
        'or name another folder with --data DIR',
      { cause: error },
    )
  }
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT') {
    return new DataFolderError(`${file} is not an undamaged QuoteDesk database (${code}): restore a backup`, {
      cause: error,
    })
  }
  return error
}
