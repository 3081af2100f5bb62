import { Cron } from 'croner'
import { publicHolidays } from '../../domain/public-holidays.ts'
import type { Deps } from '../deps.ts'
import { closeExpired } from './auto-close.ts'
import { escalateWaiting } from './escalate.ts'

/**
 * Each minute: alerts that nobody acknowledged go to the managers, quotes that ran out long ago are closed.
 * @returns a function that stops it and waits for what is under way
 */
export function startAlertSweep(deps: Pick<Deps, 'store' | 'clock' | 'log'>): () => Promise<void> {
  const { log } = deps
  let running: Promise<void> = Promise.resolve()
  const run = async () => {
    const escalated = await escalateWaiting(deps, publicHolidays)
    if (escalated > 0) log.info({ escalated }, 'passed alerts on to managers')
    const closed = await closeExpired(deps)
    if (closed > 0) log.info({ closed }, 'closed quotes that ran out long ago')
  }
  const job = new Cron('* * * * *', { unref: true, protect: true }, () => {
    running = run().catch((error: unknown) =>
      log.error({ err: error }, 'looking after alerts failed; again in a minute'),
    )
    return running
  })
  return async () => {
    job.stop()
    await running
  }
}
