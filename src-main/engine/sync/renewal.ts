import type { Clock } from '../../../domain/time.ts'
import type { Log } from '../log.ts'
import { doNothing, type Scheduler } from '../scheduler.ts'
import { SessionEndedError, type TokenKeeper } from '../session/tokens.ts'
import type { Link } from './link.ts'

const againMs = 15_000
/** A token is renewed when this much of its life is over: spread, for many sign in at the same hour. */
const lifeUsed = { least: 0.7, spread: 0.1 }

interface Options {
  link: Pick<Link, 'renew'>
  tokens: TokenKeeper
  clock: Clock
  scheduler: Scheduler
  random: () => number
  log: Log
  /** The server does not take the fresh token for this session. */
  onRefused: (message: string) => void
  onEnded: (error: SessionEndedError) => void
}

/**
 * A link lives for days, an access token for minutes: a fresh one goes over the link before the present one runs out.
 * @returns how to stop
 */
export function keepRenewed(options: Options): () => void {
  const { link, tokens, clock, scheduler, random, log } = options
  let stopped = false
  let cancel = doNothing

  const plan = () => {
    const life = tokens.accessLife()
    if (stopped || life === null) return
    const used = lifeUsed.least + random() * lifeUsed.spread
    const atMs = life.from_ms + (life.until_ms - life.from_ms) * used
    cancel = scheduler.after(Math.max(0, atMs - clock.nowMs()), () => void renew())
  }

  const renew = async () => {
    try {
      const token = await tokens.freshToken()
      if (stopped) return
      const reply = await link.renew(token)
      if (stopped) return
      if (reply.ok) plan()
      else options.onRefused(reply.message)
    } catch (error) {
      if (stopped) return
      if (error instanceof SessionEndedError) {
        options.onEnded(error)
        return
      }
      log.info({ err: error }, 'the access token could not be renewed yet')
      cancel = scheduler.after(againMs, () => void renew())
    }
  }

  plan()
  return () => {
    stopped = true
    cancel()
  }
}
