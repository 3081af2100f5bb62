import { streamEventSchema } from '../../../domain/wire/stream-event.ts'
import { applyEvents } from '../cache/apply-events.ts'
import { addToStage, beginStage, replaceStream, takeStaged } from '../cache/apply-snapshot.ts'
import type { Cache } from '../cache/open-cache.ts'
import { readCursor } from '../cache/stream-cursors.ts'
import { createLiveBuffer, type LiveBuffer } from './live-buffer.ts'
import { type PulledPage, ResyncError, type SyncHttp } from './sync-http.ts'

/** Follows one stream for as long as one link lives: takes its live events, pulls what they leave out. */
export interface Follower {
  readonly stream: string
  /** What the server says the stream has come to. */
  heard: (head: { epoch: string; head: number }) => void
  /** A live event, as it came. @returns whether there is something to apply now */
  offer: (event: unknown) => boolean
  /** Applies what is ready, in the transaction given. */
  flush: (db: Parameters<Parameters<Cache['transact']>[0]>[0]) => void
  hasReady: () => boolean
  /** Whether the log has to be asked. */
  isBehind: () => boolean
  /** Events between the cursor and the head, 0 when a snapshot is needed first. */
  missing: () => number
  /** Brings the cursor to the head by log or snapshot. Rejects when it cannot, or when `signal` aborts. */
  catchUp: (signal: AbortSignal) => Promise<void>
}

export interface CatchUpProgress {
  /** `total` rows of a snapshot are about to come. */
  snapshotBegins: (total: number) => void
  rows: (count: number) => void
  events: (count: number) => void
}

const pageEvents = 10_000
/** A snapshot may be dropped by the server between its pages; more often than this something else is wrong. */
const snapshotAttempts = 3

interface Options {
  stream: string
  cache: Cache
  http: SyncHttp
  head: { epoch: string; head: number }
  progress: CatchUpProgress
}

export function createFollower({ stream, cache, http, head: firstHead, progress }: Options): Follower {
  let head = firstHead
  /** Set when a live event could not be used: only the log can tell what it was. */
  let mustPull = false
  let live: LiveBuffer = createLiveBuffer(readCursor(cache.read, stream)?.seq ?? 0)

  const inEpoch = () => readCursor(cache.read, stream)?.epoch === head.epoch

  const apply = (events: PulledPage['events']) => {
    // Live events may have moved the cursor while the page was on its way.
    const at = readCursor(cache.read, stream)?.seq ?? 0
    const fresh = events.filter((event) => event.place.seq > at)
    if (fresh.length === 0) return
    cache.transact((db) => applyEvents(db, cache.expiry, stream, fresh))
    live.advanceTo(fresh.at(-1)?.place.seq ?? at)
  }

  const pullToHead = async (signal: AbortSignal) => {
    const ask = (after: number) => http.pull({ stream, epoch: head.epoch, after, limit: pageEvents }, signal)
    let after = readCursor(cache.read, stream)?.seq ?? 0
    let next = ask(after)
    for (;;) {
      const { header, events } = await next
      after += header.count
      head = { epoch: header.epoch, head: Math.max(head.head, header.head) }
      const more = after < header.head && header.count > 0
      if (more) {
        // Asked for before applying, so that the server and this machine work at the same time.
        next = ask(after)
        next.catch(() => {})
      }
      signal.throwIfAborted()
      apply(events)
      progress.events(header.count)
      if (more) continue
      // The log is the truth: a head it does not have was a mistake, or comes again with the next beat.
      if (header.count === 0) head = { ...head, head: Math.max(header.head, live.reached()) }
      return
    }
  }

  const takeSnapshot = async (signal: AbortSignal) => {
    cache.transact((db) => beginStage(db, stream))
    let cursor = { epoch: head.epoch, seq: 0 }
    let snapshotId: string | null = null
    let pages = 1
    for (let page = 0; page < pages; page += 1) {
      await http.snapshotPage(
        { stream, page, snapshotId },
        (header) => {
          if (page === 0) progress.snapshotBegins(header.rows_total)
          ;({ pages } = header)
          snapshotId = header.snapshot_id
          cursor = { epoch: header.epoch, seq: header.seq }
        },
        (rows) => {
          cache.transact((db) => addToStage(db, stream, rows))
          progress.rows(rows.length)
        },
        signal,
      )
    }
    signal.throwIfAborted()
    cache.transact((db) => replaceStream(db, cache.expiry, stream, cursor, takeStaged(db, stream)))
    head = { epoch: cursor.epoch, head: Math.max(cursor.seq, cursor.epoch === head.epoch ? head.head : 0) }
    live = createLiveBuffer(cursor.seq)
  }

  const resync = async (signal: AbortSignal) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await takeSnapshot(signal)
      } catch (error) {
        if (!(error instanceof ResyncError) || attempt === snapshotAttempts) throw error
      }
    }
  }

  return {
    stream,
    heard: (heard) => {
      head = heard.epoch === head.epoch ? { ...head, head: Math.max(head.head, heard.head) } : heard
    },
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
      return live.hasReady()
    },
    flush: (db) => applyEvents(db, cache.expiry, stream, live.take()),
    hasReady: () => live.hasReady(),
    isBehind: () => mustPull || !inEpoch() || live.reached() < head.head,
    missing: () => (inEpoch() ? Math.max(0, head.head - live.reached()) : 0),
    catchUp: async (signal) => {
      mustPull = false
      if (!inEpoch()) await resync(signal)
      try {
        await pullToHead(signal)
      } catch (error) {
        if (!(error instanceof ResyncError)) throw error
        await resync(signal)
        await pullToHead(signal)
      }
    },
  }
}
