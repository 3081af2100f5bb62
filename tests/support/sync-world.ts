import type { StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { writeMeta } from '../../src-main/engine/cache/meta.ts'
import { createLog } from '../../src-main/engine/log.ts'
import { createServerClock } from '../../src-main/engine/sync/server-clock.ts'
import { createSync, type Sync } from '../../src-main/engine/sync/sync.ts'
import type { SyncHttp } from '../../src-main/engine/sync/sync-http.ts'
import { epochA, eventOf, type HandTime, handTime, north, org, rob, tempCache } from './engine-world.ts'
import { fakeLinks } from './fake-link.ts'

export const beatMs = 10_000
export const clientId = '44444444-4444-4444-8444-444444444444'

/** Lets promises run as far as they can without time passing. */
export const settle = async (): Promise<void> => {
  for (let n = 0; n < 100; n += 1) await Promise.resolve()
}

/** A sync machine with a cache of its own, and a server that a test plays: logs, snapshots, and what is said on the link. */
export interface SyncWorld {
  temp: ReturnType<typeof tempCache>
  time: HandTime
  links: ReturnType<typeof fakeLinks>
  sync: Sync
  http: SyncHttp
  asked: string[]
  damages: number
  /** Appends to a stream's log, without a word on the link. @returns the event */
  append: (change: StreamChange, stream?: StreamName) => StreamEvent
  head: (stream: StreamName) => number
  welcome: () => void
  beat: (stream: StreamName, serverTimeMs?: number) => void
  connect: () => Promise<void>
  dispose: () => void
}

export function createSyncWorld(streams: readonly StreamName[] = [north, org], rows: StreamChange[] = []): SyncWorld {
  const temp = tempCache()
  const time = handTime()
  const links = fakeLinks()
  const logs = new Map<string, StreamEvent[]>(streams.map((stream) => [stream, []]))
  const logOf = (stream: string) => logs.get(stream) ?? []
  temp.cache.transact((db) => writeMeta(db, 'client_id', clientId))
  const world: SyncWorld = {
    temp,
    time,
    links,
    asked: [],
    damages: 0,
    http: {
      pull: ({ stream, epoch, after, limit }) => {
        world.asked.push(`events ${stream} ${after}`)
        const all = logOf(stream)
        const events = all.slice(after, after + limit)
        const header = { stream: stream as StreamName, epoch, after, count: events.length, head: all.length }
        return Promise.resolve({ header, events })
      },
      snapshotPage: ({ stream, page, snapshotId }, onHeader, onRows) => {
        world.asked.push(`snapshot ${stream} ${page}`)
        const about = { stream: stream as StreamName, epoch: epochA, seq: logOf(stream).length }
        onHeader({
          ...about,
          snapshot_id: snapshotId ?? epochA,
          page,
          pages: 1,
          rows: rows.length,
          rows_total: rows.length,
        })
        onRows(rows.map((row) => JSON.stringify(row)))
        return Promise.resolve()
      },
      hash: () => Promise.reject(new Error('no hash was expected')),
    },
    append: (change, stream = north) => {
      const log = logOf(stream)
      const event = eventOf(change, log.length + 1, { stream })
      log.push(event)
      return event
    },
    head: (stream) => logOf(stream).length,
    welcome: () =>
      links.latest().say.welcome({
        person_id: rob.id,
        epoch: epochA,
        streams: streams.map((stream) => ({ stream, head: logOf(stream).length })),
        server_time_ms: time.clock.nowMs(),
        beat_ms: beatMs,
      }),
    beat: (stream, serverTimeMs = time.clock.nowMs()) =>
      links.latest().say.beat({ stream, epoch: epochA, head: logOf(stream).length, server_time_ms: serverTimeMs }),
    connect: async () => {
      world.sync.start()
      await settle()
      world.welcome()
      await settle()
    },
    dispose: () => {
      world.sync.stop()
      temp.dispose()
    },
    sync: createSync({
      serverUrl: 'http://server.test',
      cache: temp.cache,
      tokens: {
        accessToken: () => Promise.resolve('token'),
        freshToken: () => Promise.resolve('token'),
        accessLife: () => null,
        invalidate: () => {},
        current: () => null,
        refreshToken: () => '',
      },
      http: {
        pull: (...args) => world.http.pull(...args),
        snapshotPage: (...args) => world.http.snapshotPage(...args),
        hash: (...args) => world.http.hash(...args),
      },
      openLink: links.open,
      ...time,
      serverClock: createServerClock(time.clock),
      random: () => 1,
      log: createLog('silent'),
      onSessionEnded: () => {},
      onDamage: () => void (world.damages += 1),
    }),
  }
  return world
}
