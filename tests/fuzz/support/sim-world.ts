import path from 'node:path'
import type { Customer, Person, Team, Workspace } from '../../../domain/directory.ts'
import { defaultStageProbabilities } from '../../../domain/directory.ts'
import type { Role } from '../../../domain/permissions.ts'
import { toEpochMs } from '../../../domain/time.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { savePerson, saveTeam } from '../../../server/people/commands.ts'
import { createQuote } from '../../../server/quotes/add-quote.ts'
import { openStore } from '../../../server/store/store.ts'
import { saveWorkspace } from '../../../server/workspace/commands.ts'
import { openCache } from '../../../src-main/engine/cache/open-cache.ts'
import { createPrng, type Prng, seededId } from './prng.ts'

/** The people and teams that every simulation begins with. */
export interface SimWorld {
  workspace: Workspace
  teams: Team[]
  people: Person[]
  customers: Customer[]
}

export const startMs = toEpochMs('2026-03-04T10:00:00.000Z')

/** The same in every run: whatever differs between schedules is in their steps. */
function makeWorld(prng: Prng): SimWorld {
  const id = () => seededId(prng, startMs)
  const teams = ['North', 'South', 'East'].map((name) => ({ id: id(), name }))
  const person = (name: string, ...roles: (Role | null)[]): Person => ({
    id: id(),
    name,
    time_zone: 'Europe/Berlin',
    active: true,
    memberships: teams.flatMap((team, index) => {
      const role = roles[index]
      return role ? [{ team_id: team.id, role }] : []
    }),
  })
  const customer = (name: string): Customer => ({
    id: id(),
    name,
    sector: null,
    country: null,
    contact_name: null,
    contact_email: null,
  })
  return {
    workspace: { id: id(), name: 'Test', stage_probabilities: defaultStageProbabilities },
    teams,
    people: [
      person('Mia', 'manager', 'manager'),
      person('Rob', 'rep', 'rep'),
      person('Sue', null, 'manager', 'rep'),
      person('Vic', 'rep', null, 'viewer'),
    ],
    customers: [customer('Acme Corp'), customer('TechStart')],
  }
}

export const quoteDraft = (world: SimWorld, prng: Prng, team: Team, owner: Person, title: string) => ({
  id: seededId(prng, startMs),
  team_id: team.id,
  owner_id: owner.id,
  customer_id: world.customers[prng.int(world.customers.length)]?.id ?? null,
  title,
  value_minor: 1_000 * (1 + prng.int(100)),
  currency: 'EUR',
  lines: [{ product: 'Desk', description: '', quantity: 1 + prng.int(9), unit_price_minor: 1_000 }],
  expires_on: '2026-06-30',
  time_zone: 'Europe/Berlin',
})

export interface Template {
  world: SimWorld
  serverFile: string
  /** A new client's. */
  cacheFile: string
  /** By person: a cache that is level with the server's file. */
  levelFiles: Map<string, string>
}

/** Prepared files that each schedule copies, so that none of them migrates or seeds. */
export async function makeTemplate(dir: string): Promise<Template> {
  const prng = createPrng(1)
  const world = makeWorld(prng)
  const serverFile = path.join(dir, 'template', 'quotedesk.db')
  const store = await openStore({ file: serverFile, clock: { nowMs: () => startMs } })
  await store.transact(async (tx) => {
    await saveWorkspace(tx, world.workspace)
    for (const team of world.teams) await saveTeam(tx, team)
    for (const person of world.people) await savePerson(tx, person)
    for (const customer of world.customers) await saveCustomer(tx, customer)
    for (const [index, team] of world.teams.entries()) {
      const owner = world.people.find((person) => person.memberships.some(({ team_id }) => team_id === team.id))
      if (!owner) throw new Error(`nobody works in ${team.name}`)
      for (const n of [1, 2]) {
        await createQuote(tx, quoteDraft(world, prng, team, owner, `first ${index}-${n}`), owner.id)
      }
    }
  })
  await store.close()
  const cacheFile = path.join(dir, 'template', 'cache.db')
  openCache(cacheFile).close()
  return { world, serverFile, cacheFile, levelFiles: new Map() }
}
