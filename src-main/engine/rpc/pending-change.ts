import { quoteLabel } from '../../../domain/ids.ts'
import type { PendingChange, ShownConflict } from '../../../domain/rpc/quotes.ts'
import { createNames, type Names } from '../cache/names.ts'
import type { EditBody } from '../cache/outbox-body.ts'
import type { SaveEntry } from '../cache/outbox-own.ts'
import type { BaseValues, OutboxEntry } from '../cache/outbox-store.ts'
import { readConfirmed } from '../cache/overlay.ts'
import type { DisputeField } from '../cache/pending-edit.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb } from '../cache/sql.ts'
import type { Editing } from '../outbox/queue-edit.ts'
import { canRetry } from '../outbox/settle-refused.ts'
import { whatInWords } from './edit-words.ts'

/** Outbox entries for people: in words, with names, and what can be done about a refusal. */
export function toPendingChanges(editing: Editing, entries: readonly OutboxEntry[]): PendingChange[] {
  const { read } = editing.cache
  const names = createNames(read)
  return entries.map((entry) => ({
    entry: entry.entry,
    quote: entry.quote,
    quote_label: labelOf(read, entry),
    customer_name: entry.customer_name,
    what: whatInWords(entry, names),
    queued_at: entry.queued_at,
    currency: entry.currency,
    state: stateOf(editing, entry, names),
  }))
}

const saveWords: Record<SaveEntry['body']['name'], { label: string; what: string }> = {
  'settings.save': { label: 'Your alert settings', what: 'alert settings' },
  'policy.save': { label: 'Alert rules', what: 'alert rules for everybody' },
}

/** Settings or rules on their way, among the changes of quotes. */
export function toPendingSave({ entry, body, queued_at, ...save }: SaveEntry): PendingChange {
  const { label, what } = saveWords[body.name]
  return {
    entry,
    quote: null,
    quote_label: label,
    customer_name: null,
    what,
    queued_at,
    currency: 'XXX',
    state: saveState(save, body.name),
  }
}

function saveState(
  { state, code, message, mutation_id }: Omit<SaveEntry, 'entry' | 'body' | 'queued_at'>,
  name: SaveEntry['body']['name'],
): PendingChange['state'] {
  if (state === 'acknowledged') return { kind: 'acknowledged' }
  if (state === 'waiting') return { kind: 'waiting', sent: mutation_id !== null }
  if (code === null || message === null) throw new Error('refused settings have lost their reason')
  // Rules that somebody else saved meanwhile are to be looked at, not written over.
  const can_retry = code !== 'invalid_request' && code !== 'conflict' && (name === 'settings.save' || code === 'failed')
  return { kind: 'refused', code, message, conflicts: [], can_retry, current_version: null }
}

/** A quote made here has a number only once the server answered; what waits on it learns it then. */
function labelOf(read: ReadableDb, { quote, quote_label }: OutboxEntry): string {
  const shown = readQuote(read, quote)
  return shown ? quoteLabel(shown) : quote_label
}

function stateOf(editing: Editing, entry: OutboxEntry, names: Names): PendingChange['state'] {
  const { state, code, message, mutation_id } = entry
  if (state === 'acknowledged') return { kind: 'acknowledged' }
  if (state === 'waiting') return { kind: 'waiting', sent: mutation_id !== null }
  if (code === null || message === null) throw new Error('a refused change has lost its reason')
  const conflicts = shownConflicts(editing.cache.read, entry, names)
  const current_version = readConfirmed(editing.cache.read, entry.quote)?.quote.version ?? null
  return { kind: 'refused', code, message, conflicts, can_retry: canRetry(editing, entry), current_version }
}

/** Base, mine and theirs side by side; theirs is the server's word now, null when the quote is out of sight. */
function shownConflicts(
  read: ReadableDb,
  { quote, conflicts, base, body }: OutboxEntry,
  names: Names,
): ShownConflict[] {
  if (conflicts.length === 0) return []
  const theirs = readConfirmed(read, quote)?.quote ?? {}
  const mine = valuesIn(body)
  return conflicts.map(({ field, by, at }) => ({
    field,
    base: named(field, base, names),
    mine: named(field, mine, names),
    theirs: named(field, theirs, names),
    by_name: by === null ? null : names.owner(by),
    at,
  }))
}

function valuesIn(body: EditBody): BaseValues {
  if (body.name === 'quote.edit') return body.fields
  if (body.name === 'quote.change_status') return { status: body.to, outcome: body.outcome }
  return body.name === 'quote.reassign' ? { team_id: body.team_id, owner_id: body.owner_id } : {}
}

/** People, teams and customers by name; a closed quote is called by its outcome. */
function named(field: DisputeField, values: BaseValues, names: Names): unknown {
  const value = values[field]
  if (value === undefined || value === null || typeof value !== 'string') return value ?? null
  if (field === 'status' && value === 'closed') return values.outcome ?? value
  if (field === 'customer_id') return names.customer(value)
  if (field === 'owner_id') return names.owner(value)
  return field === 'team_id' ? names.team(value) : value
}
