import type { Person } from '../../domain/directory.ts'
import { findPerson, normalEmail } from '../people/queries.ts'
import type { Store } from '../store/store.ts'
import { createGate } from './gate.ts'
import { hashPassword, verifyPassword } from './passwords.ts'

/** A hash keeps a thread of Node's pool of four busy, and every access token is checked in that pool, too. */
const hashesAtOnce = 2

/** Checks an e-mail address and password; takes as long for an unknown address as for a known one. */
export type CheckPassword = (email: string, password: string) => Promise<Person | null>

export async function createCheckPassword(store: Store): Promise<CheckPassword> {
  const nobody = await hashPassword('nobody has this password')
  const gate = createGate(hashesAtOnce)
  return async (email, password) => {
    const row = await store.read
      .selectFrom('credentials')
      .select(['person_id', 'password_hash'])
      .where('email', '=', normalEmail(email))
      .executeTakeFirst()
    const matches = await gate(() => verifyPassword(password, row?.password_hash ?? nobody))
    if (!row || row.password_hash === null || !matches) return null
    const person = await findPerson(store.read, row.person_id)
    return person?.active ? person : null
  }
}
