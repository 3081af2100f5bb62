import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { added, changed, epochA, makeQuote, north, org, south } from '../../../tests/support/engine-world.ts'
import { beatMs, clientId, createSyncWorld, type SyncWorld, settle } from '../../../tests/support/sync-world.ts'
import { writeMeta } from '../cache/meta.ts'
import { readCursor } from '../cache/stream-cursors.ts'
import { toConnection } from './sync-state.ts'

let world: SyncWorld
const quote = makeQuote()

const state = () => toConnection(world.sync.state.get()).state
const cursor = () => readCursor(world.temp.cache.read, north)?.seq
const titles = () => world.temp.cache.read.values('SELECT title FROM quotes ORDER BY title')
const reportOf = (stream: string) => world.sync.reports().find((report) => report.stream === stream)
const lose = () => world.links.latest().say.closed('lost')
const snapshotAt = (seq: number, pages = 1, page = 0) => ({
  stream: north,
  epoch: epochA,
  seq,
  snapshot_id: epochA,
  page,
  pages,
  rows: 1,
  rows_total: pages,
})

beforeEach(() => {
  world = createSyncWorld([north, org, south], [added(quote)])
})
afterEach(() => world.dispose())

describe('when it was synced last', () => {
  it('is when every cursor was at its head, not just the one that was told of last', async () => {
    await world.connect()
    expect(world.sync.lastSyncedAt()).toBe('2026-03-04T10:00:00.000Z')
    world.time.advance(beatMs)
    world.beat(org)
    world.beat(north)
    expect(world.sync.lastSyncedAt(), 'nothing is known of south since').toBe('2026-03-04T10:00:00.000Z')
    world.beat(south)
    expect(world.sync.lastSyncedAt()).toBe('2026-03-04T10:00:10.000Z')
  })

  it('stays while one stream is behind', async () => {
    await world.connect()
    world.http.pull = () => new Promise(() => {})
    world.append(changed({ ...quote, version: 2 }))
    world.time.advance(beatMs)
    for (const stream of [org, south, north]) world.beat(stream)
    expect(state()).toBe('catching_up')
    expect(world.sync.lastSyncedAt()).toBe('2026-03-04T10:00:00.000Z')
    expect(reportOf(north)).toMatchObject({ state: 'catching_up', gap: 1 })
    expect(reportOf(south)).toMatchObject({ state: 'level', gap: 0 })
  })
})

describe('snapshots', () => {
  it('are taken one after the other', async () => {
    let open = 0
    let most = 0
    const { snapshotPage } = world.http
    world.http.snapshotPage = async (...args) => {
      open += 1
      most = Math.max(most, open)
      await settle()
      await snapshotPage(...args)
      open -= 1
    }
    await world.connect()
    for (let n = 0; n < 10; n += 1) await settle()
    expect(state()).toBe('live')
    expect(world.asked.filter((what) => what.startsWith('snapshot'))).toHaveLength(3)
    expect(most).toBe(1)
  })

  it('go on where a lost link left them, however often it is lost', async () => {
    const pages = 5
    const asked: number[] = []
    world.http.snapshotPage = ({ page, stream }, onHeader, onRows) => {
      if (stream !== north) return Promise.reject(new Error('only north'))
      asked.push(page)
      onHeader(snapshotAt(0, pages, page))
      // The link breaks in the middle of each page once.
      if (asked.filter((other) => other === page).length === 1) {
        onRows([JSON.stringify(added(makeQuote({ title: 'half a page' })))])
        lose()
        return Promise.reject(new Error('the link was lost'))
      }
      onRows([JSON.stringify(added(makeQuote({ title: `page ${page}` })))])
      return Promise.resolve()
    }
    world.dispose()
    const { http } = world
    world = createSyncWorld([north])
    world.http = http
    world.sync.start()
    for (let n = 0; n < 30 && state() !== 'live'; n += 1) {
      await settle()
      if (world.sync.state.get().state === 'connecting') world.welcome()
      await settle()
      if (state() === 'offline') world.time.advance(60_000)
    }
    expect(state()).toBe('live')
    expect(asked).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4])
    expect(titles(), 'nothing of a page that broke off').toEqual([0, 1, 2, 3, 4].map((page) => `page ${page}`))
  })

  it('I6: one that is older than the cursor does not move it back: what lies between goes with it', async () => {
    await world.connect()
    const later = { ...quote, version: 2, title: 'Later' }
    const event = world.append(changed(later, north, 1))
    world.links.latest().say.event(event)
    world.time.advance(50)
    expect(cursor()).toBe(1)
    const seen: number[] = []
    world.temp.cache.onCommit(() => void seen.push(cursor() ?? -1))
    world.http.snapshotPage = (_query, onHeader, onRows) => {
      onHeader(snapshotAt(0))
      onRows([JSON.stringify(added(quote))])
      return Promise.resolve()
    }
    await world.sync.repair(north)
    expect(titles()).toEqual(['Later'])
    expect(new Set(seen)).toEqual(new Set([1]))
    expect(state()).toBe('live')
  })

  it('asked for by a person is reported until it is there, and events that come meanwhile are not lost', async () => {
    await world.connect()
    const arrived = Promise.withResolvers<void>()
    const { snapshotPage } = world.http
    world.http.snapshotPage = async (...args) => {
      await arrived.promise
      await snapshotPage(...args)
    }
    const repaired = world.sync.repair(north)
    await settle()
    expect(reportOf(north)).toMatchObject({ state: 'repairing' })
    expect(reportOf(org)).toMatchObject({ state: 'level' })
    world.links.latest().say.event(world.append(changed({ ...quote, version: 2, title: 'Meanwhile' }, north, 1)))
    world.time.advance(50)
    arrived.resolve()
    await repaired
    expect(cursor()).toBe(1)
    expect(reportOf(north)).toMatchObject({ state: 'level', seq: 1, head: 1 })
  })

  it('that a person wants is taken after a lost link, too; signing out ends the wish in words', async () => {
    await world.connect()
    world.http.snapshotPage = () => {
      lose()
      return Promise.reject(new Error('the link was lost'))
    }
    const wish = world.sync.repair(north).catch((error: Error) => error.message)
    await settle()
    expect(state()).toBe('offline')
    world.sync.stop()
    expect(await wish).toBe('Signed out before it was fetched.')
  })
})

describe('a link', () => {
  it('presents the client id as it stands now: it may have been given up since the account was opened', async () => {
    await world.connect()
    expect(world.links.latest().clientId).toBe(clientId)
    const other = '66666666-6666-4666-8666-666666666666'
    world.temp.cache.transact((db) => writeMeta(db, 'client_id', other))
    lose()
    world.time.advance(60_000)
    await settle()
    expect(world.links.latest().clientId).toBe(other)
  })

  it('that cannot be had five times in a row is asked for rarely, one attempt at a time; asked by hand, at once', async () => {
    world.sync.start()
    const pauses: number[] = []
    for (let n = 0; n < 8; n += 1) {
      await settle()
      lose()
      const now = world.sync.state.get()
      if (now.state !== 'offline') throw new Error(`expected offline, is ${now.state}`)
      pauses.push(now.retry_at_ms - world.time.clock.nowMs())
      const before = world.links.links.length
      world.time.advance(pauses.at(-1) ?? 0)
      await settle()
      expect(world.links.links.length).toBe(before + 1)
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 10_000, 20_000, 40_000, 60_000])
    lose()
    world.sync.retryNow()
    await settle()
    world.welcome()
    await settle()
    expect(state()).toBe('live')
    lose()
    const now = world.sync.state.get()
    expect(now.state === 'offline' && now.retry_at_ms - world.time.clock.nowMs(), 'closed again').toBe(500)
  })

  it('that is lost while much comes in is not held against the server', async () => {
    await world.connect()
    const { pull } = world.http
    for (let round = 0; round < 7; round += 1) {
      // One event comes, and then the link hangs: it never gets level.
      let pulls = 0
      world.http.pull = (query, signal) => {
        pulls += 1
        return pulls > 1 ? new Promise(() => {}) : pull({ ...query, limit: 1 }, signal)
      }
      for (let n = 0; n < 3; n += 1) world.append(added(makeQuote()))
      if (round === 0) world.beat(north)
      else world.welcome()
      await settle()
      expect(state()).toBe('catching_up')
      expect(cursor()).toBe(round + 1)
      lose()
      const now = world.sync.state.get()
      expect(now.state === 'offline' && now.retry_at_ms - world.time.clock.nowMs()).toBe(500)
      world.time.advance(500)
      await settle()
    }
  })
})

describe('the machine’s disk is full', () => {
  it('what comes is not applied, reading goes on, and with room it is level again by itself', async () => {
    await world.connect()
    const { cache } = world.temp
    const pages = cache.read.value<number>('PRAGMA page_count') ?? 0
    cache.read.value(`PRAGMA max_page_count = ${pages}`)
    const big = { description: 'x'.repeat(2_000), product: 'Desk', quantity: 1, unit_price_minor: 1 }
    for (let n = 0; n < 20; n += 1) world.append(added(makeQuote({ lines: [big, big, big] })))
    world.beat(north)
    await settle()
    expect(toConnection(world.sync.state.get())).toMatchObject({
      state: 'offline',
      reason: expect.stringContaining('disk of this machine is full'),
    })
    expect(reportOf(north)?.last_error?.message).toContain('disk of this machine is full')
    expect(cursor()).toBe(0)
    cache.read.value('PRAGMA max_page_count = 1000000')
    world.time.advance(60_000)
    await settle()
    world.welcome()
    await settle()
    expect(state()).toBe('live')
    expect(cursor()).toBe(20)
  })
})
