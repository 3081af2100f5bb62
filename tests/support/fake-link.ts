import type { Link, LinkListener, OpenLink } from '../../src-main/engine/sync/link.ts'

/** One connection that a test plays the server's part of. */
export interface FakeLink {
  serverUrl: string
  token: string
  /** What the server says; after `close` nobody listens. */
  say: LinkListener
  closed: boolean
  askTime: () => Promise<number>
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
        say: listener,
        closed: false,
        askTime: () => Promise.reject(new Error('no answer')),
      }
      links.push(link)
      return {
        askTime: () => link.askTime(),
        close: () => {
          link.closed = true
        },
      }
    },
  }
}
