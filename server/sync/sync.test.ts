import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { Problem } from '../../domain/wire/problem.ts'
import { streamChangeSchema, streamEventSchema } from '../../domain/wire/stream-event.ts'
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
import { type FoldedState, foldChange, foldEvent } from '../store/fold.ts'
import type { Store } from '../store/store.ts'
import { pull } from './pull.ts'
import { createSnapshots, type Snapshots } from './snapshots.ts'

let clock: HandClock
let store: Store
let world: World
let close: () => Promise<void>
beforeEach(async () => {
  clock = handClock()
  ;({ store, close } = await tempStore(clock))
  world = await seedWorld(store)
})
afterEach(() => close())

const draft = (given: Partial<Quote> = {}) => store.transact((tx) => addDraft(tx, world, given))
const advance = (id: string, to: 'active' | 'draft') =>
  store.transact(async (tx) => {
    const quote = await findQuote(tx.db, id)
    if (quote) await changeStatus(tx, quote, { transition: { to }, reason: null }, world.rob)
  })

const problemOf = (promise: Promise<unknown>): Promise<Problem | null> =>
  promise.then(
    () => null,
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problem
      throw error
    },
  )

const ask = (after: number, given: { stream?: StreamName; epoch?: string; limit?: number; maxBehind?: number } = {}) =>
  pull(
    store,
    { stream: given.stream ?? world.north.stream, epoch: given.epoch ?? store.epoch, after, limit: given.limit ?? 100 },
    given.maxBehind ?? 1_000,
  )

function parsePull(text: string) {
  const [header, ...lines] = text.trimEnd().split('\n')
  return {
    header: pullHeaderSchema.parse(JSON.parse(header ?? '')),
    events: lines.map((line) => streamEventSchema.parse(JSON.parse(line))),
  }
}

const reason = async (promise: Promise<unknown>) => (await problemOf(promise))?.data

describe('pull', () => {
  test('I11: returns a contiguous run up to the head, in portions', async () => {
    for (let index = 0; index < 7; index += 1) await draft()
    const first = parsePull(await ask(0, { limit: 5 }))
    expect(first.header).toEqual({ stream: world.north.stream, epoch: store.epoch, after: 0, count: 5, head: 7 })
    expect(first.events.map(({ place }) => place.seq)).toEqual([1, 2, 3, 4, 5])
    const second = parsePull(await ask(5, { limit: 5 }))
    expect(second.events.map(({ place }) => place.seq)).toEqual([6, 7])
    expect(parsePull(await ask(7)).header.count).toBe(0)
  })

  test('a stream that nothing happened in yet has head 0', async () => {
    expect(parsePull(await ask(0, { stream: world.south.stream })).header).toMatchObject({ count: 0, head: 0 })
  })

  test('I3: what was pulled once is pulled again unchanged', async () => {
    const { id } = await draft()
    const before = (await ask(0)).split('\n')[1]
    await advance(id, 'active')
    expect((await ask(0)).split('\n')[1]).toBe(before)
  })

  test('I13: another epoch, and I11: a cursor the log cannot serve, get resync with the reason', async () => {
    await draft()
    await draft()
    expect(await reason(ask(0, { epoch: crypto.randomUUID() }))).toEqual({ reason: 'epoch_changed' })
    expect(await reason(ask(3))).toEqual({ reason: 'ahead_of_head' })
    expect(await reason(ask(0, { maxBehind: 1 }))).toEqual({ reason: 'too_far_behind' })
    await store.transact((tx) => tx.db.updateTable('streams').set({ floor: 1 }).execute())
    expect(await reason(ask(0))).toEqual({ reason: 'compacted' })
    expect(parsePull(await ask(1)).events).toHaveLength(1)
  })
})

const parsePage = (page: Buffer) => {
  const [header, ...lines] = page.toString().trimEnd().split('\n')
  return {
    header: snapshotHeaderSchema.parse(JSON.parse(header ?? '')),
    changes: lines.map((line) => streamChangeSchema.parse(JSON.parse(line))),
  }
}

describe('snapshots', () => {
  let snapshots: Snapshots
  const config = { ...serverConfig({ dataDir: '' }).snapshot, pageRows: 3, shareMs: 1_000, keepMs: 60_000, maxKept: 2 }
  beforeEach(() => {
    snapshots = createSnapshots(store, clock, config)
  })
  afterEach(() => snapshots.close())

  const whole = async (stream: StreamName) => {
    const first = parsePage(await snapshots.page(stream, 0, null))
    const changes = [...first.changes]
    for (let page = 1; page < first.header.pages; page += 1) {
      const next = parsePage(await snapshots.page(stream, page, first.header.snapshot_id))
      expect(next.header).toEqual({ ...first.header, page, rows: next.changes.length })
      changes.push(...next.changes)
    }
    expect(changes).toHaveLength(first.header.rows_total)
    return { header: first.header, changes }
  }

  const open = async (stream: StreamName) => parsePage(await snapshots.page(stream, 0, null)).header.snapshot_id
  const refusalOf = (stream: StreamName, page: number, id: string) => problemOf(snapshots.page(stream, page, id))
  const gone = { code: 'resync', data: { reason: 'snapshot_gone' } }

  test('I12: snapshot(S) + log(S, n] = full replay(n), for any history', async () => {
    const work = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 25 })
    await fc.assert(
      fc.asyncProperty(work, fc.nat({ max: 24 }), async (steps, cut) => {
        await snapshots.close()
        snapshots = createSnapshots(store, clock, config)
        const ids = (await store.read.selectFrom('quotes').select('id').execute()).map(({ id }) => id)
        let taken: Awaited<ReturnType<typeof whole>> | null = null
        for (const [index, step] of steps.entries()) {
          if (index === Math.min(cut, steps.length - 1)) taken = await whole(world.north.stream)
          const id = ids[step]
          if (id === undefined) ids.push((await draft({ title: `Step ${step}` })).id)
          else await advance(id, (await findQuote(store.read, id))?.status === 'draft' ? 'active' : 'draft')
        }
        const fromSnapshot: FoldedState = new Map()
        const fromStart: FoldedState = new Map()
        for (const change of taken?.changes ?? []) foldChange(fromSnapshot, change)
        const after = taken?.header.seq ?? 0
        for (const event of parsePull(await ask(after, { limit: 10_000 })).events) foldEvent(fromSnapshot, event)
        for (const event of parsePull(await ask(0, { limit: 10_000 })).events) foldEvent(fromStart, event)
        expect(Object.fromEntries(fromSnapshot)).toEqual(Object.fromEntries(fromStart))
      }),
      { numRuns: 12 },
    )
  })

  test('I12: all pages show one instant, whatever is committed meanwhile', async () => {
    for (let index = 0; index < 7; index += 1) await draft()
    const first = parsePage(await snapshots.page(world.north.stream, 0, null))
    await draft({ title: 'Too late' })
    const last = parsePage(await snapshots.page(world.north.stream, 2, first.header.snapshot_id))
    expect(first.header).toMatchObject({ seq: 7, pages: 3, rows_total: 7, rows: 3 })
    expect(last.changes).toHaveLength(1)
    expect(JSON.stringify(last.changes)).not.toContain('Too late')
  })

  test('the org stream holds workspace, teams, people and customers; an empty stream one empty page', async () => {
    const org = await whole(world.org)
    expect(org.changes.map(({ type }) => type)).toEqual([
      'workspace.saved',
      ...Array(2).fill('team.saved'),
      ...Array(4).fill('person.saved'),
      'customer.saved',
    ])
    expect(await whole(world.south.stream)).toMatchObject({ header: { pages: 1, rows_total: 0 }, changes: [] })
  })

  test('clients that ask at about the same time share one; later ones get a new one', async () => {
    const [first, second] = await Promise.all([open(world.org), open(world.org)])
    expect(second).toBe(first)
    await whole(world.org)
    clock.advance(1_001)
    expect(await open(world.org)).not.toBe(first)
  })

  test('an old one, one too many, one of another stream and a page too far are gone', async () => {
    const first = (await whole(world.org)).header.snapshot_id
    expect(await refusalOf(world.north.stream, 0, first)).toMatchObject(gone)
    expect(await refusalOf(world.org, 99, first)).toMatchObject(gone)
    await open(world.north.stream)
    await open(world.south.stream)
    expect(await refusalOf(world.org, 0, first)).toMatchObject(gone)
    const newest = await open(world.south.stream)
    clock.advance(60_001)
    expect(await refusalOf(world.south.stream, 0, newest)).toMatchObject(gone)
  })
})
