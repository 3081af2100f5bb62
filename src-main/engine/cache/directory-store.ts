import type { Customer, Person, Team, Workspace } from '../../../domain/directory.ts'
import { type QuoteWriting, renameIn } from './quote-store.ts'
import type { ReadableDb, WritableDb } from './sql.ts'

/** Saves one, and renews the names that quotes show when it is called otherwise now (or was unknown before). */
export function saveCustomer(writing: QuoteWriting, customer: Customer): void {
  const { db } = writing
  const before = db.value<string>('SELECT name FROM customers WHERE id = ?', customer.id)
  db.run(
    'INSERT OR REPLACE INTO customers VALUES (?, ?, ?, ?, ?, ?)',
    customer.id,
    customer.name,
    customer.sector,
    customer.country,
    customer.contact_name,
    customer.contact_email,
  )
  renamed(writing, 'customer', customer, before)
}

export function savePerson(writing: QuoteWriting, person: Person): void {
  const { db } = writing
  const before = db.value<string>('SELECT name FROM people WHERE id = ?', person.id)
  db.run(
    'INSERT OR REPLACE INTO people VALUES (?, ?, ?, ?, ?)',
    person.id,
    person.name,
    person.time_zone,
    person.active ? 1 : 0,
    JSON.stringify(person.memberships),
  )
  renamed(writing, 'owner', person, before)
}

export function saveTeam(writing: QuoteWriting, team: Team): void {
  const before = writing.db.value<string>('SELECT name FROM teams WHERE id = ?', team.id)
  writing.db.run('INSERT OR REPLACE INTO teams VALUES (?, ?)', team.id, team.name)
  renamed(writing, 'team', team, before)
}

export function saveWorkspace(db: WritableDb, workspace: Workspace): void {
  db.run(
    'INSERT OR REPLACE INTO workspace VALUES (?, ?, ?)',
    workspace.id,
    workspace.name,
    JSON.stringify(workspace.stage_probabilities),
  )
  db.touched.directory()
}

function renamed(
  writing: QuoteWriting,
  what: 'customer' | 'owner' | 'team',
  entity: { id: string; name: string },
  before: string | undefined,
): void {
  writing.db.touched.directory()
  if (before === entity.name) return
  writing.names.forget()
  renameIn(writing, what, entity.id)
}

export function readCustomer(db: ReadableDb, id: string): Customer | null {
  return db.get<Customer>('SELECT * FROM customers WHERE id = ?', id) ?? null
}

type PersonRow = Omit<Person, 'active' | 'memberships'> & { active: number; memberships: string }

const toPerson = (row: PersonRow): Person => ({
  ...row,
  active: row.active === 1,
  memberships: JSON.parse(row.memberships) as Person['memberships'],
})

export function readPerson(db: ReadableDb, id: string): Person | null {
  const row = db.get<PersonRow>('SELECT * FROM people WHERE id = ?', id)
  return row ? toPerson(row) : null
}

export function listPeople(db: ReadableDb): Person[] {
  return db.all<PersonRow>('SELECT * FROM people ORDER BY name COLLATE NOCASE, id').map(toPerson)
}

export function readTeam(db: ReadableDb, id: string): Team | null {
  return db.get<Team>('SELECT * FROM teams WHERE id = ?', id) ?? null
}

export function listTeams(db: ReadableDb): Team[] {
  return db.all<Team>('SELECT * FROM teams ORDER BY name COLLATE NOCASE, id')
}

export function readWorkspace(db: ReadableDb): Workspace | null {
  const row = db.get<Omit<Workspace, 'stage_probabilities'> & { stage_probabilities: string }>(
    'SELECT * FROM workspace LIMIT 1',
  )
  if (!row) return null
  const probabilities = JSON.parse(row.stage_probabilities) as Workspace['stage_probabilities']
  return { ...row, stage_probabilities: probabilities }
}

export function listCurrencies(db: ReadableDb): string[] {
  return db.values<string>('SELECT DISTINCT currency FROM sums WHERE count > 0 ORDER BY currency')
}

/** Customers whose name contains every word, by name. `LIKE` wildcards in the words are taken literally. */
export function findCustomers(db: ReadableDb, text: string, limit: number): { id: string; name: string }[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  const wanted = JSON.stringify(words.map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`))
  return db.all<{ id: string; name: string }>(
    `SELECT id, name FROM customers
     WHERE NOT EXISTS (SELECT 1 FROM json_each(?) WHERE customers.name NOT LIKE value ESCAPE '\\')
     ORDER BY name COLLATE NOCASE, id LIMIT ?`,
    wanted,
    limit,
  )
}
