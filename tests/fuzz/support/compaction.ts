import type { Prng } from './prng.ts'
import type { Simulation } from './simulation.ts'

/** Raises the floor of one stream: what is older has to be had from a snapshot from now on. */
export async function compactTo(simulation: Simulation, prng: Prng): Promise<void> {
  const server = simulation.server()
  const name = prng.pick([...simulation.ledger.truth().streams.keys()].toSorted())
  if (!server || name === undefined) return
  const { db } = { db: server.store.read }
  const row = await db.selectFrom('streams').selectAll().where('stream', '=', name).executeTakeFirst()
  if (!row) return
  const floor = row.floor + prng.int(row.head - row.floor + 1)
  await server.store
    .transact(async (tx) => {
      await tx.db.updateTable('streams').set({ floor }).where('stream', '=', name).execute()
      await tx.db.deleteFrom('events').where('stream', '=', name).where('seq', '<=', floor).execute()
    })
    .catch((error: unknown) => {
      if (server.isAlive()) throw error
    })
}
