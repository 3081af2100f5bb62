import { afterEach, beforeEach, expect, test } from 'vitest'
import { streamEventSchema } from '../../domain/wire/stream-event.ts'
import { addDraft, seedWorld, tempStore, type World } from '../../tests/integration/support/world.ts'
import type { Caller } from '../auth/caller.ts'
import { readBodies } from '../store/log.ts'
import type { Store } from '../store/store.ts'
import { addQuote } from './add-quote.ts'
import { changeStatus } from './change-status.ts'
import { findQuote, listHistory } from './queries.ts'

let store: Store
let world: World
let close: () => Promise<void>
beforeEach(async () => {
  ;({ store, close } = await tempStore())
  world = await seedWorld(store)
})
afterEach(() => close())

const events = async () =>
  (await readBodies(store.read, world.north.stream, 0, 100)).map((body) => streamEventSchema.parse(JSON.parse(body)))

test('a new quote gets the next number, its first version and one valid event', async () => {
  const quotes = await store.transact(async (tx) => [await addDraft(tx, world), await addDraft(tx, world)])
  expect(quotes.map(({ quote_id, version, status }) => [quote_id, version, status])).toEqual([
    [1, 1, 'draft'],
    [2, 1, 'draft'],
  ])
  expect((await events()).map(({ change }) => change.type)).toEqual(['quote.added', 'quote.added'])
})

test('a quote with a past keeps it: version = number of entries, all at the place of its event', async () => {
  const past = { outcome: null, reason: null, actor_id: null, at: '2026-01-05T09:00:00.000Z' } as const
  const quote = await store.transact(async (tx) => {
    const draft = await addDraft(tx, world)
    const { quote_id: _number, revision: _revision, version: _version, ...rest } = draft
    return addQuote(
      tx,
      { ...rest, id: draft.id.replace(/.$/, (last) => (last === '0' ? '1' : '0')), status: 'active' },
      [
        { kind: 'imported', from_status: null, to_status: 'draft', ...past },
        { kind: 'transition', from_status: 'draft', to_status: 'active', ...past },
      ],
    )
  })
  const history = await listHistory(store.read, quote.id)
  expect(quote.version).toBe(2)
  expect(history.map(({ version, seq, stream }) => [version, seq, stream])).toEqual([
    [1, 2, world.north.stream],
    [2, 2, world.north.stream],
  ])
  expect((await events()).at(-1)?.change).toEqual({ type: 'quote.added', data: { quote, history } })
})

test('an invalid quote reaches neither table nor log', async () => {
  const bad = store.transact((tx) => addDraft(tx, world, { expires_on: '2026-02-30' }))
  await expect(bad).rejects.toThrow(/calendar date that exists/)
  expect(await events()).toEqual([])
})

const step = (by: Caller | null, id: string, transition: Parameters<typeof changeStatus>[2]['transition']) =>
  store.transact(async (tx) => {
    const quote = await findQuote(tx.db, id)
    if (!quote) throw new Error('lost')
    return changeStatus(tx, quote, { transition, reason: 'because' }, by)
  })

test('a change of status writes row, history and event with the same version and seq', async () => {
  const { id } = await store.transact((tx) => addDraft(tx, world))
  const change = await step(world.rob, id, { to: 'active' })
  if (!change.ok) throw new Error(change.refusal.message)
  const [event] = (await events()).slice(-1)
  const entry = (await listHistory(store.read, id)).at(-1)
  expect(await findQuote(store.read, id)).toEqual(change.quote)
  expect(entry).toMatchObject({
    version: 2,
    kind: 'transition',
    from_status: 'draft',
    to_status: 'active',
    reason: 'because',
    actor_id: world.rob.id,
    seq: change.place.seq,
  })
  expect(event).toEqual({
    place: change.place,
    change: { type: 'quote.changed', data: { quote: change.quote, entry } },
  })
})

test.each([
  ['a viewer', () => world.vic, { to: 'active' }, 'needs_permission'],
  ['a rep of another team', () => world.sue, { to: 'active' }, 'needs_permission'],
  ['anybody who skips a step', () => world.mia, { to: 'negotiation' }, 'not_a_next_state'],
  ['a person who plays the policy', () => world.mia, { to: 'closed', outcome: 'superseded' }, 'not_a_next_state'],
] as const)('refuses %s without a trace', async (_who, by, transition, code) => {
  const { id } = await store.transact((tx) => addDraft(tx, world))
  const change = await step(by(), id, transition)
  expect(change).toMatchObject({ ok: false, refusal: { code } })
  expect(await events()).toHaveLength(1)
  expect(await listHistory(store.read, id)).toHaveLength(1)
})

test('reopening is for managers', async () => {
  const { id } = await store.transact((tx) => addDraft(tx, world))
  await step(world.rob, id, { to: 'closed', outcome: 'withdrawn' })
  expect(await step(world.rob, id, { to: 'negotiation' })).toMatchObject({ refusal: { code: 'needs_permission' } })
  expect(await step(world.mia, id, { to: 'negotiation' })).toMatchObject({ ok: true, quote: { outcome: null } })
})
