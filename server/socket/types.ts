import type { Server, Socket } from 'socket.io'
import type { ClientToServer, ServerToClient } from '../../domain/wire/socket.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'

/** All that is kept for a connection beside what Socket.IO keeps: ten thousand of these must stay small. */
export interface Session {
  person_id: string
  /** The sign-in that its token came from: when that is voided, the session ends. */
  family: string
  expires_at_ms: number
  /** Null until the person's rights have been read for this socket. */
  streams: StreamName[] | null
}

type NoServerEvents = Record<string, never>
export type Io = Server<ClientToServer, ServerToClient, NoServerEvents, Session>
export type ClientSocket = Socket<ClientToServer, ServerToClient, NoServerEvents, Session>

/** Sockets of one person, whatever they may read: what a revocation reaches. */
export const personRoom = (personId: string): string => `person:${personId}`
/** Sockets that subscribed to a message and read the stream. */
export const messageRoom = (message: string, stream: StreamName): string => `${message} ${stream}`
