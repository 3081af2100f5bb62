import { listEntries, readEntry } from '../../../src-main/engine/cache/outbox-store.ts'
import { readConfirmed } from '../../../src-main/engine/cache/overlay.ts'
import { NotHereError, RefusedError } from '../../../src-main/engine/outbox/refusal.ts'
import { resolve, retry } from '../../../src-main/engine/outbox/settle-refused.ts'
import { discard } from '../../../src-main/engine/outbox/take-back.ts'
import { undo } from '../../../src-main/engine/outbox/undo.ts'
import type { ClientWatch } from './client-checks.ts'
import type { Prng } from './prng.ts'
import type { ClientRun } from './sim-client.ts'

/** What people do with changes in the list of those that wait or were refused. */
export function reconsider(client: ClientRun, watch: ClientWatch, prng: Prng): void {
  const entry = prng.pick(listEntries(client.cache.read))
  if (!entry) return
  const editing = client.editing()
  const mine = entry.conflicts.map(({ field }) => field).filter(() => prng.chance(0.5))
  const wishes = entry.state === 'refused' ? (['discard', 'retry', 'resolve'] as const) : (['discard', 'undo'] as const)
  const wish = prng.pick<(typeof wishes)[number]>(wishes)
  // The watch looks after the step: what the person takes away is no loss.
  watch.mayGo(entry.entry)
  try {
    if (wish === 'discard') discard(editing, entry.entry)
    else if (wish === 'undo') undo(editing, entry.entry)
    else if (wish === 'retry') retry(editing, entry.entry)
    else {
      const current_version = readConfirmed(client.cache.read, entry.quote)?.quote.version ?? null
      resolve(editing, { entry: entry.entry, mine, current_version })
    }
  } catch (error) {
    if (!(error instanceof RefusedError || error instanceof NotHereError)) throw error
  }
  if (client.isAlive() && readEntry(client.cache.read, entry.entry)) watch.mustStay(entry.entry)
}
