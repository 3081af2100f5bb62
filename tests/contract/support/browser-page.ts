import { WebSocket as Socket } from 'ws'

/**
 * As much of a browser's window as the bridge touches. The WebSocket is a real one that says, like a browser's,
 * which origin it comes from.
 */
export function fakePage(url: string, requestEnginePort?: (page: Window) => void): Window {
  const { hash, host, origin, pathname, search } = new URL(url)
  const stored = new Map<string, string>()
  const page = Object.assign(new EventTarget(), {
    location: { hash, host, origin, pathname, search },
    history: { replaceState: () => undefined },
    sessionStorage: {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => void stored.set(key, value),
    },
  })
  const window = page as unknown as Window
  if (requestEnginePort) Object.assign(page, { quotedesk: { requestEnginePort: () => requestEnginePort(window) } })
  return window
}

/** The global `WebSocket` of a page of `origin`. */
export function browserWebSocket(origin: string): typeof WebSocket {
  return class extends Socket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { origin })
    }
  } as unknown as typeof WebSocket
}
