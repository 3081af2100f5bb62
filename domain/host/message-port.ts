import type { Port } from './port.ts'
import { portEnd } from './port-end.ts'

/** As much of Electron's MessagePortMain as is used, named by its shape: neither domain nor engine knows Electron. */
export interface MessagePortLike {
  postMessage: (message: unknown) => void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start: () => void
  close: () => void
}

/** A transferred MessagePort as a Port. It is started at once: what arrives before there is a listener is kept here. */
export function messagePort(port: MessagePortLike): Port {
  const end = portEnd({
    open: true,
    send: (message) => port.postMessage(message),
    release: () => port.close(),
  })
  port.on('message', ({ data }) => end.deliver(data))
  port.on('close', end.closed)
  port.start()
  return end.port
}
