import { createPrng } from './prng.ts'
import type { Simulation } from './simulation.ts'
import { headOf, mayRead } from './truth.ts'
import { expectThat } from './violation.ts'
import { settle } from './virtual-time.ts'

/** Faults have stopped; this much time later everything must be level (I14). The longest back-off is 30 s. */
const levelWithinMs = 180_000
const roundMs = 2_000

/**
 * I10, I14: server and clients run, the network is whole, nobody edits: outboxes empty, every cursor at its head, every
 * cache equal to the log. Which is the equality of all hashes, said row by row.
 */
export async function expectLevel(simulation: Simulation): Promise<void> {
  const { machines, network, ledger, time } = simulation
  const prng = createPrng(7)
  await settle()
  // A crash that was armed and did not come would come now.
  simulation.server()?.crashPoint.disarm()
  await simulation.startServer()
  for (const machine of machines) {
    machine.cut = false
    network.freeze(machine.index, false)
    machine.run?.crashPoint.disarm()
    simulation.startClient(machine)
  }
  let why = 'nothing was looked at'
  for (let passedMs = 0; passedMs <= levelWithinMs; passedMs += roundMs) {
    await simulation.flow(prng, 2_000)
    simulation.check()
    why = notLevel(simulation)
    if (why === '') break
    await time.advance(roundMs)
    if (passedMs % 10_000 === 0) await simulation.server()?.beat()
  }
  expectThat(why === '', 'I14', () => `not level ${levelWithinMs / 1_000} s after the last fault: ${why}`)
  const server = simulation.server()
  if (server) ledger.compareAll(server)
  await expectSameHashes(simulation)
}

/** One client asks for itself, stream by stream, by the comparison that a person can ask for. */
async function expectSameHashes(simulation: Simulation): Promise<void> {
  const { machines, random, time } = simulation
  const run = machines[random.int(machines.length)]?.run
  if (!run) return
  for (const stream of run.cache.read.values<string>('SELECT stream FROM streams ORDER BY stream')) {
    let found = ''
    const ask = () =>
      void run.sync.verify(stream).then(
        (result) => void (found = result.kind),
        // The panel may have asked before, and have its answer still to come.
        (error: unknown) => void (found = `again: ${String(error)}`),
      )
    ask()
    for (let rounds = 0; rounds < 40 && !['same', 'different', 'damaged'].includes(found); rounds += 1) {
      await simulation.flow(random, 200)
      await settle(20)
      await time.advance(100)
      if (found.startsWith('again')) {
        found = ''
        ask()
      }
    }
    expectThat(found === 'same', 'I14', () => `${stream} compares as: ${found}`)
  }
  simulation.check()
}

function notLevel({ machines, ledger }: Simulation): string {
  const truth = ledger.truth()
  for (const { run, watch, index, person } of machines) {
    if (!run) return `client ${index} does not run`
    const { state } = run.sync.state.get()
    if (state !== 'live') return `client ${index} is ${state}`
    if (watch.open() > 0) return `client ${index} has ${watch.open()} unanswered changes`
    const cursors = new Map(
      run.cache.read
        .all<{ stream: string; epoch: string; seq: number }>('SELECT stream, epoch, seq FROM streams')
        .map((cursor) => [cursor.stream, cursor]),
    )
    for (const stream of truth.streams.keys()) {
      const cursor = cursors.get(stream)
      const readable = mayRead(truth, person.id, stream)
      if (readable !== (cursor !== undefined)) return `client ${index} ${readable ? 'lacks' : 'still has'} ${stream}`
      if (!cursor) continue
      if (cursor.epoch !== truth.epoch) return `client ${index} is in another epoch of ${stream}`
      if (cursor.seq !== headOf(truth, stream)) return `client ${index} is at ${cursor.seq} of ${stream}`
    }
  }
  return ''
}
