import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type StreamEvent, streamChangeSchema, streamEventSchema } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { pullHeaderSchema, snapshotHeaderSchema } from '../../domain/wire/sync-http.ts'
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
import { changeStatus } from '../quotes/change-status.ts'
import { findQuote } from '../quotes/queries.ts'
import { pull } from '../sync/pull.ts'
import { readState } from '../sync/read-state.ts'
import { createSnapshots } from '../sync/snapshots.ts'
import { backupTo } from './backup.ts'
import { compact } from './compact.ts'
import { openRaw } from './connect.ts'
import { type FoldedState, foldChange, foldEvent } from './fold.ts'
import { openStore, type Store } from './store.ts'
import { verifyDatabase } from './verify.ts'

let clock: HandClock
let store: Store
let world: World
let file: string
let dir: string
let close: () => Promise<void>
beforeEach(async () => {
  clock = handClock()
  ;({ store, file, dir, close } = await tempStore(clock))
  world = await seedWorld(store)
})
afterEach(() => close())

const dayMs = 86_400_000
const draft = () => store.transact((tx) => addDraft(tx, world))
const toggle = (id: string) =>
  store.transact(async (tx) => {
    const quote = await findQuote(tx.db, id)
    if (!quote) throw new Error('lost')
    const to = quote.status === 'draft' ? ('active' as const) : ('draft' as const)
    await changeStatus(tx, quote, { transition: { to }, reason: null }, world.rob)
  })
const reasonOf = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problem.data
      throw error
    },
  )
const ask = (after: number, limit = 10_000, stream: StreamName = world.north.stream) =>
  pull(store, { stream, epoch: store.epoch, after, limit }, 1_000_000)
const eventsOf = (text: string): StreamEvent[] => {
  const [header, ...lines] = text.trimEnd().split('\n')
  expect(pullHeaderSchema.parse(JSON.parse(header ?? '')).count).toBe(lines.length)
  return lines.map((line) => streamEventSchema.parse(JSON.parse(line)))
}
const streamRow = async (of: Store = store) =>
  of.read.selectFrom('streams').selectAll().where('stream', '=', world.north.stream).executeTakeFirstOrThrow()

async function snapshot(): Promise<{ seq: number; state: FoldedState }> {
  const snapshots = createSnapshots(store, clock, {
    ...serverConfig({ dataDir: '' }).snapshot,
    pageRows: 3,
    shareMs: 0,
  })
  const state: FoldedState = new Map()
  let header = null
  for (let page = 0; header === null || page < header.pages; page += 1) {
    const text = (await snapshots.page(world.north.stream, page, header?.snapshot_id ?? null)).toString()
    const [first, ...lines] = text.trimEnd().split('\n')
    header = snapshotHeaderSchema.parse(JSON.parse(first ?? ''))
    for (const line of lines) foldChange(state, streamChangeSchema.parse(JSON.parse(line)))
  }
  await snapshots.close()
  return { seq: header.seq, state }
}

const eventsIn = (db: Store['read']) =>
  db.selectFrom('events').select('seq').where('stream', '=', world.north.stream).execute()
const verified = (of = file) => verifyDatabase(of, readState)

test('only what is older than keepMs and not among the newest keepEvents goes; the floor says how far', async () => {
  for (let index = 0; index < 10; index += 1) await draft()
  clock.advance(10 * dayMs)
  for (let index = 0; index < 5; index += 1) await draft()
  expect(await compact(store, clock, { keepMs: 20 * dayMs, keepEvents: 0 })).toEqual([])
  expect(await compact(store, clock, { keepMs: 5 * dayMs, keepEvents: 15 })).toEqual([])
  expect(await compact(store, clock, { keepMs: 5 * dayMs, keepEvents: 12 })).toEqual([
    { stream: world.north.stream, events: 3, floor: 3 },
  ])
  const all = await compact(store, clock, { keepMs: 5 * dayMs, keepEvents: 0 })
  expect(all).toContainEqual({ stream: world.north.stream, events: 7, floor: 10 })
  expect(await reasonOf(ask(9))).toEqual({ reason: 'compacted' })
  expect(eventsOf(await ask(10)).map(({ place }) => place.seq)).toEqual([11, 12, 13, 14, 15])
  expect(await verified()).toMatchObject({ ok: true, problems: [] })
})

test('I2: what stays has no hole, whatever the clock did', async () => {
  for (let index = 0; index < 4; index += 1) await draft()
  clock.advance(100 * dayMs)
  await draft()
  clock.advance(-100 * dayMs)
  for (let index = 0; index < 4; index += 1) await draft()
  clock.advance(60 * dayMs)
  await compact(store, clock, { keepMs: 45 * dayMs, keepEvents: 0 })
  expect(await streamRow()).toMatchObject({ floor: 4, compacted: 4, head: 9 })
  expect(eventsOf(await ask(4))).toHaveLength(5)
})

test('I12: snapshot(S) + log(S, n] = full replay(n), before and after compaction, for any history', async () => {
  const steps = fc.array(fc.nat({ max: 6 }), { minLength: 2, maxLength: 25 })
  await fc.assert(
    fc.asyncProperty(steps, fc.nat({ max: 100 }), fc.nat({ max: 100 }), async (work, snapAt, keep) => {
      const ids: string[] = []
      const replayed: FoldedState = new Map()
      const begun: { head: number } = await streamRow().catch(() => ({ head: 0 }))
      // What was there before this run: nothing may be missing of it either.
      for (const [key, text] of (await snapshot()).state) replayed.set(key, text)
      let taken: Awaited<ReturnType<typeof snapshot>> | null = null
      for (const [index, step] of work.entries()) {
        if (index === snapAt % work.length) taken = await snapshot()
        const id = ids[step]
        if (id === undefined) ids.push((await draft()).id)
        else await toggle(id)
      }
      for (const event of eventsOf(await ask(begun.head))) foldEvent(replayed, event)
      if (!taken) throw new Error('no snapshot was taken')
      const { head } = await streamRow()
      await compact(store, clock, {
        keepMs: -1,
        keepEvents: keep % (head - taken.seq + 1) === 0 ? head - taken.seq : 0,
      })
      const { floor } = await streamRow()
      const late = taken.seq < floor ? await snapshot() : taken
      for (const event of eventsOf(await ask(late.seq))) foldEvent(late.state, event)
      expect(Object.fromEntries(late.state)).toEqual(Object.fromEntries(replayed))
      expect(Object.fromEntries((await snapshot()).state)).toEqual(Object.fromEntries(replayed))
      expect((await verified()).problems).toEqual([])
    }),
    { numRuns: 10 },
  )
})

test('I11: a pull that compaction overtakes is refused whole, never cut short', async () => {
  for (let index = 0; index < 200; index += 1) await draft()
  clock.advance(50 * dayMs)
  const nothing = await ask(0)
  expect(eventsOf(nothing)).toHaveLength(200)
  const [pulled, compacted] = await Promise.all([
    ask(0).then(eventsOf, (error: unknown) => error),
    compact(store, clock, { keepMs: dayMs, keepEvents: 10 }),
  ])
  expect(compacted[0]).toMatchObject({ events: 190 })
  const outcome = Array.isArray(pulled) ? pulled.length : await reasonOf(Promise.reject(pulled))
  expect([200, { reason: 'compacted' }]).toContainEqual(outcome)
})

test('I12: a snapshot under way sees nothing of a compaction', async () => {
  for (let index = 0; index < 10; index += 1) await draft()
  clock.advance(50 * dayMs)
  const session = await store.openReadSession()
  await compact(store, clock, { keepMs: dayMs, keepEvents: 0 })
  expect(await eventsIn(session.db)).toHaveLength(10)
  expect(await eventsIn(store.read)).toHaveLength(0)
  await session.close()
})

test('edits go on between the small transactions of a compaction', async () => {
  await store.transact(async (tx) => {
    for (let index = 0; index < 1_600; index += 1) {
      await tx.appendEvent(world.org, { type: 'team.saved', data: { id: world.north.id, name: 'North' } })
    }
  })
  clock.advance(50 * dayMs)
  const order: string[] = []
  const transact = store.transact.bind(store)
  const edits: Promise<unknown>[] = []
  const spy = vi.spyOn(store, 'transact').mockImplementation((work) => {
    const step = transact(work)
    // Asked for while the first portion is being deleted.
    if (edits.length === 0) edits.push(transact((tx) => addDraft(tx, world)).then(() => order.push('edited')))
    return step
  })
  await compact(store, clock, { keepMs: dayMs, keepEvents: 0 }).then(() => order.push('compacted'))
  await Promise.all(edits)
  expect(order).toEqual(['edited', 'compacted'])
  expect(spy.mock.calls.length).toBeGreaterThan(3)
})

test('one that is told to stop ends between two transactions, and the next goes on from there', async () => {
  for (let index = 0; index < 5; index += 1) await draft()
  clock.advance(50 * dayMs)
  expect(await compact(store, clock, { keepMs: dayMs, keepEvents: 0 }, AbortSignal.abort())).toEqual([])
  expect(await verified()).toMatchObject({ ok: true })
})

test('other processes: what was written and compacted away at once does not stop the publishing of what follows', async () => {
  const other = await openStore({ file, clock })
  await other.transact((tx) => addDraft(tx, world))
  await compact(other, clock, { keepMs: -1, keepEvents: 0 })
  const heard: number[] = []
  store.onCommitted((events) => void heard.push(...events.map(({ place }) => place.seq)))
  await other.transact((tx) => addDraft(tx, world))
  await store.publishForeign()
  expect(heard).toEqual([2])
  expect(store.publishedHead(world.north.stream)).toBe(2)
  await other.close()
})

const damage = (statement: string) => {
  const raw = openRaw(file, 'write')
  raw.pragma('foreign_keys = OFF')
  raw.exec(statement)
  raw.close()
}

test.each([
  ['an altered event', `update events set body = replace(body, 'Ten desks', 'Two desks') where seq = 9`, /checksum/],
  ['a lost event', 'delete from events where seq = 9', /events, but its head is 12 and it begins after 8/],
  ['a floor that was moved', 'update streams set compacted = 7 where head = 12', /begins after 7/],
  ['a forged start', `update streams set compacted_checksum = 'x' where head = 12`, /checksum/],
  ['a row that the log still tells of', 'update quotes set value_minor = 1 where quote_id = 12', /row differs/],
  ['a lost row that the log still tells of', 'delete from quotes where quote_id = 12', /in the log, not in its table/],
])('verify proves the chain from the floor on: finds %s', async (_what, statement, problem) => {
  for (let index = 0; index < 12; index += 1) await draft()
  clock.advance(50 * dayMs)
  await compact(store, clock, { keepMs: dayMs, keepEvents: 4 })
  expect(await verified()).toMatchObject({ ok: true })
  damage(statement)
  const report = await verified()
  expect(report.ok).toBe(false)
  expect(report.problems.join('\n')).toMatch(problem)
})

test('a backup of a compacted log is whole, and so is what is restored from it and compacted on', async () => {
  for (let index = 0; index < 12; index += 1) await draft()
  clock.advance(50 * dayMs)
  await compact(store, clock, { keepMs: dayMs, keepEvents: 4 })
  const copy = `${dir}/backup.db`
  await backupTo(store, copy)
  expect(await verified(copy)).toMatchObject({ ok: true, epoch: null })
  const restored = await openStore({ file: copy, clock })
  expect(await streamRow(restored)).toMatchObject({ floor: 12, compacted: 8, head: 12 })
  await restored.transact((tx) => addDraft(tx, world))
  await compact(restored, clock, { keepMs: dayMs, keepEvents: 2 })
  expect(await streamRow(restored)).toMatchObject({ floor: 12, compacted: 11, head: 13 })
  await restored.close()
  expect(await verified(copy)).toMatchObject({ ok: true, problems: [] })
})
