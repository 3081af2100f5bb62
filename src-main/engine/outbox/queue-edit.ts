import type { Person } from '../../../domain/directory.ts'
import { quoteLabel } from '../../../domain/ids.ts'
import { permissionsIn } from '../../../domain/permissions.ts'
import type { Quote } from '../../../domain/quote.ts'
import { checkCreate, checkEdit, checkNote, checkReassign } from '../../../domain/quote-edit.ts'
import { toInstantText } from '../../../domain/time.ts'
import { teamStream } from '../../../domain/wire/stream-name.ts'
import { checkTransition } from '../../../domain/workflow.ts'
import { readPerson } from '../cache/directory-store.ts'
import { createNames } from '../cache/names.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { EditBody } from '../cache/outbox-body.ts'
import { appendEntry, type BaseValues } from '../cache/outbox-store.ts'
import { isAside, readConfirmed, rebase, setAside } from '../cache/overlay.ts'
import { transitionOf } from '../cache/pending-edit.ts'
import { readQuote } from '../cache/quote-store.ts'
import type { ReadableDb, WritableDb } from '../cache/sql.ts'
import type { MadeHere } from './made-here.ts'
import { noSuchQuote, RefusedError } from './refusal.ts'

/** Who edits, where, when. */
export interface Editing {
  cache: Cache
  person: Person
  nowMs: number
  madeHere: MadeHere
}

/** An edit, and the values that the person saw in what it changes. */
export interface Edit {
  body: EditBody
  base: BaseValues
}

/** The quote as shown. @throws NotHereError */
export function shownQuote({ cache }: Pick<Editing, 'cache'>, id: string): Quote {
  const quote = readQuote(cache.read, id)
  if (!quote) throw noSuchQuote()
  return quote
}

/** The server's version of a quote, not the shown one: what others did since is a conflict, our own edits are not. */
export function baseVersion(db: ReadableDb, id: string): number {
  return readConfirmed(db, id)?.quote.version ?? 1
}

/** Judges an edit by the server's own rules, before it goes out. Null: nothing is against it. */
export function judge(
  { cache, person, nowMs }: Omit<Editing, 'madeHere'>,
  body: EditBody,
): { code: string; message: string } | null {
  if (body.name === 'quote.create') {
    return refusalIn(checkCreate(body, readPerson(cache.read, body.owner_id), person))
  }
  const quote = shownQuote({ cache }, body.quote)
  const permissions = permissionsIn(person.memberships, quote.team_id)
  switch (body.name) {
    case 'quote.edit':
      return refusalIn(checkEdit(quote, body.fields, permissions))
    case 'quote.change_status':
      if (body.to === 'closed' && body.outcome === null) {
        return { code: 'not_a_next_state', message: 'Closing a quote needs an outcome: won, lost or withdrawn.' }
      }
      return refusalIn(checkTransition(quote, transitionOf(body), { kind: 'person', permissions }, nowMs))
    case 'quote.reassign':
      return refusalIn(checkReassign(quote, body, readPerson(cache.read, body.owner_id), permissions))
    case 'quote.add_note':
      return refusalIn(checkNote(permissions))
    default:
      throw new TypeError(`unknown edit "${(body as EditBody).name}"`)
  }
}

const refusalIn = (check: { ok: true } | { ok: false; code: string; message: string }) => (check.ok ? null : check)

/**
 * Queues an edit and shows it, in one transaction.
 * @param replaces a refused entry that this one settles, in the same transaction
 * @returns the outbox entry
 * @throws RefusedError in the server's words, NotHereError
 */
export function queueEdit(editing: Editing, { body, base }: Edit, replaces?: (db: WritableDb) => void): number {
  const refusal = judge(editing, body)
  if (refusal) throw new RefusedError(refusal.code, refusal.message)
  const { cache, nowMs, madeHere } = editing
  const entry = cache.transact((db) => {
    replaces?.(db)
    const names = createNames(db)
    keepAside(db, body)
    const about =
      body.name === 'quote.create' ? { ...body, quote_id: null, revision: 1 } : shownQuote({ cache }, body.quote)
    const appended = appendEntry(db, {
      quote: body.quote,
      quote_label: quoteLabel(about),
      customer_name: names.customer(about.customer_id),
      currency: about.currency,
      body,
      base,
      queued_at: toInstantText(nowMs),
    })
    rebase({ db, names, expiry: cache.expiry }, body.quote)
    return appended
  })
  madeHere.keep({ entry, quote: body.quote, body, base })
  return entry
}

/** The server's word, before anything is put on top of it. */
function keepAside(db: WritableDb, body: EditBody): void {
  if (isAside(db, body.quote)) return
  if (body.name === 'quote.create') {
    setAside(db, body.quote, teamStream(body.team_id), null)
    return
  }
  const confirmed = readConfirmed(db, body.quote)
  if (!confirmed) throw noSuchQuote()
  setAside(db, body.quote, confirmed.stream, confirmed.quote)
}
