import type { RenewReply } from '../../domain/wire/socket.ts'
import type { Link, LinkListener, OpenLink } from '../../src-main/engine/sync/link.ts'

/** One connection that a test plays the server's part of. */
export interface FakeLink {
  serverUrl: string
  token: string
  clientId: string
  /** What the server says; after `close` nobody listens. */
  say: LinkListener
  closed: boolean
  askTime: () => Promise<number>
  renew: (token: string) => Promise<RenewReply>
}

/** Connections that never touch a network. */
export function fakeLinks(): { open: OpenLink; links: FakeLink[]; latest(): FakeLink } {
  const links: FakeLink[] = []
  return {
    links,
    latest: () => {
      const link = links.at(-1)
      if (!link) throw new Error('no link was opened')
      return link
    },
    open: (serverUrl, handshake, listener): Link => {
      const link: FakeLink = {
        serverUrl,
        token: handshake.token,
        clientId: handshake.client_id,
        say: listener,
        closed: false,
        askTime: () => Promise.reject(new Error('no answer')),
        renew: () => Promise.reject(new Error('no answer')),
      }
      links.push(link)
      return {
        askTime: () => link.askTime(),
        renew: (token) => link.renew(token),
        close: () => {
          link.closed = true
        },
      }
    },
  }
}
