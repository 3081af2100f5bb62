import { endSocket } from '../../../server/socket/end.ts'
import { compactLog } from './compaction.ts'
import { act, mutationNames } from './mutations.ts'
import { type OfficeName, office } from './office.ts'
import { createPrng, type Prng } from './prng.ts'
import { reconsider } from './reconsider.ts'
import type { ClientRun } from './sim-client.ts'
import type { SimMachine, Simulation } from './simulation.ts'
import { Violation } from './violation.ts'

/** One thing that happens; `seed` decides its details, so a schedule stays meaningful when other steps are dropped. */
export interface Step {
  kind: StepKind
  seed: number
}

interface StepRow {
  /** How often it happens, against the others. */
  weight: number
  run: (simulation: Simulation, prng: Prng, seed: number) => Promise<void> | void
}

const machineOf = (simulation: Simulation, prng: Prng): SimMachine => {
  const machine = prng.pick(simulation.machines)
  if (!machine) throw new Error('a simulation needs a client')
  return machine
}
const officeNames = Object.keys(office) as OfficeName[]

const table = {
  edit: {
    weight: 14,
    run: async (simulation, prng, seed) => {
      const { run } = machineOf(simulation, prng)
      const name = prng.pick(mutationNames)
      if (run && name) act(name, run, simulation.template.world, prng, `m${seed}`)
      await simulation.rest()
    },
  },
  office: {
    weight: 10,
    run: async (simulation, prng, seed) => {
      const name = prng.pick(officeNames)
      const server = simulation.server()
      if (!server || !name) return
      const { world } = simulation.template
      await server.transact((tx) => office[name](tx, world, prng, `o${seed}`))
    },
  },
  /** A person thinks again: undoes, discards, sends again, settles a conflict. */
  reconsider: {
    weight: 5,
    run: async (simulation, prng) => {
      const machine = machineOf(simulation, prng)
      if (machine.run) reconsider(machine.run, machine.watch, prng)
      await simulation.rest()
    },
  },
  /** The sync panel: what is compared must be the same, whatever is going on; what is fetched again must be it, too. */
  panel: {
    weight: 2,
    run: async (simulation, prng) => {
      const { run, index } = machineOf(simulation, prng)
      const stream = run && prng.pick(run.cache.read.values<string>('SELECT stream FROM streams ORDER BY stream'))
      if (!run || stream === undefined || stream === null) return
      if (prng.chance(0.3)) run.sync.repair(stream).catch(() => undefined)
      else verifyLater(simulation, run, index, stream)
      await simulation.rest()
    },
  },
  /** The network works, more or less. */
  traffic: {
    weight: 26,
    run: async (simulation, prng) => {
      const unkind = prng.chance(0.5)
        ? { lose: 0, twice: 0, outOfOrder: 0.2, cut: 0 }
        : { lose: 0.15, twice: 0.15, outOfOrder: 0.5, cut: 0.15 }
      await simulation.flow(prng, 1 + prng.int(25), unkind)
    },
  },
  /** One client gets everything through. */
  level: {
    weight: 8,
    run: async (simulation, prng) =>
      void (await simulation.flow(prng, 60, undefined, machineOf(simulation, prng).index)),
  },
  time: {
    weight: 8,
    run: (simulation, prng) => simulation.time.advance(prng.pick([20, 60, 500, 3_000, 12_000, 31_000, 70_000]) ?? 20),
  },
  beat: { weight: 6, run: (simulation) => simulation.server()?.beat() },
  cut: {
    weight: 2,
    run: async (simulation, prng) => {
      const machine = machineOf(simulation, prng)
      machine.cut = prng.chance(0.7)
      simulation.sever(machine)
      await simulation.rest()
    },
  },
  /** Half open: nothing passes, and nobody is told. */
  freeze: {
    weight: 2,
    run: (simulation, prng) => simulation.network.freeze(machineOf(simulation, prng).index, prng.chance(0.6)),
  },
  heal: {
    weight: 3,
    run: (simulation, prng) => {
      const machine = machineOf(simulation, prng)
      machine.cut = false
      simulation.network.freeze(machine.index, false)
    },
  },
  tooSlow: {
    weight: 1,
    run: async (simulation, prng) => {
      const link = machineOf(simulation, prng).run?.links().at(-1)
      const socket = link?.serverSocket()
      if (socket) endSocket(socket as never, 'too_slow', 'You read more slowly than events arrive.')
      await simulation.rest()
    },
  },
  killClient: {
    weight: 4,
    run: (simulation, prng) =>
      simulation.killClient(machineOf(simulation, prng), prng.chance(0.3) ? 0 : 1 + prng.int(25)),
  },
  startClient: {
    weight: 5,
    run: async (simulation, prng) => {
      simulation.startClient(machineOf(simulation, prng))
      await simulation.rest()
    },
  },
  killServer: {
    weight: 3,
    run: async (simulation, prng) => {
      simulation.killServer({ after: prng.chance(0.3) ? 0 : 1 + prng.int(30), torn: prng.chance(0.4) })
      await simulation.rest()
    },
  },
  startServer: { weight: 5, run: (simulation) => simulation.startServer() },
  backup: { weight: 1, run: (simulation) => simulation.backup() },
  restore: { weight: 1, run: async (simulation) => void (await simulation.restore()) },
  compact: { weight: 2, run: (simulation, prng) => compactLog(simulation, prng) },
} satisfies Record<string, StepRow>

/** A comparison may be given up for many reasons; only a difference is a fault. */
function verifyLater(simulation: Simulation, run: ClientRun, index: number, stream: string): void {
  const compare = async () => {
    const found = await run.sync.verify(stream).catch(() => null)
    if (found === null || found.kind === 'same' || !run.isAlive()) return
    simulation.broke(new Violation('I14', `client ${index} verified ${stream}: ${JSON.stringify(found)}`))
  }
  void compare()
}

export type StepKind = keyof typeof table

const usual = Object.fromEntries(Object.entries(table).map(([kind, { weight }]) => [kind, weight])) as Record<
  StepKind,
  number
>

/** Other weights than the usual ones, for looking into one thing. */
export type Emphasis = Partial<Record<StepKind, number>>

/** @param length how many steps */
export function makeSteps(seed: number, length: number, emphasis: Emphasis = {}): Step[] {
  const prng = createPrng(seed)
  const weights = { ...usual, ...emphasis }
  return Array.from({ length }, () => ({ kind: prng.weighted(weights), seed: Math.floor(prng.next() * 0x1_0000_0000) }))
}

export async function runStep(simulation: Simulation, { kind, seed }: Step): Promise<void> {
  await (table[kind] as StepRow).run(simulation, createPrng(seed), seed)
}
