import { existsSync } from 'node:fs'
import { DataFolderError } from './errors.ts'
import { beginOwnHistory } from './own-history.ts'
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
