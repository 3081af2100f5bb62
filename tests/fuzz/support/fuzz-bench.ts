import { scratchFolder } from './files.ts'
import { type Failure, prepareTemplate, runSchedule, type Schedule } from './run-schedule.ts'
import type { Sabotage } from './sabotage.ts'
import type { Template } from './sim-world.ts'

/** Prepared files and a folder to run schedules in. */
export interface FuzzBench {
  template: Template
  dir: string
  /** Everything that happened in a schedule, in words. */
  traceOf: (schedule: Schedule) => Promise<string[]>
  run: (schedule: Schedule, sabotage?: Sabotage) => Promise<Failure | null>
  remove: () => void
}

export async function openFuzzBench(): Promise<FuzzBench> {
  const scratch = scratchFolder()
  const template = await prepareTemplate(scratch.dir)
  const options = { template, dir: scratch.dir }
  return {
    ...options,
    traceOf: async (schedule) => {
      let trace: string[] = []
      const failure = await runSchedule(schedule, {
        ...options,
        onEnd: (simulation) => void (trace = simulation.trace),
      })
      if (failure) throw failure.error
      return trace
    },
    run: (schedule, sabotage) => runSchedule(schedule, { ...options, ...(sabotage ? { sabotage } : {}) }),
    remove: scratch.remove,
  }
}
