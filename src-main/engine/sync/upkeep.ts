import type { Clock } from '../../../domain/time.ts'
import type { Welcome } from '../../../domain/wire/socket.ts'
import type { Log } from '../log.ts'
import { every, type Scheduler } from '../scheduler.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import { keepRenewed } from './renewal.ts'
import type { ServerClock } from './server-clock.ts'
import type { Session } from './sync-state.ts'

/** A beat is late by this many periods: the link is half open, or the server stuck. Either way it is no link. */
const silentBeats = 2.5

interface Options {
  clock: Clock
  serverClock: ServerClock
  scheduler: Scheduler
  random: () => number
  tokens: TokenKeeper
  log: Log
  heardAtMs: () => number
  /** The link is none (any more). @param retryAfterMs as for being offline */
  lost: (reason: string, retryAfterMs: number | null) => void
  failed: (error: unknown) => void
}

/** What a welcomed session needs to last for days: beats that come, and a token that is renewed in time. */
export function keepUp(options: Options, session: Session, welcome: Welcome): void {
  const { clock, scheduler, tokens } = options
  session.timers.watch()
  session.timers.watch = every(scheduler, welcome.beat_ms / 2, () => {
    if (clock.nowMs() - options.heardAtMs() > silentBeats * welcome.beat_ms) {
      options.lost('The server has fallen silent.', null)
    }
  })
  session.timers.renewal()
  if (!session.link) return
  session.timers.renewal = keepRenewed({
    ...options,
    link: session.link,
    onEnded: options.failed,
    onRefused: (message) => {
      tokens.invalidate()
      options.lost(message, 0)
    },
  })
}

/** Lets the server's clock follow a moment that the server has told, and measures where that is not enough. */
export function tellTime({ clock, serverClock, log }: Options, session: Session, serverTimeMs: number): void {
  if (serverClock.hint(serverTimeMs) === 'plausible') return
  const askedAtMs = clock.nowMs()
  session.link?.askTime().then(
    (timeMs) => serverClock.measured(askedAtMs, clock.nowMs(), timeMs),
    (error: unknown) => log.debug({ err: error }, 'the server did not tell its time'),
  )
}
