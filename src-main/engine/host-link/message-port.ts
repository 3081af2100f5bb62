import type { Port } from '../../../domain/host/port.ts'

/** As much of Electron's MessagePortMain as is used; the engine does not know Electron. */
export interface MessagePortLike {
  postMessage: (message: unknown) => void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start: () => void
  close: () => void
}

/** A transferred MessagePort as a Port. It delivers nothing before `start`, so no message is early. */
export function messagePort(port: MessagePortLike): Port {
  const closeListeners: Array<() => void> = []
  let open = true
  const closed = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  port.on('close', closed)
  return {
    post: (message) => {
      if (open) port.postMessage(message)
    },
    onMessage: (listener) => {
      port.on('message', (event) => {
        if (open) listener(event.data)
      })
      port.start()
    },
    onClose: (listener) => (open ? void closeListeners.push(listener) : listener()),
    close: () => {
      if (!open) return
      closed()
      port.close()
    },
  }
}
