import { openRaw } from './connect.ts'

/**
 * Makes a copy of a database a history of its own. Its log stays, for verify, and still begins where it began; but no
 * cursor below the heads of now is served from it.
 */
export function beginOwnHistory(file: string): void {
  const raw = openRaw(file, 'write')
  try {
    raw.transaction(() => {
      raw.exec(`delete from meta where key = 'epoch'`)
      raw.exec('update streams set floor = head')
    })()
  } finally {
    // Closing the only connection folds the WAL into the file: one file is the whole backup.
    raw.close()
  }
}
