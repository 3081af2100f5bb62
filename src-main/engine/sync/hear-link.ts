import type { Beat, HandshakeRefusal, Welcome } from '../../../domain/wire/socket.ts'
import type { TokenKeeper } from '../session/tokens.ts'
import type { LinkListener } from './link.ts'

interface Options {
  tokens: Pick<TokenKeeper, 'invalidate'>
  random: () => number
  /** Attempts in a row that had failed when this link was opened. */
  failuresBefore: () => number
  /** Runs it unless the link has been given up: what a dropped link still says is not heard. */
  whileCurrent: (take: () => void) => void
  follow: (welcome: Welcome) => void
  event: (event: unknown) => void
  beat: (beat: Beat) => void
  /** @param retryAfterMs when to try again; null leaves it to the pauses that grow */
  goOffline: (reason: string, retryAfterMs: number | null) => void
  updateNeeded: (message: string) => void
}

/** What becomes of what a link says. */
export function hearLink(options: Options): LinkListener {
  const { tokens, random, failuresBefore, goOffline } = options
  const heard =
    <Args extends unknown[]>(take: (...args: Args) => void) =>
    (...args: Args) =>
      options.whileCurrent(() => take(...args))

  const refused = (refusal: HandshakeRefusal) => {
    if (refusal.code === 'protocol_mismatch') {
      options.updateNeeded(refusal.message)
      return
    }
    // A refreshed token settles this; when even that is not taken, the refresh says so.
    if (refusal.code === 'unauthorised') tokens.invalidate()
    const atOnce = refusal.code === 'unauthorised' && failuresBefore() === 0
    goOffline(refusal.message, atOnce ? 0 : refusal.retry_after_ms)
  }

  return {
    welcome: heard(options.follow),
    event: heard(options.event),
    beat: heard(options.beat),
    ended: heard((ended) => {
      if (ended.code === 'unauthorised') tokens.invalidate()
      const again = ended.code === 'permissions_changed' || ended.code === 'unauthorised'
      // Many are told at once when rights change, hence the spread.
      goOffline(ended.message, again && failuresBefore() === 0 ? Math.round(random() * 500) : null)
    }),
    refused: heard(refused),
    closed: heard((reason) => goOffline(reason, null)),
  }
}
