import { copyFileSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Person } from '../../../domain/directory.ts'
import { backupTo } from '../../../server/store/backup.ts'
import { type ClientWatch, createClientWatch } from './client-checks.ts'
import { createPrng, type Prng, seededUuid } from './prng.ts'
import type { Sabotage } from './sabotage.ts'
import { createLedger, type Kept, type Ledger } from './server-checks.ts'
import { type ClientRun, startClientRun } from './sim-client.ts'
import { createNetwork, kind, type SimNetwork, type Unkindness } from './sim-network.ts'
import { afterCommit, type ServerRun, startServerRun } from './sim-server.ts'
import { startMs, type Template } from './sim-world.ts'
import { createVirtualTime, settle, type VirtualTime } from './virtual-time.ts'

/** A person's machine, through all runs of its engine. */
export interface SimMachine {
  readonly index: number
  readonly person: Person
  /** Null while it is switched off; its file waits. */
  run: ClientRun | null
  file: string
  cut: boolean
  readonly watch: ClientWatch
}

export interface Simulation {
  readonly template: Template
  readonly time: VirtualTime
  readonly network: SimNetwork
  readonly machines: readonly SimMachine[]
  readonly ledger: Ledger
  /** For choices outside of any step: ids, jitter. */
  readonly random: Prng
  /** What happened, for whoever reads a failure. */
  readonly trace: string[]
  server: () => ServerRun | null
  startServer: () => Promise<void>
  /** Kills it now, or with `after` at that many moments from now. */
  killServer: (options: { after: number; torn: boolean }) => void
  startClient: (machine: SimMachine) => void
  killClient: (machine: SimMachine, after: number) => void
  /** The person's network breaks, as both ends notice. */
  sever: (machine: SimMachine) => void
  backup: () => Promise<void>
  /** The server comes back from the last backup, as another history. @returns false when there is none */
  restore: () => Promise<boolean>
  /** Moves parcels until nothing moves any more or `most` were moved. */
  flow: (prng: Prng, most: number, unkind?: Unkindness, only?: number) => Promise<number>
  /** Resolves when all that can happen now has happened. */
  rest: () => Promise<void>
  /** A fault that shows somewhere in the middle: the next check throws it. */
  broke: (error: unknown) => void
  /** Every invariant that holds at any moment. */
  check: () => void
  dispose: () => Promise<void>
}

export interface SimulationOptions {
  template: Template
  dir: string
  seed: number
  clients: number
  sabotage: Sabotage
}

export async function createSimulation(options: SimulationOptions): Promise<Simulation> {
  const { template, dir, sabotage } = options
  const random = createPrng(options.seed ^ 0x5eed)
  let server: ServerRun | null = null
  const rest = async () => {
    await settle()
    // However slow the machine is just now: what the server has begun ends before anything else happens.
    while (server?.isBusy()) await settle()
  }
  const time = createVirtualTime(startMs, rest)
  const network = createNetwork()
  const trace: string[] = []
  const note = (line: string) => void trace.push(line)
  const machines: SimMachine[] = []
  const dirty = new Set<SimMachine>()
  let kept: { file: string; kept: Kept } | null = null
  let lastGood: string | null = null
  let broken: unknown = null
  let links = 0
  let files = 0

  function fresh(what: string): string {
    files += 1
    return path.join(dir, `${what}-${files}`, `${what}.db`)
  }
  // Faults of the checker's callbacks would get lost in the promises of those who are checked.
  const guard =
    <Args extends unknown[]>(check: (...args: Args) => void) =>
    (...args: Args) => {
      try {
        check(...args)
      } catch (error) {
        broken ??= error
      }
    }

  let serverFile = fresh('server')
  mkdirSync(path.dirname(serverFile), { recursive: true })
  copyFileSync(template.serverFile, serverFile)

  const boot = async () => {
    const run = await startServerRun({
      file: serverFile,
      clock: time.clock,
      sabotage,
      onCommitted: guard(() => {
        if (server?.isAlive()) ledger.observe(server)
      }),
      // Only what is not yet durable can be torn: the commit that was under way.
      onDead: (moment) => die(`at "${moment}"`, armedTorn && moment === afterCommit),
    })
    server = run
    return run
  }
  let armedTorn = false
  const die = (how: string, torn: boolean) => {
    const run = server
    if (!run) return
    note(`the server is killed ${how}`)
    const into = fresh('server')
    run.kill(into, torn)
    sabotage.onServerKilled?.(into, lastGood)
    serverFile = into
    server = null
    network.loseAll()
    for (const machine of machines) {
      if (network.isFrozen(machine.index)) continue
      // In a turn of its own: the kill may have come in the middle of anything.
      const { run: client } = machine
      setImmediate(() => {
        if (client?.isAlive()) for (const link of client.links()) link.sever('The connection to the server was lost.')
      })
    }
  }
  const first = await boot()
  const ledger = createLedger(first.store.epoch)
  ledger.observe(first)

  const startClient = (machine: SimMachine) => {
    if (machine.run) return
    const dieHere = (moment: string) => endClient(machine, `at "${moment}"`)
    machine.run = startClientRun({
      index: machine.index,
      file: machine.file,
      person: machine.person,
      clientId: seededUuid(random),
      time,
      random,
      network,
      server: () => server,
      isCut: () => machine.cut,
      nextLinkId: () => (links += 1),
      sabotage,
      note,
      onDead: dieHere,
      onChanged: () => void dirty.add(machine),
      onSent: guard((run, person, name, text) => {
        if (run.isAlive()) ledger.sent(person, name, text)
      }),
      onAnswered: guard(ledger.answered),
      onMutated: guard(ledger.mutated),
      onAcknowledged: guard(ledger.acknowledged),
    })
    dirty.add(machine)
  }
  const endClient = (machine: SimMachine, how: string) => {
    if (!machine.run) return
    note(`client ${machine.index} is killed ${how}`)
    const into = fresh('cache')
    machine.run.kill(into)
    machine.run = null
    machine.file = into
  }

  for (const [index, person] of template.world.people.slice(0, options.clients).entries()) {
    const file = fresh('cache')
    mkdirSync(path.dirname(file), { recursive: true })
    const level = template.levelFiles.get(person.id)
    copyFileSync(level !== undefined && random.chance(0.8) ? level : template.cacheFile, file)
    const machine: SimMachine = { index, person, run: null, file, cut: false, watch: createClientWatch(ledger) }
    machines.push(machine)
    startClient(machine)
  }
  await settle()

  const simulation: Simulation = {
    template,
    time,
    network,
    machines,
    ledger,
    random,
    trace,
    server: () => server,
    startServer: async () => {
      if (server) return
      note('the server starts')
      ledger.compareAll(await boot())
    },
    killServer: ({ after, torn }) => {
      if (!server) return
      armedTorn = torn
      if (after === 0) die('at rest', false)
      else server.crashPoint.arm(after, () => {})
    },
    startClient,
    killClient: (machine, after) => {
      if (after === 0) endClient(machine, 'at rest')
      else machine.run?.crashPoint.arm(after, () => {})
    },
    sever: (machine) => {
      network.lose(machine.index)
      for (const link of machine.run?.links() ?? []) link.sever('The connection to the server was lost.')
    },
    backup: async () => {
      if (!server) return
      const file = fresh('backup')
      mkdirSync(path.dirname(file), { recursive: true })
      await backupTo(server.store, file)
      kept = { file, kept: ledger.keep() }
      lastGood = file
    },
    restore: async () => {
      if (!kept) return false
      if (server) die('for a restore', false)
      await settle(10)
      serverFile = fresh('server')
      mkdirSync(path.dirname(serverFile), { recursive: true })
      copyFileSync(kept.file, serverFile)
      const run = await boot()
      ledger.restored(kept.kept, run.store.epoch)
      ledger.compareAll(run)
      return true
    },
    flow: async (prng, most, unkind = kind, only) => {
      let moved = 0
      while (moved < most) {
        const label = network.moveOne(prng, unkind, only)
        if (label === null) break
        note(label)
        moved += 1
        // Now and then two things are under way in the server at once.
        if (unkind.outOfOrder === 0 || !prng.chance(0.15)) await rest()
        if (broken !== null) break
      }
      await rest()
      return moved
    },
    rest,
    broke: (error) => {
      broken ??= error
    },
    check: () => {
      if (broken !== null) throw broken
      if (server) ledger.observe(server)
      for (const machine of machines) {
        if (!machine.run || !dirty.has(machine)) continue
        dirty.delete(machine)
        machine.watch.check(machine.run)
      }
    },
    dispose: async () => {
      await settle(10)
      for (const machine of machines) await machine.run?.close()
      if (server) server.kill(fresh('server'), false)
      server = null
      await settle(12)
    },
  }
  return simulation
}
