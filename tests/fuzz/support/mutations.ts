import { permissions } from '../../../domain/permissions.ts'
import type { Outcome, Quote, QuoteFields, Status } from '../../../domain/quote.ts'
import { applyEdit, checkEdit, newDraft } from '../../../domain/quote-edit.ts'
import { applyTransition, checkTransition, type Transition } from '../../../domain/workflow.ts'
import type { EditBody } from '../../../src-main/engine/cache/outbox-body.ts'
import type { OutboxEntry } from '../../../src-main/engine/cache/outbox-store.ts'
import { readQuote } from '../../../src-main/engine/cache/quote-store.ts'
import { addNote, changeStatus, createQuote, editQuote, reassign } from '../../../src-main/engine/outbox/edits.ts'
import { NotHereError, RefusedError } from '../../../src-main/engine/outbox/refusal.ts'
import type { Prng } from './prng.ts'
import type { ClientRun } from './sim-client.ts'
import { quoteDraft, type SimWorld } from './sim-world.ts'

/** Edits of quotes; what else is queued shows on no quote. */
type Name = Extract<EditBody['name'], `quote.${string}`>
type Of<Wanted extends Name> = Extract<EditBody, { name: Wanted }>

/** One kind of edit that people make offline; a new mutation is a new row here. */
interface MutationRow<Wanted extends Name> {
  /** The person tries it; `mark` is in what the server keeps of it, where the kind has room for words. */
  act: (client: ClientRun, world: SimWorld, prng: Prng, mark: string) => void
  /** ⊕: the quote with this edit on top, in plain words; null is a quote that the server does not know yet. */
  show: (quote: Quote | null, body: Of<Wanted>, at: string) => Quote | null
}

const everything = new Set(permissions)
const everybody = { kind: 'person', permissions: everything } as const
const steps: readonly { to: Status; outcome: Outcome | null }[] = [
  { to: 'draft', outcome: null },
  { to: 'active', outcome: null },
  { to: 'sent', outcome: null },
  { to: 'negotiation', outcome: null },
  { to: 'closed', outcome: 'won' },
  { to: 'closed', outcome: 'lost' },
  { to: 'closed', outcome: 'withdrawn' },
]

const transitionOf = ({ to, outcome }: Of<'quote.change_status'>): Transition =>
  to === 'closed' ? { to, outcome: outcome ?? 'lost' } : { to }

const table: { [Wanted in Name]: MutationRow<Wanted> } = {
  'quote.create': {
    act: (client, world, prng, mark) => {
      const team = prng.pick(world.teams)
      const owner = prng.chance(0.7) ? client.person() : prng.pick(world.people)
      if (!team || !owner) return
      const { id: _id, ...wish } = quoteDraft(world, prng, team, owner, mark)
      refused(() => createQuote(client.editing(), wish))
    },
    show: (quote, { name: _name, quote: id, team_id, owner_id, ...fields }, at) =>
      quote ?? newDraft(id, fields, { team_id, owner_id }, at),
  },
  'quote.edit': {
    act: (client, world, prng, mark) => {
      const quote = someQuote(client, prng)
      if (!quote) return
      const fields: Partial<QuoteFields> = { title: mark }
      if (prng.chance(0.4)) fields.value_minor = 1_000 * (1 + prng.int(50))
      if (prng.chance(0.2)) fields.customer_id = prng.pick(world.customers)?.id ?? null
      if (prng.chance(0.2)) fields.expires_on = prng.chance(0.5) ? null : '2026-07-31'
      if (prng.chance(0.5)) delete fields.title
      const base = { version: quote.version, fields: quote }
      refused(() => editQuote(client.editing(), { id: quote.id, base, fields }))
    },
    show: (quote, { fields }, at) =>
      quote && checkEdit(quote, fields, everything).ok ? applyEdit(quote, fields, at) : quote,
  },
  'quote.change_status': {
    act: (client, _world, prng, mark) => {
      const quote = someQuote(client, prng)
      if (!quote) return
      // A person tries what the window offers: mostly steps that are allowed.
      for (let tries = 0; tries < 4; tries += 1) {
        const step = prng.pick(steps)
        if (step && !refused(() => changeStatus(client.editing(), { id: quote.id, ...step, reason: mark }))) return
      }
    },
    show: (quote, body, at) => {
      if (!quote) return null
      const transition = transitionOf(body)
      return checkTransition(quote, transition, everybody, 0).ok
        ? applyTransition(quote, transition, body.reason, at)
        : quote
    },
  },
  'quote.reassign': {
    act: (client, world, prng) => {
      const quote = someQuote(client, prng)
      const team = prng.pick(world.teams)
      const owner = prng.pick(world.people)
      if (!quote || !team || !owner) return
      refused(() => reassign(client.editing(), { id: quote.id, team_id: team.id, owner_id: owner.id }))
    },
    show: (quote, { team_id, owner_id }, at) =>
      quote && quote.outcome !== 'superseded' ? applyEdit(quote, { team_id, owner_id }, at) : quote,
  },
  'quote.add_note': {
    act: (client, _world, prng, mark) => {
      const quote = someQuote(client, prng)
      if (quote) refused(() => addNote(client.editing(), { id: quote.id, text: mark }))
    },
    show: (quote, _body, at) => quote && applyEdit(quote, {}, at),
  },
}

export const mutationNames = Object.keys(table) as Name[]

export function act(name: Name, ...args: Parameters<MutationRow<Name>['act']>): void {
  const row = table[name] as unknown as MutationRow<Name>
  row.act(...args)
}

/** The quote with one more pending entry on top. */
export function show(quote: Quote | null, { body, queued_at }: OutboxEntry): Quote | null {
  if (!(body.name in table)) return quote
  const row = table[body.name as Name] as unknown as MutationRow<Name>
  return row.show(quote, body, queued_at)
}

/** Not by id: ids that the engine makes differ from run to run. */
function someQuote(client: ClientRun, prng: Prng): Quote | null {
  const id = prng.pick(
    client.cache.read.values<string>('SELECT id FROM quotes ORDER BY title, created_at, value_minor'),
  )
  return id === undefined ? null : readQuote(client.cache.read, id)
}

/** Whether the engine says no to the person; anything else that goes wrong is a fault. */
function refused(attempt: () => unknown): boolean {
  try {
    attempt()
    return false
  } catch (error) {
    if (error instanceof RefusedError || error instanceof NotHereError) return true
    throw error
  }
}
