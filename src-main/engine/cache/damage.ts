import { CacheError } from './migrate.ts'

/** What SQLite calls the cause, e.g. `SQLITE_CORRUPT_INDEX`; null when it was something else. */
function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_')) return error.code
  return error instanceof CacheError ? sqliteCode(error.cause) : null
}

/** The file does not hold what SQLite wrote: no retry helps, only another file. */
export function isDamage(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true
}

/** The machine's disk has no room; what was to be written is not, and nothing else has changed. */
export class CacheFullError extends CacheError {
  override name = 'CacheFullError'
}

const fullWords =
  'The disk of this machine is full, so nothing can be written here. Reading goes on. Make room and try again.'

/** The error as whoever asked should see it. */
export function asCacheError(error: unknown): unknown {
  return sqliteCode(error) === 'SQLITE_FULL' ? new CacheFullError(fullWords, { cause: error }) : error
}
