import type { Deps } from '../deps.ts'
import { websocketOf } from './end.ts'
import type { ClientSocket, Io } from './types.ts'

/** Packets for each event a socket may say: the rest are answers to pings, handshakes and what is none of ours. */
const packetsPerEvent = 2

/**
 * Cuts off a connection that sends packets faster than any client has reason to, whatever they are: handshakes that are
 * refused, acknowledgements nobody waits for. Those never reach the limit on events, and thousands of them arrive in one
 * turn of the event loop. Counted in place, because a promise a packet would be what the flood is after.
 */
export function guardAgainstFloods(io: Io, { clock, config }: Pick<Deps, 'clock' | 'config'>): void {
  const { points, periodMs } = config.limits.socketEvents
  const most = points * packetsPerEvent
  io.engine.on('connection', (conn: ClientSocket['conn']) => {
    let packets = 0
    let sinceMs = clock.nowMs()
    conn.on('packet', () => {
      const nowMs = clock.nowMs()
      if (nowMs - sinceMs > periodMs) {
        packets = 0
        sinceMs = nowMs
      }
      packets += 1
      if (packets <= most) return
      // The first drops the packets that have been read already, the second the connection.
      conn.close()
      websocketOf(conn.transport)?.terminate()
    })
  })
}
