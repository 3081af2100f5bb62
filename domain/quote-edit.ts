import type { Person } from './directory.ts'
import { type Permission, permissionsIn } from './permissions.ts'
import {
  type Assignment,
  type ChangedFields,
  missingParts,
  type Quote,
  type QuoteField,
  type QuoteFields,
  quoteFieldNames,
} from './quote.ts'

/** Why an edit is refused; the message says what is wrong and what can be done. */
export type EditRefusalCode = 'needs_permission' | 'not_editable' | 'incomplete' | 'superseded' | 'invalid_edit'
export type EditCheck = { ok: true } | { ok: false; code: EditRefusalCode; message: string }

const fine: EditCheck = { ok: true }
const refuse = (code: EditRefusalCode, message: string): EditCheck => ({ ok: false, code, message })

/** Equality of field values: scalars, null, or lines. */
export function sameValue(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b)
}

/** The fields in which `wish` differs from `from`, with the values of `wish`: an edit carries only what it changes. */
export function changedFields<Fields extends ChangedFields>(from: ChangedFields, wish: Fields): Partial<Fields> {
  const entries = Object.entries(wish).filter(([name, value]) => !sameValue(value, from[name as keyof ChangedFields]))
  return Object.fromEntries(entries) as Partial<Fields>
}

/** The values that a quote has in the named fields. */
export function valuesOf(quote: Quote, fields: readonly (keyof ChangedFields)[]): ChangedFields {
  return Object.fromEntries(fields.map((name) => [name, quote[name]]))
}

/** A closed quote is over; only its date may be renewed, by who may reopen it. */
function editableFields(quote: Quote): readonly QuoteField[] {
  if (quote.outcome === 'superseded') return []
  return quote.status === 'closed' ? ['expires_on', 'time_zone'] : quoteFieldNames
}

const notAtAll = (code: EditRefusalCode, message: string): ReturnType<typeof mayEdit> => ({
  fields: [],
  refusal: { ok: false, code, message },
})

/** What may be edited now by whom: the fields, or words why none. */
export function mayEdit(
  quote: Quote,
  permissions: ReadonlySet<Permission>,
): { fields: readonly QuoteField[]; refusal: Extract<EditCheck, { ok: false }> | null } {
  if (!permissions.has('quotes:write'))
    return notAtAll('needs_permission', 'Editing needs the permission quotes:write.')
  if (quote.outcome === 'superseded') {
    return notAtAll('superseded', 'A later revision replaces this quote, so it stays as it is. Edit the later one.')
  }
  if (quote.status === 'closed' && !permissions.has('quotes:reopen')) {
    return notAtAll('not_editable', 'The quote is closed. Ask somebody who may reopen it.')
  }
  return { fields: editableFields(quote), refusal: null }
}

/** Judges an edit. An open quote may lack what it lacked before, but an edit must not take a needed part away. */
export function checkEdit(quote: Quote, fields: Partial<QuoteFields>, permissions: ReadonlySet<Permission>): EditCheck {
  const may = mayEdit(quote, permissions)
  if (may.refusal) return may.refusal
  const names = Object.keys(fields) as QuoteField[]
  if (names.length === 0) return refuse('invalid_edit', 'The edit changes nothing: name at least one field.')
  const locked = names.filter((name) => !may.fields.includes(name))
  if (locked.length > 0) {
    return refuse(
      'not_editable',
      `The quote is closed: only its valid-until date may change, not ${locked.join(', ')}.`,
    )
  }
  if (quote.status === 'draft' || quote.status === 'closed') return fine
  const before = missingParts(quote)
  const lost = missingParts({ ...quote, ...fields }).filter((part) => !before.includes(part))
  if (lost.length === 0) return fine
  return refuse(
    'incomplete',
    `A quote that is ${quote.status} needs its ${lost.join(', ')}. Make it a draft again first.`,
  )
}

/** The quote after an allowed edit, one version up. @param at instant of the change as canonical text */
export function applyEdit(quote: Quote, fields: ChangedFields, at: string): Quote {
  return { ...quote, ...fields, version: quote.version + 1, updated_at: at }
}

/** Judges a note: whoever may write may note, whatever the status. */
export function checkNote(permissions: ReadonlySet<Permission>): EditCheck {
  return permissions.has('quotes:write')
    ? fine
    : refuse('needs_permission', 'A note needs the permission quotes:write.')
}

/** Whoever is to own a quote must work in its team. */
function checkOwner(owner: Person | null, teamId: string): EditCheck {
  if (owner?.active && permissionsIn(owner.memberships, teamId).has('quotes:write')) return fine
  return refuse('invalid_edit', 'The owner must be an active member of the team who may write quotes: choose another.')
}

/**
 * Judges giving a quote to somebody, in its team or another one.
 * @param permissions of the actor in the team that the quote is in now
 */
export function checkReassign(
  quote: Quote,
  to: Assignment,
  owner: Person | null,
  permissions: ReadonlySet<Permission>,
): EditCheck {
  if (!permissions.has('quotes:reassign')) {
    return refuse('needs_permission', 'Reassigning needs the permission quotes:reassign. Ask a manager of the team.')
  }
  if (quote.outcome === 'superseded') return refuse('superseded', 'A later revision replaces this quote.')
  if (quote.team_id === to.team_id && quote.owner_id === to.owner_id) {
    return refuse('invalid_edit', 'It belongs to them already: choose another owner or team.')
  }
  return checkOwner(owner, to.team_id)
}

/** Judges a new draft. @param actor who makes it; making it for somebody else needs quotes:reassign */
export function checkCreate(to: Assignment, owner: Person | null, actor: Person): EditCheck {
  const permissions = permissionsIn(actor.memberships, to.team_id)
  if (!permissions.has('quotes:write')) {
    return refuse(
      'needs_permission',
      'Making a quote needs the permission quotes:write in its team. Choose another team.',
    )
  }
  if (to.owner_id !== actor.id && !permissions.has('quotes:reassign')) {
    return refuse('needs_permission', 'Making a quote for somebody else needs the permission quotes:reassign.')
  }
  return checkOwner(owner, to.team_id)
}

/** A new draft as it stands before the server has given it a number. @param at canonical instant text */
export function newDraft(id: string, fields: QuoteFields, to: Assignment, at: string): Quote {
  return {
    id,
    quote_id: null,
    revision: 1,
    version: 1,
    ...to,
    ...fields,
    status: 'draft',
    outcome: null,
    reason: null,
    sent_at: null,
    closed_at: null,
    created_at: at,
    updated_at: at,
  }
}
