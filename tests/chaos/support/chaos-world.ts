import { addDays, localDate } from '../../../domain/expiry.ts'
import type { Clock } from '../../../domain/time.ts'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { databaseFile } from '../../../server/config.ts'
import { newEntityId } from '../../../server/ids.ts'
import { addQuote } from '../../../server/quotes/add-quote.ts'
import { openStore, type Store } from '../../../server/store/store.ts'
import type { Tx } from '../../../server/store/tx.ts'
import { emailOf, seedWorld, type World } from '../../integration/support/world.ts'

export const password = 'correct horse battery staple'
export type { World }
export { emailOf }

/** How many quotes there are to work on from the start. */
const quotes = 30

/** The server's files with people, teams and quotes, before the server is first started. */
export async function seedChaosWorld(dataDir: string, clock: Clock): Promise<World> {
  const store = await openStore({ file: databaseFile(dataDir), clock })
  const world = await seedWorld(store, await hashPassword(password))
  await store.transact(async (tx) => {
    for (let n = 0; n < quotes; n += 1) await addSent(tx, world, n % 2 === 0 ? world.rob.id : world.mia.id, 60)
  })
  await store.close()
  return world
}

/** Another process on the server's file, as the command line is one: quotes that run out soon, so that alerts come up. */
export async function addExpiring(store: Store, world: World, days: number): Promise<void> {
  await store.transact(async (tx) => {
    for (const owner of [world.rob, world.mia]) await addSent(tx, world, owner.id, days)
  })
}

async function addSent(tx: Tx, world: World, ownerId: string, days: number): Promise<void> {
  await addQuote(
    tx,
    {
      id: newEntityId(tx.nowMs),
      team_id: world.north.id,
      owner_id: ownerId,
      customer_id: world.acme.id,
      title: 'Ten desks',
      status: 'sent',
      outcome: null,
      reason: null,
      value_minor: 450_000,
      currency: 'EUR',
      lines: [{ product: 'Desk', description: '', quantity: 10, unit_price_minor: 45_000 }],
      expires_on: addDays(localDate(tx.nowMs, 'Europe/Berlin'), days),
      time_zone: 'Europe/Berlin',
      sent_at: tx.at,
      closed_at: null,
      created_at: tx.at,
      updated_at: tx.at,
    },
    [
      {
        kind: 'imported',
        from_status: null,
        to_status: 'sent',
        outcome: null,
        reason: null,
        actor_id: ownerId,
        at: tx.at,
      },
    ],
  )
}
