import type { Handshake } from '../../../domain/wire/socket.ts'
import type { Link, LinkListener, OpenLink } from '../../../src-main/engine/sync/link.ts'
import { openSocketLink } from '../../../src-main/engine/sync/socket-link.ts'

/** A real link whose live events a test may drop, repeat, hold back or silence. */
export interface TappedLink {
  open: OpenLink
  /** What becomes of each live event: the events to hand on in its place. */
  onEvent: (event: unknown) => unknown[]
  /** On the present link nothing arrives any more, and nothing says so: a half-open connection. */
  silence: () => void
  /** Speaks to the client as if the present link's server did. */
  say: LinkListener
  /** Cuts the present link, as a network does. */
  cut: () => void
  /** What the present link presented. */
  handshake: Handshake | null
  /** Tokens that a server has taken over a link. */
  renewed: number
  /** Links opened so far. */
  opened: number
}

export function tapLink(): TappedLink {
  const tap: TappedLink = {
    onEvent: (event) => [event],
    silence: () => undefined,
    cut: () => undefined,
    handshake: null,
    renewed: 0,
    get say(): LinkListener {
      throw new Error('no link was opened yet')
    },
    opened: 0,
    open: (serverUrl, handshake, listener) => {
      tap.opened += 1
      tap.handshake = handshake
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
      const link = openSocketLink(serverUrl, handshake, tapped)
      Object.defineProperty(tap, 'say', { value: tapped, configurable: true })
      tap.cut = () => {
        link.close()
        tapped.closed('The connection to the server was lost.')
      }
      const renew: Link['renew'] = async (token) => {
        const reply = await link.renew(token)
        if (reply.ok) tap.renewed += 1
        return reply
      }
      return { ...link, renew }
    },
  }
  return tap
}
