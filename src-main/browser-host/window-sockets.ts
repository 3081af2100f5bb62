import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Port } from '../../domain/host/port.ts'
import { engineSubprotocol, type LoopbackGuard } from './loopback-guard.ts'
import { closeCodes, socketPort } from './socket-port.ts'

/** Requests of a window are small; nothing it may send comes near. */
const largestMessageBytes = 4 * 1024 * 1024
const mostWindows = 32

export interface WindowSockets {
  /** Windows that are connected now. */
  count(): number
  /** Tells every window to reconnect: the engine they talked to is gone. `reason` is at most 123 bytes. */
  dropAll(reason: string): void
  close(): void
}

/** Joins every authenticated WebSocket at `/engine` to a port of the engine. */
export function acceptWindows(server: Server, guard: LoopbackGuard, openPort: () => Port | null): WindowSockets {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => engineSubprotocol,
  })
  server.on('upgrade', (request, stream, head) => {
    const refusal = judge(request, guard, sockets.clients.size)
    if (refusal) refuse(stream, refusal)
    else sockets.handleUpgrade(request, stream, head, (socket) => joinToEngine(socket, openPort()))
  })
  return {
    count: () => sockets.clients.size,
    dropAll: (reason) => {
      for (const socket of sockets.clients) socket.close(closeCodes.serviceRestart, reason)
    },
    close: () => {
      for (const socket of sockets.clients) socket.terminate()
      sockets.close()
    },
  }
}

function judge(request: IncomingMessage, guard: LoopbackGuard, windows: number): string | null {
  if (!guard.hostIsOurs(request)) return '421 Misdirected Request'
  if (!guard.originIsOurs(request, true)) return '403 Forbidden'
  if (request.url !== '/engine') return '404 Not Found'
  if (!guard.tokenIsOurs(request)) return '401 Unauthorized'
  return windows >= mostWindows ? '503 Service Unavailable' : null
}

function refuse(stream: Duplex, statusLine: string): void {
  // The other side may be gone already.
  stream.on('error', () => stream.destroy())
  stream.end(`HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

function joinToEngine(socket: WebSocket, engine: Port | null): void {
  if (!engine) {
    socket.on('error', () => socket.terminate())
    socket.close(closeCodes.tryAgainLater, 'the engine is being started again')
    return
  }
  const window = socketPort(socket)
  window.onMessage((message) => {
    // Anything but text is none of oRPC's, and nested deeply enough it could not be passed on to the engine's process.
    if (typeof message === 'string') engine.post(message)
    else socket.close(closeCodes.unsupportedData, 'expected a message of oRPC as text')
  })
  engine.onMessage((message) => window.post(message))
  window.onClose(() => engine.close())
  engine.onClose(() => socket.close(closeCodes.serviceRestart, 'the engine has ended'))
}
