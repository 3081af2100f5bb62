import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { Server } from 'socket.io'
import { isLive } from '../auth/sessions.ts'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import { admission } from './admission.ts'
import { startBeats } from './beats.ts'
import { endSocket, signedOut } from './end.ts'
import { startFanOut } from './fan-out.ts'
import { guardAgainstFloods } from './flood-guard.ts'
import { createIncoming } from './incoming.ts'
import { startRightsWatch } from './rights-watch.ts'
import type { ClientSocket, Io } from './types.ts'
import { welcome } from './welcome.ts'

export interface Gateway {
  io: Io
  stop(): Promise<void>
}

const maxMessageBytes = 16_384
const joinWithinMs = 10_000

/** The live link: a hint that something happened. Whatever it loses, a client pulls. */
export function startGateway(http: HttpServer, deps: Deps, isStopping: () => boolean): Gateway {
  const io: Io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    // Recovery would put a socket back into rooms that its person may have lost meanwhile.
    connectionStateRecovery: undefined,
    // `cors` does not stop a foreign page from opening a WebSocket; this does.
    allowRequest: (request, decide) => void judge(request, deps).then((refused) => decide(refused, refused === null)),
    maxHttpBufferSize: maxMessageBytes,
    perMessageDeflate: false,
    httpCompression: false,
    connectTimeout: joinWithinMs,
  })
  const incoming = createIncoming(deps)
  guardAgainstFloods(io, deps)
  io.use(admission(io, deps, isStopping))
  io.on('connection', (socket) => {
    dropHandshake(socket)
    socket.onAny((name: unknown, ...args: unknown[]) => incoming(socket, name, args))
    letIn(socket, deps).catch((error: unknown) => {
      deps.log.error({ err: error }, 'letting a socket in failed')
      socket.disconnect(true)
    })
  })
  const stopFanOut = startFanOut(io, deps)
  const stopBeats = startBeats(io, deps)
  const stopRightsWatch = startRightsWatch(io, deps)
  return {
    io,
    stop: async () => {
      await stopBeats()
      await stopRightsWatch()
      stopFanOut()
      for (const socket of Array.from(io.of('/').sockets.values())) {
        endSocket(socket, 'shutting_down', 'The server is stopping. Connect again in a moment.')
      }
      // Not io.close(): that would also wait for the HTTP requests under way, which are the server's to drain.
      io.engine.close()
    },
  }
}

async function letIn(socket: ClientSocket, deps: Deps): Promise<void> {
  await welcome(socket, deps)
  // I16: had its sign-in been voided after the handshake was judged, nobody would have found this socket to cut it off.
  if (!isLive(deps.store.read, socket.data)) endSocket(socket, 'unauthorised', signedOut)
}

/** Before anything else is done for a new connection. @returns why it is turned away, or null */
async function judge(
  request: IncomingMessage,
  { config, limiters }: Pick<Deps, 'config' | 'limiters'>,
): Promise<string | null> {
  if (!mayConnect(request, config.allowedOrigins)) return 'pages of this origin may not connect'
  try {
    await limiters.upgradesByAddress.take(request.socket.remoteAddress ?? '')
    return null
  } catch (error) {
    return error instanceof ProblemError ? error.message : 'connections cannot be judged now'
  }
}

/** Programs send no Origin; a page must come from a place that was allowed by name. */
function mayConnect(request: IncomingMessage, allowedOrigins: readonly string[]): boolean {
  const { origin } = request.headers
  return origin === undefined || allowedOrigins.includes(origin)
}

/**
 * Socket.IO keeps the first HTTP request and the handshake for as long as the socket lives: several kilobytes that nobody
 * looks at after the handshake.
 */
function dropHandshake(socket: ClientSocket): void {
  Object.assign(socket.conn, { request: null })
  Object.assign(socket, { handshake: null })
}
