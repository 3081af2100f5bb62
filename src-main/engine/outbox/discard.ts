import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { deleteEntry, entriesOf, readEntry } from '../cache/outbox-store.ts'
import { rebase } from '../cache/overlay.ts'
import { RefusedError } from './refusal.ts'

/**
 * Takes a change back that was not sent yet, or a refused one off the list.
 * @returns false when there is no such entry (any more)
 * @throws RefusedError when it may have reached the server, or a later change builds on it
 */
export function discard(cache: Cache, entryId: number): boolean {
  const entry = readEntry(cache.read, entryId)
  if (!entry) return false
  if (entry.state !== 'refused') {
    if (entry.mutation_id !== null) {
      throw new RefusedError('already_sent', 'This change has been sent already. Change the status again instead.')
    }
    const later = entriesOf(cache.read, entry.quote).some((other) => other.entry > entryId && other.state !== 'refused')
    if (later)
      throw new RefusedError('built_upon', 'A later change of this quote builds on it: take that one back first.')
  }
  cache.transact((db) => {
    deleteEntry(db, entryId)
    rebase({ db, names: createNames(db), expiry: cache.expiry }, entry.quote)
  })
  return true
}
