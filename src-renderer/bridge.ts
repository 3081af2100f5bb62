import type { Port } from '../domain/host/port.ts'

declare global {
  interface Window {
    /** Put there by the preload of the desktop shell, absent in a browser. */
    quotedesk?: { requestEnginePort(): void }
  }
}

/** The only door to the outside: a port to the engine, whichever host has it. */
export interface Bridge {
  host: 'electron' | 'browser'
  /** A fresh port; rejects with a text for people when the engine cannot be reached. */
  connect: (signal: AbortSignal) => Promise<Port>
}

const answerWithinMs = 5_000
const tokenKey = 'quotedesk.token'

export function openBridge(page: Window): Bridge {
  const shell = page.quotedesk
  if (shell) {
    return { host: 'electron', connect: (signal) => askShell(page, () => shell.requestEnginePort(), signal) }
  }
  const token = takeToken(page)
  return { host: 'browser', connect: (signal) => openSocket(page, token, signal) }
}

/** The token leaves the address bar at once, so that it is in no history and no screenshot; a reload finds it again. */
function takeToken(page: Window): string | null {
  const given = new URLSearchParams(page.location.hash.slice(1)).get('token')
  if (given !== null) {
    page.sessionStorage.setItem(tokenKey, given)
    page.history.replaceState(null, '', page.location.pathname + page.location.search)
  }
  return page.sessionStorage.getItem(tokenKey)
}

function askShell(page: Window, ask: () => void, signal: AbortSignal): Promise<Port> {
  return new Promise((resolve, reject) => {
    const done = new AbortController()
    const fail = (message: string) => {
      done.abort()
      reject(new Error(message))
    }
    const timer = setTimeout(() => fail('It did not answer within 5 seconds.'), answerWithinMs)
    done.signal.addEventListener('abort', () => clearTimeout(timer))
    signal.addEventListener('abort', () => fail('Stopped.'), { signal: done.signal })
    page.addEventListener(
      'message',
      (event) => {
        const port = event.ports[0]
        const ours = event.source === page && event.origin === page.location.origin
        if (!ours || event.data !== 'quotedesk:engine-port' || port === undefined) return
        done.abort()
        resolve(messagePort(port))
      },
      { signal: done.signal },
    )
    ask()
  })
}

function messagePort(port: MessagePort): Port {
  const closed = once()
  port.addEventListener('close', closed.fire)
  return {
    post: (message) => {
      if (!closed.fired()) port.postMessage(message)
    },
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data))
      // Messages queue inside the port until it is started, so none is lost before there is a listener.
      port.start()
    },
    onClose: closed.whenFired,
    close: () => {
      port.close()
      closed.fire()
    },
  }
}

function openSocket(page: Window, token: string | null, signal: AbortSignal): Promise<Port> {
  if (token === null) {
    return Promise.reject(
      new Error('This address lacks its key. Open the link that QuoteDesk printed when it started.'),
    )
  }
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${page.location.host}/engine`, ['quotedesk', token])
    const stop = () => socket.close()
    signal.addEventListener('abort', stop)
    const early: unknown[] = []
    const closed = once()
    let deliver = (message: unknown): void => void early.push(message)
    socket.addEventListener('message', (event) => deliver(JSON.parse(String(event.data))))
    socket.addEventListener('close', () => {
      signal.removeEventListener('abort', stop)
      closed.fire()
      // After the promise is settled this does nothing.
      reject(new Error('It does not answer. If QuoteDesk was started again, open the link that it printed.'))
    })
    socket.addEventListener('open', () =>
      resolve({
        post: (message) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
        },
        onMessage: (listener) => {
          deliver = listener
          for (const message of early.splice(0)) listener(message)
        },
        onClose: closed.whenFired,
        close: () => {
          socket.close()
          closed.fire()
        },
      }),
    )
  })
}

/** Something that happens once; whoever asks afterwards is told at once. */
function once() {
  const listeners: Array<() => void> = []
  let fired = false
  return {
    fired: () => fired,
    fire: () => {
      if (fired) return
      fired = true
      for (const listener of listeners) listener()
    },
    whenFired: (listener: () => void) => {
      if (fired) listener()
      else listeners.push(listener)
    },
  }
}
