import type { Role } from '../../../domain/permissions.ts'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import { teamStream } from '../../../domain/wire/stream-name.ts'
import { allowedTransitions } from '../../../domain/workflow.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { savePerson, setMemberships } from '../../../server/people/commands.ts'
import { findPerson } from '../../../server/people/queries.ts'
import { createQuote } from '../../../server/quotes/add-quote.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { findQuote } from '../../../server/quotes/queries.ts'
import type { Tx } from '../../../server/store/tx.ts'
import type { Prng } from './prng.ts'
import { quoteDraft, type SimWorld } from './sim-world.ts'

/** What happens on the server without any of the simulated clients: other people, other programs, the office. */
type OfficeCommand = (tx: Tx, world: SimWorld, prng: Prng, mark: string) => Promise<void>

const roleWishes: readonly (Role | null)[] = [null, null, 'viewer', 'rep', 'rep', 'manager']

export const office = {
  newQuote: async (tx, world, prng, mark) => {
    const team = prng.pick(world.teams)
    const owner = prng.pick(world.people)
    if (team && owner) await createQuote(tx, { ...quoteDraft(world, prng, team, owner, mark) }, owner.id)
  },
  status: async (tx, _world, prng, mark) => {
    const quote = await someQuote(tx, prng)
    if (!quote) return
    const transition = prng.pick(allowedTransitions(quote, { kind: 'policy' }, tx.nowMs))
    if (transition) await changeStatus(tx, quote, { transition, reason: mark }, null)
  },
  /** A right is given, taken away or changed. */
  rights: async (tx, world, prng) => {
    const who = prng.pick(world.people)
    const team = prng.pick(world.teams)
    const person = who && (await findPerson(tx.db, who.id))
    if (!person || !team) return
    const role = prng.pick(roleWishes) ?? null
    const others = person.memberships.filter(({ team_id }) => team_id !== team.id)
    await setMemberships(tx, person.id, role === null ? others : [...others, { team_id: team.id, role }])
  },
  rename: async (tx, world, prng, mark) => {
    const customer = prng.pick(world.customers)
    const person = prng.pick(world.people)
    if (prng.chance(0.5)) {
      if (customer) await saveCustomer(tx, { ...customer, name: `Customer ${mark}` })
      return
    }
    const known = person && (await findPerson(tx.db, person.id))
    if (known) await savePerson(tx, { ...known, name: `Person ${mark}` })
  },
  /** A quote goes to another team: into its stream first, then out of the old one, in one transaction. */
  move: async (tx, world, prng) => {
    const quote = await someQuote(tx, prng)
    const team = prng.pick(world.teams)
    if (!quote || !team || team.id === quote.team_id) return
    const moved: Quote = { ...quote, version: quote.version + 1, team_id: team.id, updated_at: tx.at }
    const past = await tx.db.selectFrom('history').selectAll().where('quote', '=', quote.id).orderBy('version').execute()
    const entryAt = (stream: string, seq: number): HistoryEntry => ({
      ...(past.at(-1) as HistoryEntry),
      version: moved.version,
      kind: 'transition',
      from_status: quote.status,
      to_status: quote.status,
      reason: null,
      at: tx.at,
      stream,
      seq,
    })
    await tx.saveQuote(moved)
    const { place } = await tx.appendEvent(teamStream(team.id), ({ stream, seq }) => ({
      type: 'quote.added',
      data: { quote: moved, history: [...past, entryAt(stream, seq)] },
    }))
    await tx.addHistory(entryAt(place.stream, place.seq))
    await tx.appendEvent(teamStream(quote.team_id), { type: 'quote.removed', data: { id: quote.id } })
  },
} satisfies Record<string, OfficeCommand>

export type OfficeName = keyof typeof office

async function someQuote(tx: Tx, prng: Prng): Promise<Quote | null> {
  const ids = await tx.db.selectFrom('quotes').select('id').orderBy('id').execute()
  const id = prng.pick(ids)?.id
  return id === undefined ? null : findQuote(tx.db, id)
}
