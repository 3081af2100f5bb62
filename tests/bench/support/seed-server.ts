import { defaultAlertPolicy } from '../../../domain/alert-policy.ts'
import { savePolicy } from '../../../server/alerts/commands.ts'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { saveCredentials, savePerson, saveTeam } from '../../../server/people/commands.ts'
import { addQuote } from '../../../server/quotes/add-quote.ts'
import type { Store } from '../../../server/store/store.ts'
import { saveWorkspace } from '../../../server/workspace/commands.ts'
import type { EngineClient } from './engine-child.ts'
import type { Workspace } from './quotes.ts'

/** Of the first person of the workspace. */
export const account = { email: 'bench@example.com', password: 'measured, not guessed' }

export async function seedDirectory(store: Store, { id, teams, people, customers }: Workspace): Promise<void> {
  const password_hash = await hashPassword(account.password)
  const memberships = teams.map((team) => ({ team_id: team.id, role: 'manager' as const }))
  await store.transact(async (tx) => {
    await saveWorkspace(tx, { id, name: 'Bench', stage_probabilities: { active: 20, sent: 40, negotiation: 70 } })
    for (const team of teams) await saveTeam(tx, team)
    for (const [index, person] of people.entries())
      await savePerson(tx, index === 0 ? { ...person, memberships } : person)
    for (const customer of customers) await saveCustomer(tx, customer)
    const [first] = people
    if (!first) throw new Error('the workspace has no people')
    await saveCredentials(tx, { person_id: first.id, email: account.email, password_hash })
    // Nothing but what is measured may happen: the seed is full of quotes that ran out long ago.
    const policy = { ...defaultAlertPolicy, auto_close_after_days: null, escalation: null }
    await savePolicy(tx, { policy, base_version: 0, origin: null }, { ...first, memberships })
  })
}

/** Through the command that every quote goes through, in transactions of 5,000. */
export async function seedQuotes(store: Store, { quotes }: Workspace): Promise<void> {
  const perTransaction = 5_000
  for (let at = 0; at < quotes.length; at += perTransaction) {
    await store.transact(async (tx) => {
      for (const { quote_id: _, revision: __, version: ___, ...quote } of quotes.slice(at, at + perTransaction)) {
        const { status: to_status, outcome, owner_id: actor_id, created_at } = quote
        const imported = { kind: 'imported', from_status: null, reason: null, at: created_at } as const
        await addQuote(tx, quote, [{ ...imported, to_status, outcome, actor_id }])
      }
    })
  }
}

/** The first person of the workspace, who is in every team. */
export async function signIn(client: EngineClient): Promise<void> {
  await client.session.signIn(account)
}
