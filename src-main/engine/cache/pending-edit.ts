import { permissions } from '../../../domain/permissions.ts'
import { type ChangedFields, type Quote, quoteFieldNames } from '../../../domain/quote.ts'
import { applyEdit, checkEdit, newDraft } from '../../../domain/quote-edit.ts'
import { applyTransition, checkTransition, type Transition } from '../../../domain/workflow.ts'
import type { EditBody } from './outbox-body.ts'

/** What an edit does to a quote; `at` is when it was queued. */
export interface PendingEdit {
  body: EditBody
  queued_at: string
}

// Whether the person may is judged when they ask and by the server; on top of its word only what makes sense counts.
const everyPermission = new Set(permissions)
const anybody = { kind: 'person', permissions: everyPermission } as const

/**
 * The quote with the edit on top. Null is a quote that the server does not know. An edit that no longer fits what is
 * underneath leaves it as it is: the server's answer decides.
 */
export function withEdit(quote: Quote | null, edit: PendingEdit): Quote | null {
  const { body, queued_at: at } = edit
  if (body.name === 'quote.create') return quote ?? draftOf(edit)
  return quote && fits(quote, body) ? edited(quote, body, at) : quote
}

type LaterEdit = Exclude<EditBody, { name: 'quote.create' }>

/** Whether the edit makes sense on this quote at all, whoever asks. */
export function fits(quote: Quote, body: LaterEdit): boolean {
  switch (body.name) {
    case 'quote.edit':
      return checkEdit(quote, body.fields, everyPermission).ok
    case 'quote.change_status':
      return checkTransition(quote, transitionOf(body), anybody, 0).ok
    case 'quote.reassign':
      return quote.outcome !== 'superseded'
    case 'quote.add_note':
      return true
    default:
      return unknownEdit(body)
  }
}

function edited(quote: Quote, body: LaterEdit, at: string): Quote {
  switch (body.name) {
    case 'quote.edit':
      return applyEdit(quote, body.fields, at)
    case 'quote.change_status':
      return applyTransition(quote, transitionOf(body), body.reason, at)
    case 'quote.reassign':
      return applyEdit(quote, { team_id: body.team_id, owner_id: body.owner_id }, at)
    case 'quote.add_note':
      return applyEdit(quote, {}, at)
    default:
      return unknownEdit(body)
  }
}

function draftOf({ body, queued_at: at }: PendingEdit): Quote | null {
  if (body.name !== 'quote.create') return null
  const { name: _name, quote, team_id, owner_id, ...fields } = body
  return newDraft(quote, fields, { team_id, owner_id }, at)
}

/** @throws when it closes without an outcome: nobody may queue that */
export function transitionOf({ to, outcome }: Extract<EditBody, { name: 'quote.change_status' }>): Transition {
  if (to !== 'closed') return { to }
  if (outcome === null) throw new Error('a change to closed needs an outcome')
  return { to, outcome }
}

export type DisputeField = 'status' | keyof ChangedFields

/** The fields of an existing quote that the edit sets. */
export function fieldsOf(body: EditBody): DisputeField[] {
  switch (body.name) {
    case 'quote.edit':
      return quoteFieldNames.filter((field) => field in body.fields)
    case 'quote.change_status':
      return ['status']
    case 'quote.reassign':
      return ['team_id', 'owner_id']
    case 'quote.create':
    case 'quote.add_note':
      return []
    default:
      return unknownEdit(body)
  }
}

function unknownEdit(body: never): never {
  throw new TypeError(`unknown edit "${(body as EditBody).name}": a newer QuoteDesk queued it`)
}
