import type { Quote } from '../../../domain/quote.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import { deleteEntry, type OutboxEntry, pendingOf, readEntry } from '../cache/outbox-store.ts'
import { readConfirmed, rebase } from '../cache/overlay.ts'
import { fieldsOf, fits, withEdit } from '../cache/pending-edit.ts'
import type { ReadableDb } from '../cache/sql.ts'
import type { Editing } from './queue-edit.ts'
import { noSuchChange, RefusedError } from './refusal.ts'

/** It waits here, and cannot have reached the server. */
export const isUnsent = ({ state, mutation_id }: OutboxEntry): boolean => state === 'waiting' && mutation_id === null

/**
 * Takes a change back that was not sent yet, or a refused one off the list.
 * @throws NotHereError, RefusedError when it may have reached the server, or a later change builds on it
 */
export function discard(editing: Pick<Editing, 'cache' | 'madeHere'>, entryId: number): void {
  const entry = readEntry(editing.cache.read, entryId)
  if (!entry) throw noSuchChange()
  if (entry.state === 'refused') remove(editing, entry)
  else if (isUnsent(entry)) takeBack(editing, entry)
  else throw new RefusedError('already_sent', 'This change has been sent already. Undo it, or change it again instead.')
}

/** @throws RefusedError when a later change builds on it */
export function takeBack(editing: Pick<Editing, 'cache' | 'madeHere'>, entry: OutboxEntry): void {
  if (isBuiltUpon(editing.cache.read, entry)) {
    throw new RefusedError('built_upon', 'A later change of this quote builds on it: take that one back first.')
  }
  remove(editing, entry)
}

function remove({ cache, madeHere }: { cache: Cache; madeHere: Editing['madeHere'] }, entry: OutboxEntry): void {
  cache.transact((db) => {
    deleteEntry(db, entry.entry)
    rebase({ db, names: createNames(db), expiry: cache.expiry }, entry.quote)
  })
  madeHere.forget(entry.entry)
}

/** A later change of the same field builds on it, and one that would make no sense without it. */
function isBuiltUpon(db: ReadableDb, entry: OutboxEntry): boolean {
  const pending = pendingOf(db, entry.quote)
  const later = pending.filter((other) => other.entry > entry.entry)
  if (entry.body.name === 'quote.create') return later.length > 0
  const fields = fieldsOf(entry.body)
  if (later.some((other) => fieldsOf(other.body).some((field) => fields.includes(field)))) return true
  const confirmed = readConfirmed(db, entry.quote)?.quote ?? null
  const before = fitting(confirmed, pending)
  const without = fitting(
    confirmed,
    pending.filter((other) => other.entry !== entry.entry),
  )
  return later.some((other) => before.has(other.entry) && !without.has(other.entry))
}

function fitting(confirmed: Quote | null, pending: readonly OutboxEntry[]): ReadonlySet<number> {
  const found = new Set<number>()
  let quote = confirmed
  for (const edit of pending) {
    if (quote && edit.body.name !== 'quote.create' && fits(quote, edit.body)) found.add(edit.entry)
    quote = withEdit(quote, edit)
  }
  return found
}
