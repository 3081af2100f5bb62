import type { LinkListener, OpenLink } from '../../../src-main/engine/sync/link.ts'
import { openSocketLink } from '../../../src-main/engine/sync/socket-link.ts'

/** A real link whose live events a test may drop, repeat, hold back or silence. */
export interface TappedLink {
  open: OpenLink
  /** What becomes of each live event: the events to hand on in its place. */
  onEvent: (event: unknown) => unknown[]
  /** On the present link nothing arrives any more, and nothing says so: a half-open connection. */
  silence: () => void
  /** Links opened so far. */
  opened: number
}

export function tapLink(): TappedLink {
  const tap: TappedLink = {
    onEvent: (event) => [event],
    silence: () => undefined,
    opened: 0,
    open: (serverUrl, handshake, listener) => {
      tap.opened += 1
      let silent = false
      tap.silence = () => {
        silent = true
      }
      const heard =
        <Args extends unknown[]>(tell: (...args: Args) => void) =>
        (...args: Args) => {
          if (!silent) tell(...args)
        }
      const tapped: LinkListener = {
        welcome: listener.welcome,
        event: heard((event) => {
          for (const handed of tap.onEvent(event)) listener.event(handed)
        }),
        beat: heard(listener.beat),
        ended: heard(listener.ended),
        refused: listener.refused,
        closed: heard(listener.closed),
      }
      return openSocketLink(serverUrl, handshake, tapped)
    },
  }
  return tap
}
