import { quoteLabel } from '../../../domain/ids.ts'
import type { PendingChange, ShownConflict } from '../../../domain/rpc/quotes.ts'
import { createNames, type Names } from '../cache/names.ts'
import { type BaseValues, type EditBody, type OutboxEntry } from '../cache/outbox-store.ts'
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
  return { kind: 'refused', code, message, conflicts, can_retry: canRetry(editing, entry) }
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
