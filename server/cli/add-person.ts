import { type Person, personSchema, type Team } from '../../domain/directory.ts'
import type { Role } from '../../domain/permissions.ts'
import { newEntityId } from '../ids.ts'
import { saveCredentials, savePerson, saveTeam } from '../people/commands.ts'
import { findPersonByEmail } from '../people/queries.ts'
import type { Tx } from '../store/tx.ts'
import { ensureWorkspace } from '../workspace/ensure.ts'
import { UsageError } from './common.ts'

/** The team of that name, made when there is none. */
export async function ensureTeam(tx: Tx, name: string): Promise<Team> {
  const known = await tx.db.selectFrom('teams').selectAll().where('name', '=', name).executeTakeFirst()
  if (known) return known
  const team = { id: newEntityId(tx.nowMs), name }
  await saveTeam(tx, team)
  return team
}

/** @throws UsageError when the e-mail address is taken or something about the person is not valid */
export async function addPerson(
  tx: Tx,
  wish: {
    email: string
    name: string
    timeZone: string
    team: string
    role: Role
    workspace: string
    passwordHash: string
  },
): Promise<Person> {
  if (!/^[^\s@]+@[^\s@]+$/.test(wish.email)) throw new UsageError(`"${wish.email}" is not an e-mail address`)
  if (await findPersonByEmail(tx.db, wish.email)) throw new UsageError(`somebody has the e-mail address ${wish.email}`)
  await ensureWorkspace(tx, wish.workspace)
  const team = await ensureTeam(tx, wish.team)
  const person = personSchema.safeParse({
    id: newEntityId(tx.nowMs),
    name: wish.name,
    time_zone: wish.timeZone,
    active: true,
    memberships: [{ team_id: team.id, role: wish.role }],
  })
  if (!person.success) {
    throw new UsageError(person.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '))
  }
  await savePerson(tx, person.data)
  await saveCredentials(tx, { person_id: person.data.id, email: wish.email, password_hash: wish.passwordHash })
  return person.data
}
