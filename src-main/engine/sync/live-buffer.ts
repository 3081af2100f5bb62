import type { StreamEvent } from '../../../domain/wire/stream-event.ts'

/** What became of an offered event. `gap`: something before it is missing and has to be pulled; `full`: so has it itself. */
export type Offered = 'queued' | 'known' | 'kept' | 'gap' | 'full'

/** I9: events that came too early wait here, this many at most; beyond that the log is asked anyway. */
export const reorderLimit = 1_000
/** While nothing is applied (a stream is compared, the machine is busy), so many wait; the log has the others. */
export const readyLimit = 10_000

/** Puts the live events of one stream in order: nothing leaves past a gap, nothing leaves twice. */
export interface LiveBuffer {
  offer: (event: StreamEvent) => Offered
  /** What is next in order, to be applied now. */
  take: () => StreamEvent[]
  hasReady: () => boolean
  /** The cursor moved by other means: what it has passed is dropped, what is next gets ready. */
  advanceTo: (seq: number) => void
  /** The last seq that is applied or ready. */
  reached: () => number
  /** Events that wait: for the next transaction, or behind a gap. */
  waiting: () => number
}

export function createLiveBuffer(startSeq: number): LiveBuffer {
  let ready: StreamEvent[] = []
  let reached = startSeq
  const early = new Map<number, StreamEvent>()
  const drain = () => {
    for (let next = early.get(reached + 1); next; next = early.get(reached + 1)) {
      early.delete(reached + 1)
      ready.push(next)
      reached += 1
    }
  }
  return {
    offer: (event) => {
      const { seq } = event.place
      if (seq <= reached || early.has(seq)) return 'known'
      if (ready.length >= readyLimit) return 'full'
      if (seq === reached + 1) {
        ready.push(event)
        reached = seq
        drain()
        return 'queued'
      }
      const first = early.size === 0
      if (early.size >= reorderLimit) early.clear()
      early.set(seq, event)
      return first ? 'gap' : 'kept'
    },
    take: () => {
      const taken = ready
      ready = []
      return taken
    },
    hasReady: () => ready.length > 0,
    advanceTo: (seq) => {
      ready = ready.filter((event) => event.place.seq > seq)
      for (const known of early.keys()) if (known <= seq) early.delete(known)
      reached = Math.max(seq, ready.at(-1)?.place.seq ?? seq)
      drain()
    },
    reached: () => reached,
    waiting: () => ready.length + early.size,
  }
}
