import { v7 } from 'uuid'
import { type Assignment, type Quote, type QuoteFields, quoteFieldNames } from '../../../domain/quote.ts'
import { changedFields } from '../../../domain/quote-edit.ts'
import type { EditBody } from '../cache/outbox-body.ts'
import { baseVersion, type Edit, type Editing, queueEdit, shownQuote } from './queue-edit.ts'

type StatusBody = Extract<EditBody, { name: 'quote.change_status' }>
type Part = Partial<QuoteFields>

/** Only the named fields. */
export function pick(values: Part, names: readonly string[]): Part {
  return Object.fromEntries(quoteFieldNames.filter((name) => names.includes(name)).map((name) => [name, values[name]]))
}

/** Each of these queues one edit and answers its outbox entry; they throw RefusedError or NotHereError. */

export function createQuote(editing: Editing, wish: QuoteFields & Assignment): { id: string; entry: number } {
  const id = v7({ msecs: editing.nowMs })
  return { id, entry: queueEdit(editing, { body: { name: 'quote.create', quote: id, ...wish }, base: {} }) }
}

/** @param wish `base` is what the form showed when it was opened; only what really differs from it goes out */
export function editQuote(
  editing: Editing,
  { id, base, fields }: { id: string; base: { version: number; fields: Part }; fields: Part },
): number {
  const shown = shownQuote(editing, id)
  const seen = { ...pick(shown, Object.keys(fields)), ...pick(base.fields, Object.keys(base.fields)) }
  const changed = withMoney(changedFields(seen, fields), { ...shown, ...base.fields, ...fields })
  return queueEdit(editing, {
    body: {
      name: 'quote.edit',
      quote: id,
      // What others changed while the form was open is the server's to find. After a restored backup its version is less.
      base_version: Math.min(base.version, baseVersion(editing.cache.read, id)),
      fields: changed,
    },
    base: pick({ ...shown, ...seen }, Object.keys(changed)),
  })
}

/** An amount goes out with the currency it was typed in, a currency with its amounts: a conflict then shows them together. */
function withMoney(changed: Part, now: Part): Part {
  const amounts = 'value_minor' in changed || 'lines' in changed ? ['currency'] : []
  const currency = 'currency' in changed ? ['value_minor', 'lines'] : []
  return { ...pick(now, [...amounts, ...currency]), ...changed }
}

export function changeStatus(
  editing: Editing,
  { id, ...wish }: Pick<StatusBody, 'to' | 'outcome' | 'reason'> & { id: string },
): number {
  return queueEdit(editing, statusEdit(editing, shownQuote(editing, id), wish))
}

/** An outcome belongs to closing alone. */
export function statusEdit(
  { cache }: Editing,
  shown: Quote,
  { to, outcome, reason }: Pick<StatusBody, 'to' | 'outcome' | 'reason'>,
): Edit {
  return {
    body: {
      name: 'quote.change_status',
      quote: shown.id,
      base_version: baseVersion(cache.read, shown.id),
      to,
      outcome: to === 'closed' ? outcome : null,
      reason,
    },
    base: { status: shown.status, outcome: shown.outcome, reason: shown.reason },
  }
}

export function reassign(editing: Editing, { id, ...to }: Assignment & { id: string }): number {
  return queueEdit(editing, reassignEdit(editing, shownQuote(editing, id), to))
}

export function reassignEdit({ cache }: Editing, shown: Quote, to: Assignment): Edit {
  return {
    body: { name: 'quote.reassign', quote: shown.id, base_version: baseVersion(cache.read, shown.id), ...to },
    base: { team_id: shown.team_id, owner_id: shown.owner_id },
  }
}

/** Fields as they are to be, on top of how things stand now. */
export function fieldsEdit({ cache }: Editing, shown: Quote, fields: Part): Edit {
  return {
    body: { name: 'quote.edit', quote: shown.id, base_version: baseVersion(cache.read, shown.id), fields },
    base: pick(shown, Object.keys(fields)),
  }
}

export function addNote(editing: Editing, { id, text }: { id: string; text: string }): number {
  shownQuote(editing, id)
  return queueEdit(editing, { body: { name: 'quote.add_note', quote: id, text }, base: {} })
}
