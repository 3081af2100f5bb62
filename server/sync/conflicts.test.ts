import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Mutation } from '../../domain/wire/sync-http.ts'
import {
  type EditWorld,
  editOf,
  editWorld,
  miasClient,
  noteOf,
  reassignOf,
  stepOf,
  times,
} from '../../tests/integration/support/edits.ts'
import { listHistory } from '../quotes/queries.ts'

let world: EditWorld
beforeEach(async () => {
  world = await editWorld()
})
afterEach(() => world.close())

let miasLast: number
beforeEach(() => {
  miasLast = 0
})

/** Mia's client, whose ids go up by themselves. */
const mia = async (...edits: Array<(id: number) => Mutation>) => {
  const mutations = edits.map((edit, index) => edit(miasLast + index + 1))
  miasLast += edits.length
  const results = await world.send(mutations, world.mia, miasClient)
  expect(results.map(({ outcome }) => outcome)).toEqual(edits.map(() => 'committed'))
}

test('edits of different fields merge, and the history shows both', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { title: 'Hers', expires_on: '2026-04-01' }))
  expect(await world.one(editOf(1, quote, { value_minor: 7 }))).toMatchObject({ outcome: 'committed', version: 3 })
  expect(await world.now(quote.id)).toMatchObject({ title: 'Hers', expires_on: '2026-04-01', value_minor: 7 })
  expect((await listHistory(world.store.read, quote.id)).map(({ after }) => after)).toEqual([
    null,
    { title: 'Hers', expires_on: '2026-04-01' },
    { value_minor: 7 },
  ])
})

test('the same field is a conflict that names it, who changed it last and when; nothing of the edit is done', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { title: 'Hers' }))
  world.clock.advance(60_000)
  await mia((id) => editOf(id, quote, { title: 'Hers again' }))
  const last = await world.now(quote.id)
  const answer = await world.one(editOf(1, quote, { title: 'Mine', value_minor: 7 }))
  expect(answer).toEqual({
    outcome: 'rejected',
    mutation_id: 1,
    code: 'conflict',
    message: 'Somebody else changed the title meanwhile. Nothing was overwritten: compare both and decide again.',
    current: last,
    conflicts: [{ field: 'title', by: world.mia.id, at: last.updated_at }],
  })
  expect(await world.now(quote.id)).toEqual(last)
})

test('every field in conflict is named, those that merge are not', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { title: 'Hers', expires_on: '2026-04-01', currency: 'USD' }))
  const answer = await world.one(editOf(1, quote, { title: 'Mine', currency: 'GBP', value_minor: 1 }))
  expect(answer).toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('changed the title and currency meanwhile'),
    conflicts: [{ field: 'title' }, { field: 'currency' }],
  })
})

test('the same value on both sides is no conflict, and both stand in the history', async () => {
  const quote = await world.draft()
  await mia(
    (id) => editOf(id, quote, { title: 'Ours' }),
    (id) => stepOf(id, quote, 'active'),
  )
  const results = await world.send([
    editOf(1, quote, { title: 'Ours', value_minor: 7 }),
    editOf(2, quote, { title: 'Ours' }),
    stepOf(3, quote, 'active', { reason: 'me too' }),
  ])
  expect(results).toMatchObject(times(3, { outcome: 'committed' }))
  expect((await listHistory(world.store.read, quote.id)).slice(3)).toMatchObject([
    { kind: 'edited', after: { value_minor: 7 } },
    { kind: 'edited', before: {}, after: {} },
    { kind: 'transition', from_status: 'active', to_status: 'active', reason: 'me too', actor_id: world.rob.id },
  ])
  const merged = (await listHistory(world.store.read, quote.id))[3]
  expect([merged?.before, merged?.after]).toEqual([{ value_minor: 450_000 }, { value_minor: 7 }])
  expect(await world.now(quote.id)).toMatchObject({ status: 'active', title: 'Ours', version: 6 })
})

test('what was changed and changed back is no conflict', async () => {
  const quote = await world.draft()
  await mia(
    (id) => editOf(id, quote, { title: 'Hers' }),
    (id) => editOf(id, quote, { title: quote.title }),
  )
  await world.advance(quote.id, 'active')
  await world.advance(quote.id, 'draft')
  const results = await world.send([editOf(1, quote, { title: 'Mine' }), stepOf(2, quote, 'active')])
  expect(results).toMatchObject(times(2, { outcome: 'committed' }))
})

test('the status changed since the base: conflict with the present quote, nothing overwritten', async () => {
  const quote = await world.draft()
  await world.advance(quote.id, 'active')
  const answer = await world.one(stepOf(1, quote, 'closed', { outcome: 'withdrawn' }))
  expect(answer).toMatchObject({ code: 'conflict', current: { status: 'active', version: 2 } })
  expect(answer).toMatchObject({ conflicts: [{ field: 'status', by: world.rob.id }] })
})

test('closed as won and closed as lost are not the same status, neither as present nor as base', async () => {
  const quote = await world.draft()
  for (const to of ['active', 'sent'] as const) await world.advance(quote.id, to)
  const sent = await world.now(quote.id)
  await mia((id) => stepOf(id, sent, 'closed', { outcome: 'won' }))
  expect(await world.one(stepOf(1, sent, 'closed', { outcome: 'lost' }))).toMatchObject({ code: 'conflict' })
  const won = await world.now(quote.id)
  await mia(
    (id) => stepOf(id, won, 'negotiation'),
    (id) => stepOf(id, won, 'closed', { outcome: 'lost' }),
  )
  expect(await world.one(stepOf(1, won, 'negotiation'), world.mia, crypto.randomUUID())).toMatchObject({
    code: 'conflict',
    current: { outcome: 'lost' },
  })
})

test('a team or an owner that somebody else gave meanwhile is a conflict; the same one is none', async () => {
  const quote = await world.draft()
  await mia((id) => reassignOf(id, quote, world.north.id, world.mia.id))
  const other = crypto.randomUUID()
  const results = await world.send(
    [reassignOf(1, quote, world.south.id, world.sue.id), reassignOf(2, quote, world.north.id, world.mia.id)],
    world.mia,
    other,
  )
  expect(results).toMatchObject([
    { code: 'conflict', conflicts: [{ field: 'owner_id', by: world.mia.id }] },
    { outcome: 'committed', version: 3 },
  ])
  expect((await listHistory(world.store.read, quote.id)).at(-1)).toMatchObject({ before: {}, after: {} })
})

test('a note never conflicts, and touches no field that could', async () => {
  const quote = await world.draft()
  await mia(
    (id) => noteOf(id, quote, 'Hers'),
    (id) => editOf(id, quote, { title: 'Hers' }),
  )
  expect(await world.one(noteOf(1, quote, 'Mine'))).toMatchObject({ outcome: 'committed' })
  expect(await world.one(editOf(2, quote, { value_minor: 7 }))).toMatchObject({ outcome: 'committed' })
})

test('edits made one upon the other offline do not conflict with themselves, but with what came between', async () => {
  const quote = await world.draft()
  const results = await world.send([
    editOf(1, quote, { title: 'Mine' }),
    stepOf(2, quote, 'active'),
    editOf(3, quote, { title: 'Mine, better' }),
    stepOf(4, quote, 'sent'),
  ])
  expect(results).toMatchObject(times(4, { outcome: 'committed' }))
  const seen = await world.now(quote.id)
  await mia((id) => editOf(id, seen, { title: 'Hers' }))
  expect(await world.one(editOf(5, seen, { title: 'Mine, best' }))).toMatchObject({ code: 'conflict' })
})

test('whoever wants to overwrite sends one more edit with the present version as base', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { title: 'Hers' }))
  await world.one(editOf(1, quote, { title: 'Mine' }))
  expect(await world.one(editOf(2, await world.now(quote.id), { title: 'Mine' }))).toMatchObject({ version: 3 })
})

test('an amount and its currency are one: an amount is not put into a currency that its person never saw', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { currency: 'USD' }))
  expect(await world.one(editOf(1, quote, { value_minor: 7 }))).toMatchObject({
    code: 'conflict',
    conflicts: [{ field: 'currency', by: world.mia.id }],
  })
  expect(await world.now(quote.id)).toMatchObject({ currency: 'USD', value_minor: quote.value_minor })
})

test('a currency is not given to an amount that its person never saw', async () => {
  const quote = await world.draft()
  await mia((id) => editOf(id, quote, { value_minor: 7 }))
  expect(await world.one(editOf(1, quote, { currency: 'USD' }))).toMatchObject({
    code: 'conflict',
    conflicts: [{ field: 'value_minor', by: world.mia.id }],
  })
  expect(await world.one(editOf(2, quote, { title: 'Mine' }))).toMatchObject({ outcome: 'committed' })
})
