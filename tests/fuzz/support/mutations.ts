import type { Outcome, Quote, Status } from '../../../domain/quote.ts'
import type { Mutation } from '../../../domain/wire/sync-http.ts'
import { applyTransition, checkTransition, type Transition } from '../../../domain/workflow.ts'
import { permissions } from '../../../domain/permissions.ts'
import type { OutboxEntry } from '../../../src-main/engine/cache/outbox-store.ts'
import { changeStatus } from '../../../src-main/engine/outbox/change-status.ts'
import { RefusedError } from '../../../src-main/engine/outbox/refusal.ts'
import type { Prng } from './prng.ts'
import type { ClientRun } from './sim-client.ts'
import type { SimWorld } from './sim-world.ts'

type Of<Name extends Mutation['name']> = Extract<Mutation, { name: Name }>

/** One kind of edit that people make offline; a new mutation is a new row here. */
interface MutationRow<Name extends Mutation['name']> {
  /** The person tries it on some quote; `mark` is in what the server keeps of it, where the kind has room for words. */
  act: (client: ClientRun, world: SimWorld, prng: Prng, mark: string) => void
  /** ⊕: the quote with this edit on top, in plain words; `null` is a quote that the server does not know yet. */
  show: (quote: Quote | null, mutation: Of<Name>, entry: OutboxEntry) => Quote | null
  /** The mark, found again in what was sent. */
  markOf: (mutation: Of<Name>) => string | null
}

type Table = { [Name in Mutation['name']]?: MutationRow<Name> }

const everybody = { kind: 'person', permissions: new Set(permissions) } as const
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

const table: Table = {
  'quote.change_status': {
    act: (client, _world, prng, mark) => {
      const id = someQuote(client, prng)
      if (id === null) return
      const doing = { cache: client.cache, person: client.person(), nowMs: client.serverNowMs() }
      // A person tries what the window offers: mostly steps that are allowed.
      for (let tries = 0; tries < 4; tries += 1) {
        const step = prng.pick(steps)
        if (step && !refused(() => changeStatus(doing, { id, ...step, reason: mark }))) return
      }
    },
    show: (quote, mutation, entry) => {
      if (!quote) return null
      const transition = transitionOf(mutation)
      const fits = entry.state === 'acknowledged' || checkTransition(quote, transition, everybody, 0).ok
      return fits ? applyTransition(quote, transition, mutation.reason, entry.queued_at) : quote
    },
    markOf: (mutation) => mutation.reason,
  },
}

export const mutationNames = Object.keys(table) as (keyof typeof table)[]

export function act(name: Mutation['name'], ...args: Parameters<MutationRow<Mutation['name']>['act']>): void {
  table[name]?.act(...args)
}

export function show(quote: Quote | null, mutation: Mutation, entry: OutboxEntry): Quote | null {
  return rowOf(mutation.name).show(quote, mutation, entry)
}

export const markOf = (mutation: Mutation): string | null => rowOf(mutation.name).markOf(mutation)

function rowOf(name: Mutation['name']): MutationRow<Mutation['name']> {
  const row = table[name]
  if (!row) throw new Error(`the simulation does not know ${name} yet: give it a row`)
  return row as unknown as MutationRow<Mutation['name']>
}

function someQuote(client: ClientRun, prng: Prng): string | null {
  return prng.pick(client.cache.read.values<string>('SELECT id FROM quotes ORDER BY id')) ?? null
}

/** Whether the engine says no to the person; anything else that goes wrong is a fault. */
function refused(attempt: () => unknown): boolean {
  try {
    attempt()
    return false
  } catch (error) {
    if (error instanceof RefusedError) return true
    throw error
  }
}
