import { type Person, personSchema, type Team, teamSchema } from '../../domain/directory.ts'
import type { Membership } from '../../domain/permissions.ts'
import type { Tx } from '../store/tx.ts'
import { findPerson, normalEmail } from './queries.ts'

/** Makes or replaces the person as everybody sees them, with exactly these memberships. */
export async function savePerson(tx: Tx, person: Person): Promise<void> {
  const parsed = personSchema.parse(person)
  // In the order in which they are read back, so that the log says of a person exactly what the rows say.
  const memberships = parsed.memberships.toSorted((a, b) => (a.team_id < b.team_id ? -1 : 1))
  const data = { ...parsed, memberships }
  await tx.savePerson(data)
  await tx.appendEvent(await tx.orgStream(), { type: 'person.saved', data })
}

export async function saveTeam(tx: Tx, team: Team): Promise<void> {
  const data = teamSchema.parse(team)
  await tx.saveTeam(data)
  await tx.appendEvent(await tx.orgStream(), { type: 'team.saved', data })
}

/** Lets the person sign in with this e-mail address. A null hash keeps them from it until a password is set. */
export async function saveCredentials(
  tx: Tx,
  credentials: { person_id: string; email: string; password_hash: string | null },
): Promise<void> {
  const row = { ...credentials, email: normalEmail(credentials.email) }
  await tx.db
    .insertInto('credentials')
    .values(row)
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(row))
    .execute()
}

/** @throws RangeError when there is no such person */
export async function setMemberships(tx: Tx, personId: string, memberships: Membership[]): Promise<Person> {
  const changed = { ...(await mustFind(tx, personId)), memberships }
  await savePerson(tx, changed)
  return changed
}

/** Takes every access away at once: sessions cannot be refreshed, sockets are ended when the event is published. */
export async function deactivatePerson(tx: Tx, personId: string): Promise<Person> {
  const changed = { ...(await mustFind(tx, personId)), active: false }
  await savePerson(tx, changed)
  await voidSessions(tx, personId)
  return changed
}

/** Voids every refresh token of the person, as when a password changes. */
export async function voidSessions(tx: Tx, personId: string): Promise<void> {
  await tx.db
    .updateTable('refresh_families')
    .set({ voided_at: tx.at })
    .where('person_id', '=', personId)
    .where('voided_at', 'is', null)
    .execute()
}

async function mustFind(tx: Tx, personId: string): Promise<Person> {
  const person = await findPerson(tx.db, personId)
  if (!person) throw new RangeError(`there is no person ${personId}`)
  return person
}
