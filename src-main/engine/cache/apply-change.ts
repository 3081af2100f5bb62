import type { Quote } from '../../../domain/quote.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import { saveCustomer, savePerson, saveTeam, saveWorkspace } from './directory-store.ts'
import type { ExpiryMemo } from './expiry-memo.ts'
import { putHistory } from './history-store.ts'
import { createNames } from './names.ts'
import { createOverlay, dropAside, type Overlay, putConfirmed, readConfirmed } from './overlay.ts'
import { deleteQuote, type QuoteWriting, readStored } from './quote-store.ts'
import { savePolicy, saveSettings } from './saved-settings.ts'
import { saveShared } from './shared-alerts.ts'
import type { WritableDb } from './sql.ts'
import { readCursor } from './stream-cursors.ts'

/** What applying changes needs for the length of one transaction. */
export interface Applying extends QuoteWriting {
  overlay: Overlay
}

export function createApplying(db: WritableDb, expiry: ExpiryMemo): Applying {
  return { db, expiry, names: createNames(db), overlay: createOverlay(db) }
}

export function applyChange(applying: Applying, stream: string, epoch: string, change: StreamChange): void {
  switch (change.type) {
    case 'quote.added':
      if (saveQuote(applying, change.data.quote, stream, epoch, 'whole')) {
        for (const entry of change.data.history) putHistory(applying.db, entry)
      }
      return
    case 'quote.changed':
      if (saveQuote(applying, change.data.quote, stream, epoch)) putHistory(applying.db, change.data.entry)
      return
    case 'quote.removed':
      removeQuote(applying, change.data.id, stream)
      return
    case 'customer.saved':
      saveCustomer(applying, change.data)
      return
    case 'person.saved':
      savePerson(applying, change.data)
      return
    case 'team.saved':
      saveTeam(applying, change.data)
      return
    case 'workspace.saved':
      saveWorkspace(applying.db, change.data)
      return
    case 'policy.saved':
      savePolicy(applying.db, change.data)
      return
    case 'settings.saved':
      saveSettings(applying.db, change.data)
      return
    case 'alert.saved':
      saveShared(applying.db, change.data)
      return
    default:
      throw new TypeError(`unknown change "${(change as { type: string }).type}": this QuoteDesk is too old for it`)
  }
}

/**
 * A quote that moves leaves one stream and enters another; the two are read independently, so the older word may come
 * last. Within a stream the log's order decides, across streams of one epoch the version does.
 * @returns false when the word is older than what is stored, and was not taken
 */
function saveQuote(
  applying: Applying,
  quote: Quote,
  stream: string,
  epoch: string,
  history: 'whole' | 'more' = 'more',
): boolean {
  const before = readStored(applying.db, quote.id)
  if (before && before.stream !== stream && readCursor(applying.db, before.stream)?.epoch === epoch) {
    const confirmed = readConfirmed(applying.db, quote.id)
    if (confirmed && confirmed.quote.version > quote.version) return false
  }
  // Of another past, perhaps, which a restored backup has undone; only when this word is taken is it replaced.
  if (before && history === 'whole') applying.db.run('DELETE FROM history WHERE quote = ?', quote.id)
  putConfirmed(applying, applying.overlay, quote, stream, before)
  return true
}

/** Only the stream that holds the quote now may take it away: it may have entered another one already. */
export function removeQuote({ db }: Applying, id: string, stream: string): void {
  if (readStored(db, id)?.stream === stream) forgetQuote(db, id)
}

/** Its entries stay in the outbox: the server answers them all the same. */
export function forgetQuote(db: WritableDb, id: string): void {
  deleteQuote(db, id)
  dropAside(db, id)
}
