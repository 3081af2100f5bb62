import type { Handshake } from '../../../domain/wire/socket.ts'
import { beatSchema, endedSchema, welcomeSchema } from '../../../domain/wire/socket.ts'
import type { Scheduler } from '../../../src-main/engine/scheduler.ts'
import type { Link, LinkListener } from '../../../src-main/engine/sync/link.ts'
import type { FakeSocket } from './fake-io.ts'
import type { SimNetwork } from './sim-network.ts'
import type { ServerRun } from './sim-server.ts'

/** One simulated live connection, both of its ends. */
export interface SimLink {
  link: Link
  /** Breaks it: both ends hear of it, each in its time. */
  sever: (reason: string) => void
  /** The client's process is gone; the server will notice. */
  abandon: () => void
  serverSocket: () => FakeSocket | null
}

interface Options {
  id: number
  client: number
  network: SimNetwork
  scheduler: Scheduler
  server: () => ServerRun | null
  /** Whether the client's network is there at all. */
  isCut: () => boolean
  isAlive: () => boolean
  handshake: Handshake
  listener: LinkListener
  /** Asks the server's time by a request of its own. */
  askTime: () => Promise<number>
  onSent: (run: ServerRun, name: string, text: string) => void
}

export function openSimLink(options: Options): SimLink {
  const { id, client, network, scheduler, listener, isAlive } = options
  let clientOpen = true
  let socket: FakeSocket | null = null
  let connectedTo: ServerRun | null = null

  const hint = (to: 'client' | 'server', name: string, run: () => void) =>
    network.send({ kind: 'hint', to, of: client, link: id, name, run, label: `${to} ${client} link ${id}: ${name}` })

  const closeClient = (reason: string) => {
    if (!clientOpen) return
    clientOpen = false
    if (isAlive()) listener.closed(reason)
  }
  const hear = (name: string, text: string) => {
    if (!clientOpen || !isAlive()) return
    const message: unknown = JSON.parse(text)
    if (name === 'event') listener.event(message)
    else if (name === 'beat') listener.beat(beatSchema.parse(message))
    else if (name === 'welcome') listener.welcome(welcomeSchema.parse(message))
    else if (name === 'ended') listener.ended(endedSchema.parse(message))
    else throw new Error(`the server said "${name}", which the simulated link does not know`)
  }
  const onClosed = () => hint('client', 'closed', () => closeClient('The connection to the server was lost.'))
  const shake = async (server: ServerRun, send: (name: string, text: string) => void) => {
    socket = await server.connect(options.handshake, send, onClosed)
    if (!clientOpen || !isAlive()) socket.disconnect()
  }
  const arrive = () => {
    const server = options.server()
    if (!server) {
      hint('client', 'closed', () => closeClient('The server cannot be reached.'))
      return
    }
    connectedTo = server
    const send = (name: string, text: string) => {
      options.onSent(server, name, text)
      hint('client', name, () => hear(name, text))
    }
    void shake(server, send)
  }
  const closeServer = () => {
    if (connectedTo?.isAlive()) socket?.disconnect()
  }

  if (options.isCut()) scheduler.after(10, () => closeClient('The server cannot be reached.'))
  else hint('server', 'connect', arrive)

  return {
    link: {
      askTime: options.askTime,
      renew: () => Promise.reject(new Error('tokens of the simulation do not run out')),
      close: () => {
        clientOpen = false
        hint('server', 'closed', closeServer)
      },
    },
    sever: (reason) => {
      closeServer()
      closeClient(reason)
    },
    abandon: () => {
      clientOpen = false
      hint('server', 'closed', closeServer)
    },
    serverSocket: () => (connectedTo?.isAlive() ? socket : null),
  }
}
