import { scratchFolder } from '../../tests/fuzz/support/files.ts'
import {
  prepareTemplate,
  runSchedule,
  type Schedule,
  scheduleOf,
  shrink,
} from '../../tests/fuzz/support/run-schedule.ts'
import type { FromWorker, ToWorker } from './pool.ts'

const tell = (message: FromWorker) => process.send?.(message)

const scratch = scratchFolder()
process.on('exit', () => scratch.remove())
const template = await prepareTemplate(scratch.dir)
const run = (schedule: Schedule) => runSchedule(schedule, { template, dir: scratch.dir })

async function runSeed(seed: number): Promise<void> {
  tell({ kind: 'begun', seed })
  const failure = await run(scheduleOf(seed))
  if (failure) {
    const { schedule, error, trace } = await shrink(failure, run)
    const steps = schedule.steps.map((step) => ({ ...step }))
    tell({ kind: 'found', found: { seed, message: error.message, clients: schedule.clients, steps, trace } })
  }
  tell({ kind: 'done', seed })
}

process.on('message', (portion: ToWorker) => {
  const work = async () => {
    if (portion === 'enough') process.disconnect()
    else for (let { from: seed } = portion; seed < portion.to; seed += 1) await runSeed(seed)
  }
  void work()
})
tell({ kind: 'ready' })
