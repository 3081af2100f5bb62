import { Cron } from 'croner'
import type { Deps } from '../deps.ts'
import { compact } from './compact.ts'

/** Compacts the log each hour. @returns a function that stops it and waits for the transaction under way */
export function startCompaction(deps: Pick<Deps, 'store' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const { store, clock, config, log } = deps
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()
  const run = async () => {
    try {
      const streams = await compact(store, clock, config.log, stopping.signal)
      if (streams.length > 0) log.info({ streams }, 'compacted the log')
    } catch (error) {
      log.error({ err: error }, 'compacting the log failed; it is tried again in an hour')
    }
  }
  const job = new Cron('17 * * * *', { unref: true, protect: true }, () => {
    running = run()
    return running
  })
  return async () => {
    job.stop()
    stopping.abort()
    await running
  }
}
