import { setTimeout as delay } from 'node:timers/promises'
import { type StreamName, streamNameSchema } from '../../domain/wire/stream-name.ts'
import type { Deps } from '../deps.ts'
import { endSocket, websocketOf } from './end.ts'
import type { ClientSocket, Io } from './types.ts'

/** Beats that go out in one turn: a room of thousands would hold every event behind it for too long. */
const turnSize = 200

/** A stream's beat for some of its readers. */
interface Slice {
  stream: StreamName
  ids: string[]
}

/**
 * Each `beatMs`: every stream tells its head to its readers, turn by turn over half the period, and sockets that read too
 * slowly or outlived their token are ended.
 * @returns a function that stops the beats
 */
export function startBeats(io: Io, deps: Pick<Deps, 'store' | 'clock' | 'config' | 'log'>): () => Promise<void> {
  const { store, clock, config, log } = deps
  const stopping = new AbortController()

  const beat = (stream: StreamName, ids: string[]) => {
    const head = { stream, epoch: store.epoch, head: store.publishedHead(stream), server_time_ms: clock.nowMs() }
    // Not volatile: that would keep back every beat but the first of a turn. Who does not read them is cut off below.
    io.to(ids).emit('beat', head)
  }

  const round = async () => {
    const turns = turnsOf(io.of('/').adapter.rooms)
    const gapMs = config.beatMs / 2 / Math.max(1, turns.length)
    for (const turn of turns) {
      for (const { stream, ids } of turn) {
        beat(stream, ids)
        for (const id of ids) judge(io.of('/').sockets.get(id))
      }
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

/** Small rooms share a turn, for everybody has a stream of their own; a large one takes several. */
function turnsOf(rooms: ReadonlyMap<string, ReadonlySet<string>>): Slice[][] {
  const turns: Slice[][] = []
  let left = 0
  for (const [name, readers] of rooms) {
    const stream = streamNameSchema.safeParse(name)
    if (!stream.success) continue
    const all = [...readers]
    for (let start = 0; start < all.length; ) {
      if (left === 0) {
        turns.push([])
        left = turnSize
      }
      const ids = all.slice(start, start + left)
      turns.at(-1)?.push({ stream: stream.data, ids })
      start += ids.length
      left -= ids.length
    }
  }
  return turns
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
