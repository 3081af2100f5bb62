import { type StreamEvent, streamEventSchema } from '../../../domain/wire/stream-event.ts'
import { applyEvents } from '../cache/apply-events.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { WritableDb } from '../cache/sql.ts'
import { readCursor } from '../cache/stream-cursors.ts'
import { ResyncError } from './answer-error.ts'
import type { CatchUpProgress } from './catch-up-progress.ts'
import { createLiveBuffer, type LiveBuffer } from './live-buffer.ts'
import { takeSnapshot } from './snapshot-taker.ts'
import type { StreamMemory } from './stream-memory.ts'
import type { PulledPage, SyncHttp } from './sync-http.ts'

export interface StreamHead {
  epoch: string
  head: number
}

/** Follows one stream for as long as one link lives: takes its live events, pulls what they leave out. */
export interface Follower {
  readonly stream: string
  /** What the server says the stream has come to. */
  heard: (head: StreamHead) => void
  head: () => StreamHead
  /** A live event, as it came. @returns whether there is something to apply now */
  offer: (event: unknown) => boolean
  /** Applies what is ready, in the transaction given. */
  flush: (db: WritableDb) => void
  hasReady: () => boolean
  /** Live events that wait, for the next transaction or behind a gap. */
  buffered: () => number
  /** Whether the log has to be asked. */
  isBehind: () => boolean
  /** Events between the cursor and the head, 0 when a snapshot is needed first. */
  missing: () => number
  /** Brings the cursor to the head by log or snapshot. Rejects when it cannot, or when `signal` aborts. */
  catchUp: (signal: AbortSignal) => Promise<void>
  /** Nothing is applied until it is released, but what `pullTo` asks for. @returns how to release */
  hold: () => () => void
  /** Brings the cursor to exactly this seq, which is not behind it. */
  pullTo: (seq: number, signal: AbortSignal) => Promise<void>
}

/** A page is parsed while the next one is on its way, so two of them are in memory at once. */
const pageEvents = 2_000

interface Options {
  stream: string
  cache: Cache
  http: SyncHttp
  head: StreamHead
  memory: StreamMemory
  progress: CatchUpProgress
}

export function createFollower(options: Options): Follower {
  const { stream, cache, http, memory, progress } = options
  let { head } = options
  /** Set when a live event could not be used: only the log can tell what it was. */
  let mustPull = false
  let holds = 0
  const cursor = () => readCursor(cache.read, stream)
  let live: LiveBuffer = createLiveBuffer(cursor()?.seq ?? 0)

  const inEpoch = () => cursor()?.epoch === head.epoch

  const applied = (db: WritableDb, events: Iterable<StreamEvent>) => {
    const noted = function* () {
      for (const event of events) {
        memory.lastEventAt = event.place.at
        yield event
      }
    }
    applyEvents(db, cache.expiry, stream, noted())
  }

  const apply = ({ header, events }: PulledPage) => {
    // Live events may have moved the cursor while the page was on its way.
    const at = cursor()?.seq ?? 0
    if (header.after + header.count <= at) return
    cache.transact((db) => applied(db, eventsAfter(events, at)))
    live.advanceTo(cursor()?.seq ?? at)
  }

  const pullToHead = async (signal: AbortSignal) => {
    const ask = (after: number) => http.pull({ stream, epoch: head.epoch, after, limit: pageEvents }, signal)
    let after = cursor()?.seq ?? 0
    let next = ask(after)
    for (;;) {
      const page = await next
      const { header } = page
      after += header.count
      head = { epoch: header.epoch, head: Math.max(head.head, header.head) }
      const more = after < header.head && header.count > 0
      if (more) {
        // Asked for before applying, so that the server and this machine work at the same time.
        next = ask(after)
        next.catch(() => {})
      }
      signal.throwIfAborted()
      apply(page)
      progress.events(header.count)
      if (more) continue
      // The log is the truth: a head it does not have was a mistake, or comes again with the next beat.
      if (header.count === 0) head = { ...head, head: Math.max(header.head, live.reached()) }
      return
    }
  }

  const resync = async (signal: AbortSignal) => {
    const at = await takeSnapshot({ stream, cache, http, memory, progress }, head.epoch, signal)
    memory.wantsSnapshot = false
    memory.verified = null
    head = { epoch: at.epoch, head: Math.max(at.seq, at.epoch === head.epoch ? head.head : 0) }
    live = createLiveBuffer(at.seq)
  }

  return {
    stream,
    heard: (heard) => {
      head = heard.epoch === head.epoch ? { ...head, head: Math.max(head.head, heard.head) } : heard
    },
    head: () => head,
    offer: (raw) => {
      const parsed = streamEventSchema.safeParse(raw)
      if (!parsed.success) {
        mustPull = true
        return false
      }
      const { place } = parsed.data
      if (place.epoch !== head.epoch) {
        head = { epoch: place.epoch, head: place.seq }
        return false
      }
      head = { ...head, head: Math.max(head.head, place.seq) }
      if (!inEpoch()) return false
      live.offer(parsed.data)
      return holds === 0 && live.hasReady()
    },
    flush: (db) => applied(db, live.take()),
    hasReady: () => holds === 0 && live.hasReady(),
    buffered: () => live.waiting(),
    isBehind: () => holds === 0 && (mustPull || memory.wantsSnapshot || !inEpoch() || live.reached() < head.head),
    missing: () => (inEpoch() ? Math.max(0, head.head - live.reached()) : 0),
    catchUp: async (signal) => {
      mustPull = false
      if (!inEpoch() || memory.wantsSnapshot) await resync(signal)
      try {
        await pullToHead(signal)
      } catch (error) {
        if (!(error instanceof ResyncError)) throw error
        await resync(signal)
        await pullToHead(signal)
      }
    },
    hold: () => {
      holds += 1
      return () => {
        holds -= 1
      }
    },
    pullTo: async (seq, signal) => {
      for (let at = cursor()?.seq ?? 0; at < seq; at = cursor()?.seq ?? 0) {
        const limit = Math.min(pageEvents, seq - at)
        const page = await http.pull({ stream, epoch: head.epoch, after: at, limit }, signal)
        signal.throwIfAborted()
        if (page.header.count === 0) throw new ResyncError('ahead_of_head')
        apply(page)
      }
    },
  }
}

function* eventsAfter(events: Iterable<StreamEvent>, seq: number): Generator<StreamEvent> {
  for (const event of events) if (event.place.seq > seq) yield event
}
