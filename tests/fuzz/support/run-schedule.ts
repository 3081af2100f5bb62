import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { expectLevel } from './final-checks.ts'
import { createPrng } from './prng.ts'
import type { Sabotage } from './sabotage.ts'
import { makeTemplate, type Template } from './sim-world.ts'
import { createSimulation, type Simulation } from './simulation.ts'
import { type Emphasis, makeSteps, runStep, type Step } from './steps.ts'

export interface Schedule {
  seed: number
  clients: number
  steps: readonly Step[]
}

export interface Failure {
  schedule: Schedule
  /** Index of the step after which it showed; the number of steps when at the end. */
  at: number
  error: Error
  trace: string[]
}

interface RunOptions {
  template: Template
  dir: string
  sabotage?: Sabotage
  /** Before everything is taken down, when nothing went wrong. */
  onEnd?: (simulation: Simulation) => void
}

/** Everything about a schedule follows from its seed. */
export function scheduleOf(seed: number, emphasis: Emphasis = {}): Schedule {
  const prng = createPrng(seed)
  const clients = prng.pick([2, 2, 2, 3, 3, 4]) ?? 2
  return { seed, clients, steps: makeSteps(seed ^ 0x9e3779b9, 20 + prng.int(31), emphasis) }
}

/** Runs one schedule in files of its own. @returns what went wrong, null when nothing did */
export async function runSchedule(
  schedule: Schedule,
  { template, dir, sabotage = {}, onEnd }: RunOptions,
): Promise<Failure | null> {
  const folder = path.join(dir, `run-${schedule.seed}`)
  const simulation = await createSimulation({ ...schedule, template, dir: folder, sabotage })
  let at = 0
  try {
    simulation.check()
    for (const step of schedule.steps) {
      simulation.trace.push(`— ${at} ${step.kind}`)
      await runStep(simulation, step)
      simulation.check()
      at += 1
    }
    await expectLevel(simulation)
    onEnd?.(simulation)
    return null
  } catch (error) {
    return { schedule, at, error: error instanceof Error ? error : new Error(String(error)), trace: simulation.trace }
  } finally {
    await bury(simulation, folder)
  }
}

async function bury(simulation: Simulation, folder: string): Promise<void> {
  await simulation.dispose().catch(() => undefined)
  rmSync(folder, { recursive: true, force: true })
}

/** Prepared files; clients that begin level have been brought there by the simulation itself. */
export async function prepareTemplate(dir: string): Promise<Template> {
  const template = await makeTemplate(dir)
  const people = template.world.people
  const simulation = await createSimulation({
    seed: 0,
    clients: people.length,
    template,
    dir: path.join(dir, 'level'),
    sabotage: {},
  })
  await expectLevel(simulation)
  for (const [index, person] of people.entries()) {
    const machine = simulation.machines[index]
    if (!machine?.run) throw new Error(`${person.name} has no client`)
    const file = path.join(dir, 'template', `level-${index}.db`)
    machine.run.cache.transact((db) => void db.run(`DELETE FROM meta WHERE key = 'client_id'`))
    await machine.run.close()
    copyFileSync(machine.file, file)
    template.levelFiles.set(person.id, file)
  }
  await bury(simulation, path.join(dir, 'level'))
  return template
}

/** Drops steps for as long as what is left still fails; first many at a time, then one by one. */
export async function shrink(failure: Failure, run: (schedule: Schedule) => Promise<Failure | null>): Promise<Failure> {
  let best = failure
  for (let size = Math.ceil(best.schedule.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = best.schedule.steps.length - size; from >= 0; from -= size) {
      const steps = best.schedule.steps.toSpliced(from, size)
      const again = await run({ ...best.schedule, steps })
      if (again) best = again
    }
  }
  return best
}
