import { compact } from '../../../server/store/compact.ts'
import type { Prng } from './prng.ts'
import type { Simulation } from './simulation.ts'

/** The oldest events of every stream go: what needs them has to be had from a snapshot from now on. */
export async function compactLog(simulation: Simulation, prng: Prng): Promise<void> {
  const server = simulation.server()
  if (!server) return
  // Half of the times all that is old enough, so that whoever is behind at all has to start over.
  const retention = { keepMs: 0, keepEvents: prng.chance(0.5) ? 0 : prng.int(8) }
  await compact(server.store, simulation.time.clock, retention).catch((error: unknown) => {
    if (server.isAlive()) throw error
  })
}
