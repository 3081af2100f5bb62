import type { Kysely } from 'kysely'
import type { Person } from '../../domain/directory.ts'
import { type Membership, membershipSchema } from '../../domain/permissions.ts'
import type { PersonRow, Tables } from '../store/tables.ts'

function toPerson(row: PersonRow, memberships: Membership[]): Person {
  return { id: row.id, name: row.name, time_zone: row.time_zone, active: row.active === 1, memberships }
}

export async function findPerson(db: Kysely<Tables>, id: string): Promise<Person | null> {
  const row = await db.selectFrom('people').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) return null
  const memberships = await db
    .selectFrom('memberships')
    .select(['team_id', 'role'])
    .where('person_id', '=', id)
    .orderBy('team_id')
    .execute()
  return toPerson(row, membershipSchema.array().parse(memberships))
}

/** Everybody, also the deactivated, by id. */
export async function listPeople(db: Kysely<Tables>): Promise<Person[]> {
  const rows = await db.selectFrom('people').selectAll().orderBy('id').execute()
  const memberships = await db.selectFrom('memberships').selectAll().orderBy('team_id').execute()
  return withMemberships(rows, memberships)
}

/** The next `limit` people by id, also the deactivated. */
export async function listPeopleAfter(db: Kysely<Tables>, after: string, limit: number): Promise<Person[]> {
  const rows = await db.selectFrom('people').selectAll().where('id', '>', after).orderBy('id').limit(limit).execute()
  const memberships = await db
    .selectFrom('memberships')
    .selectAll()
    .where('person_id', '>', after)
    .where('person_id', '<=', rows.at(-1)?.id ?? after)
    .orderBy('team_id')
    .execute()
  return withMemberships(rows, memberships)
}

function withMemberships(rows: readonly PersonRow[], memberships: readonly Tables['memberships'][]): Person[] {
  const byPerson = Map.groupBy(memberships, (membership) => membership.person_id)
  return rows.map((row) =>
    toPerson(
      row,
      (byPerson.get(row.id) ?? []).map(({ team_id, role }) => membershipSchema.parse({ team_id, role })),
    ),
  )
}

export function normalEmail(email: string): string {
  return email.trim().toLowerCase()
}

export async function findPersonByEmail(db: Kysely<Tables>, email: string): Promise<Person | null> {
  const row = await db
    .selectFrom('credentials')
    .select('person_id')
    .where('email', '=', normalEmail(email))
    .executeTakeFirst()
  return row ? findPerson(db, row.person_id) : null
}
