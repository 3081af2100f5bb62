import { existsSync } from 'node:fs'
import { openRaw } from './connect.ts'
import { DataFolderError } from './errors.ts'
import type { Store } from './store.ts'

/**
 * Copies the live database to a file that can take its place. Each restore is a history of its own: the copy has no epoch
 * and gets a new one when it is first opened as the database, so that the same file may be restored twice; its log begins
 * at the heads of now, so that no client that saw more can take it for the old one.
 * @throws DataFolderError when the file exists
 */
export async function backupTo(store: Store, file: string): Promise<void> {
  if (existsSync(file)) {
    throw new DataFolderError(`${file} exists already: name a new file, a backup never overwrites anything`)
  }
  await store.backup(file)
  beginOwnHistory(file)
}

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
