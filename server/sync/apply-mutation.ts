import type { Person } from '../../domain/directory.ts'
import type { Quote } from '../../domain/quote.ts'
import type { FieldConflict, Mutation, MutationResult, QuoteMutation } from '../../domain/wire/sync-http.ts'
import type { Transition } from '../../domain/workflow.ts'
import { type AlertOutcome, markAlert, savePolicy, saveSettings } from '../alerts/commands.ts'
import { addNote } from '../quotes/add-note.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { confirmSame } from '../quotes/confirm-same.ts'
import { editQuote } from '../quotes/edit-quote.ts'
import { findReadableQuote } from '../quotes/find-readable.ts'
import { makeDraft } from '../quotes/make-draft.ts'
import { noSuchQuote } from '../quotes/policy.ts'
import { reassignQuote } from '../quotes/reassign-quote.ts'
import type { EditOutcome } from '../quotes/record-change.ts'
import type { Origin, Tx } from '../store/tx.ts'
import { conflictMessage, type Judgement, judge, statusValue } from './conflicts.ts'

type Rejection = Extract<MutationResult, { outcome: 'rejected' }>
type OfName<Name extends Mutation['name']> = Extract<Mutation, { name: Name }>
type Outcome = EditOutcome | { ok: false; code: 'conflict'; message: string; conflicts: FieldConflict[] }

/** One edit of a quote that its person may see. */
interface Attempt<M extends QuoteMutation> {
  tx: Tx
  quote: Quote
  mutation: M
  by: Person
  origin: Origin
}

export function reject(
  { mutation_id }: Pick<Mutation, 'mutation_id'>,
  code: Rejection['code'],
  message: string,
  current: Quote | null,
  conflicts: FieldConflict[] = [],
): Rejection {
  return { outcome: 'rejected', mutation_id, code, message, current, conflicts }
}

/**
 * Applies one queued edit. Every mutation ends committed or rejected; a rejected one has written nothing.
 * @param by its person with the rights of this transaction; null when they may nothing any more
 */
export async function applyMutation(
  tx: Tx,
  clientId: string,
  by: Person | null,
  mutation: Mutation,
): Promise<MutationResult> {
  if (!by) return reject(mutation, 'not_found', noSuchQuote, null)
  const origin = { client_id: clientId, mutation_id: mutation.mutation_id }
  if (!('quote' in mutation)) return answerAbout(mutation, await attemptAlerts(tx, mutation, by, origin))
  if (mutation.name === 'quote.create') return answer(mutation, await create(tx, mutation, by, origin), null)
  const quote = await findReadableQuote(tx.db, by, mutation.quote)
  if (!quote) return reject(mutation, 'not_found', noSuchQuote, null)
  return answer(mutation, await attemptEdit(tx, quote, mutation, by, origin), quote)
}

function answer(mutation: Mutation, outcome: Outcome, current: Quote | null): MutationResult {
  if (!outcome.ok) {
    const conflicts = 'conflicts' in outcome ? outcome.conflicts : []
    return reject(mutation, outcome.code, outcome.message, current, conflicts)
  }
  const { stream, epoch, seq } = outcome.place
  const { version } = outcome.quote
  return { outcome: 'committed', mutation_id: mutation.mutation_id, stream, epoch, seq, version }
}

function attemptAlerts(
  tx: Tx,
  mutation: Exclude<Mutation, QuoteMutation>,
  by: Person,
  origin: Origin,
): Promise<AlertOutcome> {
  switch (mutation.name) {
    case 'alert.mark':
      return markAlert(tx, { ...mutation, origin }, by)
    case 'settings.save':
      return saveSettings(tx, { settings: mutation.settings, origin }, by)
    case 'policy.save':
      return savePolicy(tx, { policy: mutation.policy, base_version: mutation.base_version, origin }, by)
    default:
      return mutation satisfies never
  }
}

function answerAbout(mutation: Mutation, outcome: AlertOutcome): MutationResult {
  if (!outcome.ok) return reject(mutation, outcome.code, outcome.message, null)
  const { stream, epoch, seq } = outcome.place
  return { outcome: 'committed', mutation_id: mutation.mutation_id, stream, epoch, seq, version: outcome.version }
}

function create(tx: Tx, mutation: OfName<'quote.create'>, by: Person, origin: Origin): Promise<EditOutcome> {
  const { name: _name, mutation_id: _id, quote: id, team_id, owner_id, ...fields } = mutation
  return makeDraft(tx, { id, to: { team_id, owner_id }, fields, origin }, by)
}

function attemptEdit(
  tx: Tx,
  quote: Quote,
  mutation: Exclude<QuoteMutation, OfName<'quote.create'>>,
  by: Person,
  origin: Origin,
): Promise<Outcome> {
  const rest = { tx, quote, by, origin }
  switch (mutation.name) {
    case 'quote.edit':
      return edit({ ...rest, mutation })
    case 'quote.change_status':
      return step({ ...rest, mutation })
    case 'quote.reassign':
      return reassign({ ...rest, mutation })
    case 'quote.add_note':
      return addNote(tx, quote, { text: mutation.text, origin }, by)
    default:
      return mutation satisfies never
  }
}

const refusalOf = ({ conflicts }: Judgement): Outcome | null =>
  conflicts.length === 0 ? null : { ok: false, code: 'conflict', message: conflictMessage(conflicts), conflicts }

async function edit({ tx, quote, mutation, by, origin }: Attempt<OfName<'quote.edit'>>): Promise<Outcome> {
  const { fields, base_version } = mutation
  const { client_id } = origin
  const judgement = await judge(tx, quote, { kind: 'edited', values: fields, base_version, client_id })
  return refusalOf(judgement) ?? editQuote(tx, quote, { fields, origin }, by)
}

async function step({ tx, quote, mutation, by, origin }: Attempt<OfName<'quote.change_status'>>): Promise<Outcome> {
  const { to, outcome, reason, base_version } = mutation
  const transition = toTransition(mutation)
  if (!transition) {
    const message = 'Closing needs an outcome, and only a closed quote has one.'
    return { ok: false, code: 'not_a_next_state', message }
  }
  const values = { status: statusValue(to, outcome) }
  const judgement = await judge(tx, quote, { kind: 'transition', values, base_version, client_id: origin.client_id })
  const refusal = refusalOf(judgement)
  if (refusal) return refusal
  // What only the server or a later revision does, no person can have wished for.
  if (judgement.sameAlready && outcome !== 'expired' && outcome !== 'superseded') {
    return confirmSame(tx, quote, { kind: 'transition', reason, origin }, by)
  }
  const change = await changeStatus(tx, quote, { transition, reason, origin }, by)
  return change.ok ? change : { ok: false, code: change.refusal.code, message: change.refusal.message }
}

async function reassign({ tx, quote, mutation, by, origin }: Attempt<OfName<'quote.reassign'>>): Promise<Outcome> {
  const { team_id, owner_id, base_version } = mutation
  const to = { team_id, owner_id }
  const judgement = await judge(tx, quote, {
    kind: 'reassigned',
    values: to,
    base_version,
    client_id: origin.client_id,
  })
  const refusal = refusalOf(judgement)
  if (refusal) return refusal
  if (judgement.sameAlready) return confirmSame(tx, quote, { kind: 'reassigned', reason: null, origin }, by)
  return reassignQuote(tx, quote, { to, origin }, by)
}

function toTransition({ to, outcome }: OfName<'quote.change_status'>): Transition | null {
  if (to === 'closed') return outcome === null ? null : { to, outcome }
  return outcome === null ? { to } : null
}
