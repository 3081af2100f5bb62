import type { WebSocket } from 'ws'
import type { Port } from '../../domain/host/port.ts'
import { portEnd } from '../../domain/host/port-end.ts'

/** Standard close codes as far as they are used here. */
export const closeCodes = { unsupportedData: 1003, serviceRestart: 1012, tryAgainLater: 1013 } as const

/** More than this unread by the window: it hangs, and keeping on would only fill memory. It reconnects and reads anew. */
const unreadBoundBytes = 32 * 1024 * 1024

/** A WebSocket as a Port; each text frame is one message as JSON. */
export function socketPort(socket: WebSocket): Port {
  const { port, deliver, closed } = portEnd({
    open: socket.readyState <= socket.OPEN,
    send: (message) => {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > unreadBoundBytes) {
        socket.terminate()
        return
      }
      socket.send(JSON.stringify(message))
    },
    release: () => socket.close(),
  })
  socket.on('message', (data, isBinary) => {
    const message = isBinary || !Buffer.isBuffer(data) ? undefined : parse(data.toString())
    if (message === undefined) socket.close(closeCodes.unsupportedData, 'expected JSON as text')
    else deliver(message)
  })
  socket.on('close', closed)
  // `close` follows; without a listener `error` would end the process.
  socket.on('error', closed)
  return port
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
