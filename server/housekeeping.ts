import { Cron } from 'croner'
import { toInstantText } from '../domain/time.ts'
import type { Deps } from './deps.ts'
import { compact } from './store/compact.ts'
import { pruneMutationResults } from './sync/mutation-memory.ts'

/**
 * Each hour: old events of the log go, and so do the answers to clients that have not spoken for long.
 * @returns a function that stops it and waits for the transaction under way
 */
export function startHousekeeping(deps: Pick<Deps, 'store' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const { store, clock, config, log } = deps
  const stopping = new AbortController()
  let running: Promise<void> = Promise.resolve()

  const run = async () => {
    const streams = await compact(store, clock, config.log, stopping.signal)
    if (streams.length > 0) log.info({ streams }, 'compacted the log')
    if (stopping.signal.aborted) return
    const answers = await pruneMutationResults(store, toInstantText(clock.nowMs() - config.answersKeptMs))
    if (answers > 0) log.info({ answers }, 'forgot old answers to edits')
  }
  const job = new Cron('17 * * * *', { unref: true, protect: true }, () => {
    running = run().catch((error: unknown) => log.error({ err: error }, 'housekeeping failed; it is tried in an hour'))
    return running
  })
  return async () => {
    job.stop()
    stopping.abort()
    await running
  }
}
