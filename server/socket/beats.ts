import { setTimeout as delay } from 'node:timers/promises'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { Deps } from '../deps.ts'
import { endSocket, websocketOf } from './end.ts'
import type { ClientSocket, Io } from './types.ts'

/** Sockets that get a beat in one turn: a room of thousands would hold every event behind it for too long. */
const sliceSize = 200

/**
 * Each `beatMs`: every stream tells its head to its readers, slice by slice over
 * half the period, and sockets that read too slowly or outlived their token are ended.
 * @returns a function that stops the beats
 */
export function startBeats(io: Io, deps: Pick<Deps, 'store' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const { store, clock, config, log } = deps
  const stopping = new AbortController()

  const beat = (stream: StreamName, ids: string[]) => {
    const head = { stream, epoch: store.epoch, head: store.publishedHead(stream), server_time_ms: clock.nowMs() }
    // A reader whose buffer is full misses a beat rather than having one more thing to read.
    io.to(ids).volatile.emit('beat', head)
  }

  const round = async () => {
    const slices = [...io.of('/').adapter.rooms].flatMap(([room, ids]) => (isStream(room) ? slicesOf(room, ids) : []))
    const gapMs = config.beatMs / 2 / Math.max(1, slices.length)
    for (const { stream, ids } of slices) {
      beat(stream, ids)
      for (const id of ids) judge(io.of('/').sockets.get(id))
      await delay(gapMs, undefined, { signal: stopping.signal })
    }
  }

  const judge = (socket: ClientSocket | undefined) => {
    if (!socket) return
    if (clock.nowMs() > socket.data.expires_at_ms + config.socketGraceMs) {
      endSocket(socket, 'unauthorised', 'The access token of this connection ran out: connect with a fresh one.')
    } else if (unreadBytes(socket) > config.maxSocketBufferBytes) {
      endSocket(socket, 'too_slow', 'You read more slowly than events arrive: connect again and pull what is missing.')
    }
  }

  const run = async () => {
    while (!stopping.signal.aborted) {
      const rest = delay(config.beatMs, undefined, { signal: stopping.signal }).catch(() => undefined)
      // Whatever a round trips over, the next one comes.
      await round().catch((error: unknown) => logUnlessStopped(error))
      await rest
    }
  }
  const logUnlessStopped = (error: unknown) => {
    if (!stopping.signal.aborted) log.error({ err: error }, 'a beat failed')
  }

  const running = run()
  return async () => {
    stopping.abort()
    await running
  }
}

function isStream(room: string): room is StreamName {
  return room.startsWith('team:') || room.startsWith('org:')
}

function slicesOf(stream: StreamName, ids: ReadonlySet<string>): { stream: StreamName; ids: string[] }[] {
  const all = [...ids]
  return Array.from({ length: Math.ceil(all.length / sliceSize) }, (_, index) => ({
    stream,
    ids: all.slice(index * sliceSize, (index + 1) * sliceSize),
  }))
}

/** What waits for this socket: bytes in ws, and packets that engine.io holds back until ws is free. */
function unreadBytes(socket: ClientSocket): number {
  let bytes = websocketOf(socket.conn.transport)?.bufferedAmount ?? 0
  for (const packet of heldBack(socket.conn)) {
    if (typeof packet.data === 'string') bytes += packet.data.length
  }
  return bytes
}

function heldBack(conn: object): readonly { data?: unknown }[] {
  return 'writeBuffer' in conn && Array.isArray(conn.writeBuffer) ? (conn.writeBuffer as { data?: unknown }[]) : []
}
