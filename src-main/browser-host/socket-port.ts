import type { WebSocket } from 'ws'
import type { Port } from '../../domain/host/port.ts'

/** Standard close codes as far as they are used here. */
export const closeCodes = { unsupportedData: 1003, serviceRestart: 1012, tryAgainLater: 1013 } as const

/** More than this unread by the window: it hangs, and keeping on would only fill memory. It reconnects and reads anew. */
const unreadBoundBytes = 32 * 1024 * 1024

/** A WebSocket as a Port; each text frame is one message as JSON. */
export function socketPort(socket: WebSocket): Port {
  const early: unknown[] = []
  const closeListeners: Array<() => void> = []
  let onMessage: ((message: unknown) => void) | null = null
  let open = socket.readyState <= socket.OPEN
  const closed = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  // One Buffer for each message, as `binaryType` says by default.
  socket.on('message', (data: Buffer, isBinary) => {
    if (!open) return
    const message = isBinary ? undefined : parse(data.toString())
    if (message === undefined) socket.close(closeCodes.unsupportedData, 'expected JSON as text')
    else if (onMessage) onMessage(message)
    else early.push(message)
  })
  socket.on('close', closed)
  // `close` follows; without a listener `error` would end the process.
  socket.on('error', closed)

  return {
    post: (message) => {
      if (!open || socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > unreadBoundBytes) {
        socket.terminate()
        return
      }
      socket.send(JSON.stringify(message))
    },
    onMessage: (listener) => {
      onMessage = listener
      for (const message of early.splice(0)) listener(message)
    },
    onClose: (listener) => (open ? void closeListeners.push(listener) : listener()),
    close: () => {
      if (!open) return
      closed()
      socket.close()
    },
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
