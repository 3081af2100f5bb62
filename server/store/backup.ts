import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { openRaw } from './connect.ts'
import { DataFolderError } from './errors.ts'
import type { Store } from './store.ts'

/**
 * Copies the live database to a file that can take its place. The copy is a history of its own from here on: it gets a
 * new epoch and its log begins at the heads of now, so that no client that saw more can take it for the old one.
 * @returns the epoch of the copy
 * @throws DataFolderError when the file exists
 */
export async function backupTo(store: Store, file: string): Promise<string> {
  if (existsSync(file)) {
    throw new DataFolderError(`${file} exists already: name a new file, a backup never overwrites anything`)
  }
  await store.backup(file)
  const raw = openRaw(file, 'write')
  try {
    const epoch = randomUUID()
    raw.transaction(() => {
      raw.prepare(`update meta set value = ? where key = 'epoch'`).run(epoch)
      raw.exec('update streams set floor = head')
    })()
    return epoch
  } finally {
    // Closing the only connection folds the WAL into the file: one file is the whole backup.
    raw.close()
  }
}
