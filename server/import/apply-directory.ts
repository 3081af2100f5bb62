import type { Person } from '../../domain/directory.ts'
import { saveCustomer } from '../customers/commands.ts'
import { newEntityId } from '../ids.ts'
import { savePerson, saveTeam } from '../people/commands.ts'
import { listPeople } from '../people/queries.ts'
import type { Tx } from '../store/tx.ts'
import { type KnownThings, uniqueByName } from './known-things.ts'
import type { ImportPlan, PlannedPerson } from './plan.ts'

/** How many things were made, and how many were there already and left as they are. */
export interface Tally {
  added: number
  already_here: number
}

export const emptyTally = (): Tally => ({ added: 0, already_here: 0 })

/**
 * Teams and customers: known by ref, else by a name that exactly one of them carries, else made. What exists is not
 * overwritten: people may have corrected it here since.
 */
async function applyNamed<Thing extends { ref: string; name: string }>(
  kind: 'team' | 'customer',
  planned: readonly Thing[],
  known: KnownThings,
  existing: ReadonlyArray<{ id: string; name: string }>,
  make: (thing: Thing) => Promise<string>,
): Promise<Tally> {
  const byName = uniqueByName(existing)
  const tally = emptyTally()
  for (const thing of planned) {
    if (known.find(kind, thing.ref) !== null) {
      tally.already_here += 1
      continue
    }
    const sameName = byName.get(thing.name)
    await known.remember(kind, thing.ref, sameName ?? (await make(thing)))
    tally[sameName === undefined ? 'added' : 'already_here'] += 1
  }
  return tally
}

export async function applyTeams(tx: Tx, plan: ImportPlan, known: KnownThings): Promise<Tally> {
  const existing = await tx.db.selectFrom('teams').select(['id', 'name']).execute()
  return applyNamed('team', plan.teams, known, existing, async ({ name }) => {
    const id = newEntityId(tx.nowMs)
    await saveTeam(tx, { id, name })
    return id
  })
}

export async function applyCustomers(tx: Tx, plan: ImportPlan, known: KnownThings): Promise<Tally> {
  const existing = await tx.db.selectFrom('customers').select(['id', 'name']).execute()
  return applyNamed('customer', plan.customers, known, existing, async (customer) => {
    const id = newEntityId(tx.nowMs)
    const { name, sector, country, contact_name, contact_email } = customer
    await saveCustomer(tx, { id, name, sector, country, contact_name, contact_email })
    return id
  })
}

/** People cannot sign in by being imported: they have no credentials until an administrator gives them some. */
export async function applyPeople(tx: Tx, plan: ImportPlan, known: KnownThings, timeZone: string): Promise<Tally> {
  const existing = await listPeople(tx.db)
  const byId = new Map(existing.map((person) => [person.id, person]))
  const byName = uniqueByName(existing)
  const tally = emptyTally()
  for (const planned of plan.people) {
    const here = byId.get(known.find('person', planned.ref) ?? byName.get(planned.name) ?? '')
    const person = here ?? newPerson(newEntityId(tx.nowMs), planned.name, timeZone)
    const missing = missingMemberships(person, planned, known)
    if (!here || missing.length > 0) {
      await savePerson(tx, { ...person, memberships: [...person.memberships, ...missing] })
    }
    if (known.find('person', planned.ref) === null) await known.remember('person', planned.ref, person.id)
    tally[here ? 'already_here' : 'added'] += 1
  }
  return tally
}

function newPerson(id: string, name: string, time_zone: string): Person {
  return { id, name, time_zone, active: true, memberships: [] }
}

/** A role that somebody holds already is neither raised nor lowered by a file. */
function missingMemberships(person: Person, planned: PlannedPerson, known: KnownThings): Person['memberships'] {
  return planned.memberships
    .map(({ team, role }) => ({ team_id: known.mustFind('team', team), role }))
    .filter(({ team_id }) => !person.memberships.some((held) => held.team_id === team_id))
}
