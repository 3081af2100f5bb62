import type { ClientSocket, Io, Session } from '../../../server/socket/types.ts'

/** The server's side of one simulated connection; `send` puts a message on the wire as the text it would be there. */
export interface FakeSocket {
  id: string
  data: Partial<Session>
  handshake: { auth: unknown }
  connected: boolean
  rooms: Set<string>
  conn: { transport: object; writeBuffer: never[] }
  join: (rooms: string | readonly string[]) => void
  leave: (room: string) => void
  emit: (name: string, payload: unknown) => boolean
  disconnect: () => void
}

export interface FakeIo {
  io: Io
  /** @param onClosed the server has closed the connection */
  connect: (auth: unknown, send: (name: string, text: string) => void, onClosed: () => void) => FakeSocket
  asSocket: (socket: FakeSocket) => ClientSocket
}

/**
 * As much of Socket.IO as the gateway uses, without sockets: rooms, broadcasts, disconnecting. The real welcome and fan-out
 * run on it, so that whom an event reaches is decided by the real code.
 * @param isAlive false once the process has died: nothing leaves it any more
 */
export function createFakeIo(isAlive: () => boolean): FakeIo {
  const rooms = new Map<string, Set<string>>()
  const sockets = new Map<string, FakeSocket>()
  const senders = new Map<string, (name: string, text: string) => void>()
  let made = 0

  const enter = (room: string, id: string) => {
    const members = rooms.get(room) ?? new Set()
    rooms.set(room, members.add(id))
  }
  const leave = (room: string, id: string) => {
    const members = rooms.get(room)
    members?.delete(id)
    if (members?.size === 0) rooms.delete(room)
  }
  const idsIn = (targets: string | readonly string[]) => {
    const names = typeof targets === 'string' ? [targets] : targets
    return new Set(names.flatMap((name) => (sockets.has(name) ? [name] : [...(rooms.get(name) ?? [])])))
  }
  const broadcast = (targets: string | readonly string[]) => {
    const emit = (name: string, payload: unknown) => {
      const text = JSON.stringify(payload)
      if (isAlive()) for (const id of idsIn(targets)) senders.get(id)?.(name, text)
      return true
    }
    return { emit, volatile: { emit } }
  }

  const connect: FakeIo['connect'] = (auth, send, onClosed) => {
    const id = `socket-${(made += 1)}`
    const emit = (name: string, payload: unknown) => {
      if (isAlive() && socket.connected) send(name, JSON.stringify(payload))
      return true
    }
    const socket: FakeSocket = {
      id,
      data: {},
      handshake: { auth },
      connected: true,
      rooms: new Set(),
      conn: { transport: {}, writeBuffer: [] },
      join: (names) => {
        for (const room of typeof names === 'string' ? [names] : names) {
          if (!socket.connected) return
          socket.rooms.add(room)
          enter(room, id)
        }
      },
      leave: (room) => {
        socket.rooms.delete(room)
        leave(room, id)
      },
      emit,
      disconnect: () => {
        if (!socket.connected) return
        socket.connected = false
        for (const room of socket.rooms) leave(room, id)
        socket.rooms.clear()
        sockets.delete(id)
        senders.delete(id)
        if (isAlive()) onClosed()
      },
    }
    sockets.set(id, socket)
    senders.set(id, send)
    return socket
  }

  const namespace = { adapter: { rooms }, sockets }
  const io = { to: broadcast, of: () => namespace, sockets: namespace, emit: broadcast([]).emit }
  // The gateway's parts take Socket.IO's own types; what they use of them is here.
  return { io: io as unknown as Io, connect, asSocket: (socket) => socket as unknown as ClientSocket }
}
