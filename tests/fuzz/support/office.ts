import type { Person } from '../../../domain/directory.ts'
import type { Role } from '../../../domain/permissions.ts'
import type { Quote } from '../../../domain/quote.ts'
import { allowedTransitions } from '../../../domain/workflow.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { savePerson, setMemberships } from '../../../server/people/commands.ts'
import { findPerson } from '../../../server/people/queries.ts'
import { createQuote } from '../../../server/quotes/add-quote.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { findQuote } from '../../../server/quotes/queries.ts'
import { reassignQuote } from '../../../server/quotes/reassign-quote.ts'
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
  /** Somebody else gives a quote to somebody, in its team or another one. */
  move: async (tx, world, prng) => {
    const quote = await someQuote(tx, prng)
    const team = prng.pick(world.teams)
    const owner = prng.pick(world.people)
    if (!quote || !team || !owner) return
    const boss: Person = { ...owner, memberships: world.teams.map(({ id }) => ({ team_id: id, role: 'admin' })) }
    await reassignQuote(tx, quote, { to: { team_id: team.id, owner_id: owner.id }, origin: null }, boss)
  },
} satisfies Record<string, OfficeCommand>

export type OfficeName = keyof typeof office

async function someQuote(tx: Tx, prng: Prng): Promise<Quote | null> {
  const ids = await tx.db
    .selectFrom('quotes')
    .select('id')
    .orderBy('title')
    .orderBy('created_at')
    .orderBy('value_minor')
    .execute()
  const id = prng.pick(ids)?.id
  return id === undefined ? null : findQuote(tx.db, id)
}
