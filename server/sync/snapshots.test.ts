import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { snapshotHeaderSchema } from '../../domain/wire/sync-http.ts'
import {
  addDraft,
  type HandClock,
  handClock,
  seedWorld,
  tempStore,
  type World,
} from '../../tests/integration/support/world.ts'
import { serverConfig } from '../config.ts'
import { ProblemError } from '../http/problem-error.ts'
import type { Store } from '../store/store.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'

const defaults = serverConfig({ dataDir: '' }).snapshot
let clock: HandClock
let store: Store
let world: World
let snapshots: Snapshots
let close: () => Promise<void>
beforeEach(async () => {
  clock = handClock()
  ;({ store, close } = await tempStore(clock))
  world = await seedWorld(store)
  await store.transact(async (tx) => {
    for (let index = 0; index < 500; index += 1) await addDraft(tx, world)
    for (let index = 0; index < 500; index += 1) await addDraft(tx, world, { team_id: world.south.id })
  })
  snapshots = createSnapshots(store, clock, defaults)
})
afterEach(async () => {
  vi.useRealTimers()
  await snapshots.close()
  await close()
})

const configured = async (given: Partial<typeof defaults>) => {
  await snapshots.close()
  snapshots = createSnapshots(store, clock, { ...defaults, ...given })
}
const header = (page: Buffer) => snapshotHeaderSchema.parse(JSON.parse(page.toString().split('\n')[0] ?? ''))
const open = async (stream: StreamName) => header(await snapshots.page(stream, 0, null))
const whole = async (stream: StreamName) => {
  const first = await open(stream)
  for (let page = 1; page < first.pages; page += 1) await snapshots.page(stream, page, first.snapshot_id)
  return first
}
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'served',
    (error: unknown) => (error instanceof ProblemError ? error.problem.code : error),
  )

test('1,000 clients that need a snapshot at once cause one build a stream', async () => {
  await configured({ pageRows: 100 })
  const streams = [world.north.stream, world.south.stream, world.org]
  const clients = Array.from({ length: 1_000 }, (_, index) => whole(streams[index % 3] ?? world.org))
  const ids = new Set((await Promise.all(clients)).map(({ snapshot_id }) => snapshot_id))
  expect(ids.size).toBe(3)
  expect(snapshots.figures()).toMatchObject({ builds: 3, kept: 3 })
})

test('a build that takes longer than the sharing goes on being shared', async () => {
  const opened = vi.spyOn(store, 'openReadSession')
  await configured({ pageRows: 100 })
  const first = await open(world.north.stream)
  clock.advance(defaults.shareMs + 1)
  expect((await open(world.north.stream)).snapshot_id).toBe(first.snapshot_id)
  expect(opened).toHaveBeenCalledTimes(1)
})

test('so many are built at once, so many wait, the rest is told when to come back', async () => {
  await configured({ builds: { atOnce: 1, maxWaiting: 1 } })
  const [north, south, org] = [world.north.stream, world.south.stream, world.org].map((stream) => whole(stream))
  expect(await codeOf(org ?? Promise.resolve())).toBe('too_many_requests')
  expect(await Promise.all([north, south])).toHaveLength(2)
  // One that was refused is not kept: whoever asks again gets it.
  expect(await codeOf(whole(world.org))).toBe('served')
})

test('I19: what is kept is bounded in bytes, whoever was asked for longest ago going first', async () => {
  const north = await whole(world.north.stream)
  const { bytes } = snapshots.figures()
  expect(bytes).toBeGreaterThan(100_000)
  await configured({ maxBytes: bytes * 2.5, shareMs: 0 })
  const first = await whole(world.north.stream)
  const second = await whole(world.south.stream)
  expect(await codeOf(snapshots.page(world.north.stream, 0, first.snapshot_id))).toBe('served')
  await whole(world.north.stream)
  await vi.waitFor(() => expect(snapshots.figures().bytes).toBeLessThanOrEqual(bytes * 2.5))
  expect(await codeOf(snapshots.page(world.south.stream, 0, second.snapshot_id))).toBe('resync')
  expect(await codeOf(snapshots.page(world.north.stream, 0, first.snapshot_id))).toBe('served')
  expect(north.rows_total).toBe(500)
})

test('one that alone is too large is still served to whoever opened it', async () => {
  await configured({ maxBytes: 1, pageRows: 50 })
  expect((await whole(world.north.stream)).pages).toBe(10)
  expect(snapshots.figures().kept).toBe(1)
})

test('what nobody asks for any more is given back in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  await configured({ keepMs: 60_000 })
  await whole(world.north.stream)
  expect(snapshots.figures()).toMatchObject({ kept: 1 })
  vi.advanceTimersByTime(60_001)
  expect(snapshots.figures()).toMatchObject({ kept: 0, bytes: 0 })
})

test('one that fails is not kept for the next who asks', async () => {
  vi.spyOn(store, 'openReadSession').mockRejectedValueOnce(new Error('no more files'))
  await expect(open(world.north.stream)).rejects.toThrow('no more files')
  expect((await open(world.north.stream)).rows_total).toBe(500)
})
