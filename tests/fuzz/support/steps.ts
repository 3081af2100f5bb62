import { endSocket } from '../../../server/socket/end.ts'
import { compactTo } from './compaction.ts'
import { act, mutationNames } from './mutations.ts'
import { office, type OfficeName } from './office.ts'
import { createPrng, type Prng } from './prng.ts'
import type { SimMachine, Simulation } from './simulation.ts'
import { settle } from './virtual-time.ts'

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
      await settle()
    },
  },
  office: {
    weight: 10,
    run: async (simulation, prng, seed) => {
      const name = prng.pick(officeNames)
      const server = simulation.server()
      if (!server || !name) return
      const { world } = simulation.template
      // A killed process leaves its caller without an answer.
      await server.store
        .transact((tx) => office[name](tx, world, prng, `o${seed}`))
        .catch((error: unknown) => {
          if (server.isAlive()) throw error
        })
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
  level: { weight: 8, run: async (simulation, prng) => void (await simulation.flow(prng, 60, undefined, machineOf(simulation, prng).index)) },
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
      await settle()
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
      await settle()
    },
  },
  killClient: {
    weight: 4,
    run: (simulation, prng) => simulation.killClient(machineOf(simulation, prng), prng.chance(0.3) ? 0 : 1 + prng.int(25)),
  },
  startClient: {
    weight: 5,
    run: async (simulation, prng) => {
      simulation.startClient(machineOf(simulation, prng))
      await settle()
    },
  },
  killServer: {
    weight: 3,
    run: async (simulation, prng) => {
      simulation.killServer({ after: prng.chance(0.3) ? 0 : 1 + prng.int(30), torn: prng.chance(0.4) })
      await settle()
    },
  },
  startServer: { weight: 5, run: (simulation) => simulation.startServer() },
  backup: { weight: 1, run: (simulation) => simulation.backup() },
  restore: { weight: 1, run: async (simulation) => void (await simulation.restore()) },
  compact: { weight: 2, run: (simulation, prng) => compactTo(simulation, prng) },
} satisfies Record<string, StepRow>

export type StepKind = keyof typeof table

const weights = Object.fromEntries(Object.entries(table).map(([kind, { weight }]) => [kind, weight])) as Record<
  StepKind,
  number
>

/** @param length how many steps */
export function makeSteps(seed: number, length: number): Step[] {
  const prng = createPrng(seed)
  return Array.from({ length }, () => ({ kind: prng.weighted(weights), seed: Math.floor(prng.next() * 0x1_0000_0000) }))
}

export async function runStep(simulation: Simulation, { kind, seed }: Step): Promise<void> {
  await (table[kind] as StepRow).run(simulation, createPrng(seed), seed)
}
