import { setTimeout as setTimer } from 'node:timers'
import type { Ended } from '../../domain/wire/socket.ts'
import type { ClientSocket, Io } from './types.ts'

/** How long a peer that does not read may hold on to its memory after it was cut off. */
const closeWithinMs = 5_000

/** The sign-in was voided or the account ended; the words are the same, whoever did it. */
export const signedOut = 'This session was ended: sign in again.'

/** Says why, then closes the connection, by force if the other side does not take part. */
export function endSocket(socket: ClientSocket, code: Ended['code'], message: string): void {
  const { transport } = socket.conn
  socket.emit('ended', { code, message })
  socket.disconnect(true)
  setTimer(() => websocketOf(transport)?.terminate(), closeWithinMs).unref()
}

/** Closes at once, without a word: for whoever has been told its limits by being refused before. */
export function cutOff(socket: ClientSocket): void {
  const { transport } = socket.conn
  socket.disconnect(true)
  websocketOf(transport)?.terminate()
}

/** A copy: ending a socket changes the room. */
export function socketsIn(io: Io, room: string): ClientSocket[] {
  const { sockets } = io.of('/')
  return [...(io.of('/').adapter.rooms.get(room) ?? [])].flatMap((id) => sockets.get(id) ?? [])
}

interface WebSocketLike {
  bufferedAmount: number
  terminate(): void
}

/** The ws socket under an engine.io transport, which does not declare it. */
export function websocketOf(transport: object | undefined): WebSocketLike | null {
  const socket = transport && 'socket' in transport ? transport.socket : null
  return isWebSocket(socket) ? socket : null
}

function isWebSocket(value: unknown): value is WebSocketLike {
  return (
    typeof value === 'object' &&
    value !== null &&
    'bufferedAmount' in value &&
    typeof value.bufferedAmount === 'number' &&
    'terminate' in value &&
    typeof value.terminate === 'function'
  )
}
