import { randomBytes } from 'node:crypto'
import type { SampleAccount } from '../../domain/host/messages.ts'
import { hashPassword } from '../auth/passwords.ts'
import { saveCustomer } from '../customers/commands.ts'
import { saveCredentials, savePerson, saveTeam } from '../people/commands.ts'
import { addQuote } from '../quotes/add-quote.ts'
import type { Store } from '../store/store.ts'
import { saveWorkspace } from '../workspace/commands.ts'
import { findWorkspace } from '../workspace/queries.ts'
import type { Sample } from './make-sample.ts'

/** The database is in use: a sample among real quotes would be there for good. */
export class NotEmptyError extends Error {
  constructor(file: string) {
    super(`${file} already holds a workspace: name an empty data folder with --data DIR`)
    this.name = 'NotEmptyError'
  }
}

interface Credentials {
  person_id: string
  email: string
  password_hash: string
}

export interface Accounts {
  credentials: Credentials[]
  /** With the passwords in the clear; for the file that only this user can read. */
  shown: SampleAccount[]
}

const passwordBytes = 12

/** Passwords are random, never from the seed: whoever knows the seed must not know them. */
export async function makeAccounts({ people, teams }: Sample): Promise<Accounts> {
  const chosen = people.filter(({ account }) => account)
  const made = await Promise.all(
    chosen.map(async ({ person, email }) => {
      const password = randomBytes(passwordBytes).toString('base64url')
      const role = person.memberships[0]?.role ?? 'viewer'
      const names = person.memberships.map(({ team_id }) => teams.find((team) => team.id === team_id)?.name ?? '')
      const where = names.length > 1 ? 'all teams' : names.join()
      return {
        credentials: { person_id: person.id, email, password_hash: await hashPassword(password) },
        shown: { name: person.name, role: `${role} in ${where}`, email, password },
      }
    }),
  )
  return { credentials: made.map(({ credentials }) => credentials), shown: made.map(({ shown }) => shown) }
}

/**
 * Writes the sample through the same commands as everything else, in one transaction.
 * @throws NotEmptyError when the database has a workspace already
 */
export function writeSample(
  store: Store,
  sample: Sample,
  accounts: Accounts,
  onProgress: (quotes: number) => void,
): Promise<{ events: number }> {
  return store.transact(async (tx) => {
    if (await findWorkspace(tx.db)) throw new NotEmptyError(store.file)
    await saveWorkspace(tx, sample.workspace)
    for (const team of sample.teams) await saveTeam(tx, team)
    for (const { person } of sample.people) await savePerson(tx, person)
    for (const credentials of accounts.credentials) await saveCredentials(tx, credentials)
    for (const { customer } of sample.customers) await saveCustomer(tx, customer)
    for (const [index, { quote, past }] of sample.quotes.entries()) {
      await addQuote(tx, quote, past)
      onProgress(index + 1)
    }
    return { events: tx.events.length }
  })
}
