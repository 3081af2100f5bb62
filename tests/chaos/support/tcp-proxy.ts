import { connect, createServer, type Server, type Socket } from 'node:net'

/** A bad line between clients and server; all of its doings are asked for. */
export interface TcpProxy {
  readonly port: number
  /** Breaks every connection there is. */
  cut: () => void
  /** Nothing passes in either direction until told otherwise; nobody is told. */
  stall: (stalled: boolean) => void
  /** From now on what a client sends on a new connection reaches the server on a second one as well. */
  double: (doubled: boolean) => void
  figures: () => { connections: number; cut: number; doubled: number }
  close: () => Promise<void>
}

const host = '127.0.0.1'

/** @param serverPort asked for at each connection: the server may have moved */
export async function startTcpProxy(serverPort: () => number): Promise<TcpProxy> {
  const open = new Set<Socket>()
  const figures = { connections: 0, cut: 0, doubled: 0 }
  let stalled = false
  let doubled = false

  const keep = (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    // Broken lines are what this is for.
    socket.on('error', () => socket.destroy())
    if (stalled) socket.pause()
    return socket
  }
  const server: Server = createServer((client) => {
    figures.connections += 1
    const upstream = keep(connect(serverPort(), host))
    keep(client)
    const twin = doubled ? keep(connect(serverPort(), host)) : null
    if (twin) {
      figures.doubled += 1
      // What the server says to the twin nobody hears.
      twin.resume()
      twin.on('error', () => undefined)
    }
    client.on('data', (chunk) => {
      upstream.write(chunk)
      if (twin && !twin.destroyed) twin.write(chunk)
    })
    upstream.on('data', (chunk) => client.write(chunk))
    client.on('close', () => {
      upstream.destroy()
      twin?.destroy()
    })
    upstream.on('close', () => client.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')

  return {
    port: address.port,
    cut: () => {
      figures.cut += open.size
      for (const socket of open) socket.destroy()
    },
    stall: (now) => {
      stalled = now
      for (const socket of open) {
        if (now) socket.pause()
        else socket.resume()
      }
    },
    double: (now) => {
      doubled = now
    },
    figures: () => ({ ...figures }),
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
