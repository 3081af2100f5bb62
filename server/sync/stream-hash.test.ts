import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { streamHashSchema } from '../../domain/wire/sync-http.ts'
import {
  addDraft,
  type HandClock,
  handClock,
  seedWorld,
  tempStore,
  type World,
} from '../../tests/integration/support/world.ts'
import { serverConfig } from '../config.ts'
import { saveCustomer } from '../customers/commands.ts'
import { newEntityId } from '../ids.ts'
import { changeStatus } from '../quotes/change-status.ts'
import type { Store } from '../store/store.ts'
import { createSnapshots } from './snapshots.ts'
import { createStreamHashes, type StreamHashes } from './stream-hash.ts'

const config = serverConfig({ dataDir: '' })
let clock: HandClock
let store: Store
let world: World
let hashes: StreamHashes
let close: () => Promise<void>
beforeEach(async () => {
  clock = handClock()
  ;({ store, close } = await tempStore(clock))
  world = await seedWorld(store)
  hashes = createStreamHashes(store, clock, config.hashes)
})
afterEach(async () => {
  await hashes.close()
  await close()
})

/** As PROTOCOL.md says it, from the pages of a snapshot, by nothing of the server's own. */
async function hashOfSnapshot(stream: World['org']): Promise<{ rows: number; hash: string; seq: number }> {
  const snapshots = createSnapshots(store, clock, { ...config.snapshot, pageRows: 7 })
  const rows: string[] = []
  const read = async (page: number, id: string | null) => {
    const [first, ...lines] = (await snapshots.page(stream, page, id)).toString().trimEnd().split('\n')
    rows.push(...lines)
    return JSON.parse(first ?? '') as { snapshot_id: string; pages: number; seq: number }
  }
  const header = await read(0, null)
  for (let page = 1; page < header.pages; page += 1) await read(page, header.snapshot_id)
  await snapshots.close()
  const text = rows.map((row) => `${canonicalize(JSON.parse(row))}\n`).join('')
  return { rows: rows.length, seq: header.seq, hash: createHash('sha256').update(text).digest('hex') }
}

test('is the hash of the rows of a snapshot at its seq, each as canonical JSON and a newline', async () => {
  await store.transact(async (tx) => {
    const quote = await addDraft(tx, world, { title: 'Straße “€” \u{1f600}' })
    await changeStatus(tx, quote, { transition: { to: 'active' }, reason: 'a\nb' }, world.rob)
    for (let index = 0; index < 450; index += 1) await addDraft(tx, world, { value_minor: index })
    for (let index = 0; index < 450; index += 1) await saveCustomer(tx, { ...world.acme, id: newEntityId(tx.nowMs) })
  })
  for (const stream of [world.north.stream, world.org, world.south.stream]) {
    const { rows, hash, seq } = await hashOfSnapshot(stream)
    expect(streamHashSchema.parse(await hashes.of(stream))).toEqual({ stream, epoch: store.epoch, seq, rows, hash })
  }
})

test('changes with every change, and comes back when the state does', async () => {
  const empty = await hashes.of(world.south.stream)
  expect(empty).toMatchObject({ seq: 0, rows: 0, hash: createHash('sha256').digest('hex') })
  const before = await hashes.of(world.north.stream)
  await store.transact((tx) => addDraft(tx, world))
  const after = await hashes.of(world.north.stream)
  expect(after).toMatchObject({ seq: 1, rows: 1 })
  expect(after.hash).not.toBe(before.hash)
})

test('one calculation serves all who ask about the same head; the next head and a later minute get their own', async () => {
  const opened = vi.spyOn(store, 'openReadSession')
  const all = await Promise.all(Array.from({ length: 50 }, () => hashes.of(world.org)))
  await hashes.of(world.org)
  expect(opened).toHaveBeenCalledTimes(1)
  expect(new Set(all.map(({ hash }) => hash)).size).toBe(1)
  await store.transact((tx) => saveCustomer(tx, { ...world.acme, name: 'Renamed' }))
  await hashes.of(world.org)
  expect(opened).toHaveBeenCalledTimes(2)
  clock.advance(config.hashes.keepMs + 1)
  await hashes.of(world.org)
  expect(opened).toHaveBeenCalledTimes(3)
})

test('I19: more calculations than may wait are refused with when to come back, and one that failed is not kept', async () => {
  const narrow = createStreamHashes(store, clock, { atOnce: 1, maxWaiting: 0, keepMs: 1_000 })
  const first = narrow.of(world.org)
  await expect(narrow.of(world.north.stream)).rejects.toMatchObject({
    problem: { code: 'too_many_requests', data: { retry_after_ms: expect.any(Number) } },
  })
  await first
  await expect(narrow.of(world.north.stream)).resolves.toMatchObject({ rows: 0 })
  await narrow.close()
})

test('a calculation over many rows gives everybody else a turn', async () => {
  await store.transact(async (tx) => {
    for (let index = 0; index < 3_000; index += 1) await addDraft(tx, world)
  })
  let turns = 0
  let going = true
  const count = () => {
    turns += 1
    if (going) setImmediate(count)
  }
  setImmediate(count)
  await hashes.of(world.north.stream)
  going = false
  // One turn a slice at the very least: 3,000 rows are 15 slices, and what is slow takes more.
  expect(turns).toBeGreaterThan(5)
})
