import { type Clock, toInstantText } from '../../../domain/time.ts'
import { readMeta, writeMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { Log } from '../log.ts'
import type { ServerClock } from './server-clock.ts'

const keepEveryMs = 60_000
/** An offset that moved by less is noise of the network, not worth a flush of the disk. */
const offsetNoiseMs = 250

interface Options {
  cache: Cache
  clock: Clock
  serverClock: ServerClock
  log: Log
}

/** What a restart without the server should know: when this was synced last, and how far this machine's clock is off. */
export interface SyncedAt {
  lastSyncedAt: () => string | null
  /** Every cursor was at its head at that instant of the server. */
  note: (serverTimeMs: number) => void
  /** Written now, not only now and then. */
  keep: () => void
}

export function createSyncedAt({ cache, clock, serverClock, log }: Options): SyncedAt {
  let lastSyncedAt = readMeta(cache.read, 'last_synced_at')
  let keptAtMs = Number.NEGATIVE_INFINITY

  /** Now and then, not at every beat: it would cost a flush of the disk each time. */
  const keep = () => {
    const at = lastSyncedAt
    if (at === null) return
    keptAtMs = clock.nowMs()
    try {
      cache.transact((db) => {
        writeMeta(db, 'last_synced_at', at)
        if (readMeta(db, 'first_sync_done') === null) writeMeta(db, 'first_sync_done', at)
        const offsetMs = serverClock.offsetMs()
        const keptMs = Number(readMeta(db, 'server_offset_ms') ?? Number.NaN)
        if (offsetMs !== null && !(Math.abs(offsetMs - keptMs) <= offsetNoiseMs)) {
          writeMeta(db, 'server_offset_ms', String(offsetMs))
        }
        db.touched.streams()
      })
    } catch (error) {
      // A full disk: the next one may be kept. Following, and reading above all, goes on.
      log.warn({ err: error }, 'when this was synced last could not be kept')
    }
  }

  return {
    lastSyncedAt: () => lastSyncedAt,
    note: (serverTimeMs) => {
      const at = toInstantText(serverTimeMs)
      if (lastSyncedAt === null || at > lastSyncedAt) lastSyncedAt = at
      if (clock.nowMs() - keptAtMs >= keepEveryMs) keep()
    },
    keep,
  }
}

/** The offset that an earlier run measured. */
export function keptOffsetMs(cache: Cache): number | null {
  const kept = readMeta(cache.read, 'server_offset_ms')
  return kept === null ? null : Number(kept)
}
