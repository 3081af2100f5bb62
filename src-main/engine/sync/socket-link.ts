import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import {
  beatSchema,
  type ClientToServer,
  clockReplySchema,
  endedSchema,
  handshakeRefusalSchema,
  renewReplySchema,
  type ServerToClient,
  welcomeSchema,
} from '../../../domain/wire/socket.ts'
import type { OpenLink } from './link.ts'

const answerWithinMs = 10_000

/**
 * The live connection over Socket.IO. WebSocket only, no upgrade from polling; no reconnection of its own and no state
 * recovery: the sync machine decides when to connect, and the log what was missed.
 */
export const openSocketLink: OpenLink = (serverUrl, handshake, listener) => {
  const socket: Socket<ServerToClient, ClientToServer> = io(serverUrl, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    timeout: answerWithinMs,
    auth: handshake,
  })
  let open = true
  const close = (reason: string) => {
    if (!open) return
    open = false
    socket.removeAllListeners()
    socket.disconnect()
    listener.closed(reason)
  }
  // What does not fit the schema is not dropped in silence: such a server cannot be followed.
  const checked =
    <Message>(schema: z.ZodType<Message>, take: (message: Message) => void) =>
    (message: unknown) => {
      const parsed = schema.safeParse(message)
      if (parsed.success) take(parsed.data)
      else close('The server said something that this QuoteDesk does not understand.')
    }
  socket.on('welcome', checked(welcomeSchema, listener.welcome))
  socket.on('event', (event) => listener.event(event))
  socket.on('beat', checked(beatSchema, listener.beat))
  socket.on('ended', checked(endedSchema, listener.ended))
  socket.on('disconnect', () => close('The connection to the server was lost.'))
  socket.on('connect_error', (error) => {
    const refusal = handshakeRefusalSchema.safeParse('data' in error ? error.data : undefined)
    if (refusal.success && open) listener.refused(refusal.data)
    close('The server cannot be reached.')
  })
  return {
    askTime: async () =>
      clockReplySchema.parse(await socket.timeout(answerWithinMs).emitWithAck('clock')).server_time_ms,
    renew: async (token) =>
      renewReplySchema.parse(await socket.timeout(answerWithinMs).emitWithAck('renew', { token })),
    close: () => {
      open = false
      socket.removeAllListeners()
      socket.disconnect()
    },
  }
}
