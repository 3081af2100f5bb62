import { afterEach, beforeEach, expect, test } from 'vitest'
import { draftOf } from './support/drafts.ts'
import { type Json, newId, type PlainClient } from './support/plain-client.ts'
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.ts'

let server: ServerUnderTest
let rob: PlainClient
let mia: PlainClient
beforeEach(async () => {
  server = await startServerUnderTest()
  rob = await server.as('rob')
  mia = await server.as('mia')
})
afterEach(() => server.stop())

const create = async (given: Json = {}) => {
  const edit = draftOf(server, 'rob', given)
  const [result] = await rob.mutate(edit)
  expect(result).toMatchObject({ outcome: 'committed', version: 1 })
  return String(edit['quote'])
}
const edit = (quote: string, base_version: number, fields: Json): Json => ({
  name: 'quote.edit',
  quote,
  base_version,
  fields,
})
const step = (quote: string, base_version: number, to: string, outcome: string | null = null): Json => ({
  name: 'quote.change_status',
  quote,
  base_version,
  to,
  outcome,
  reason: null,
})
const present = async (quote: string) => (await rob.call(`/quotes/${quote}`)).body

test('P26: sending a mutation again returns the first answer and has no second effect', async () => {
  const quote = await create()
  const mutation = { ...edit(quote, 1, { title: 'A' }), mutation_id: 2 }
  const first = await rob.send([mutation])
  const again = await rob.send([mutation, mutation])
  expect(again.body['results']).toEqual([...(first.body['results'] as Json[]), ...(first.body['results'] as Json[])])
  expect(await present(quote)).toMatchObject({ version: 2, title: 'A' })
})

test('P26: a client id belongs to the person who used it first', async () => {
  await create()
  const stolen = await mia.send([{ ...draftOf(server, 'mia'), mutation_id: 2 }], rob.clientId)
  expect([stolen.status, stolen.body['code']]).toEqual([403, 'forbidden'])
})

test('P27: a gap in the ids is refused whole, and says which id is expected', async () => {
  const quote = await create()
  const skipping = await rob.send([
    { ...edit(quote, 1, { title: 'A' }), mutation_id: 2 },
    { ...edit(quote, 1, { title: 'B' }), mutation_id: 4 },
  ])
  expect(skipping.body).toMatchObject({ code: 'mutation_gap', status: 409, data: { expected_mutation_id: 3 } })
  expect(await present(quote)).toMatchObject({ version: 1, title: 'Ten desks' })
})

test('P28: a rejected mutation stops none behind it, and a committed one makes one version and one entry', async () => {
  const quote = await create()
  const results = await rob.mutate(
    step(quote, 1, 'negotiation'),
    edit(quote, 1, { title: 'A' }),
    { name: 'quote.add_note', quote, text: 'Called' },
    step(quote, 1, 'active'),
  )
  expect(results.map((result) => [result['outcome'], result['code'] ?? result['version']])).toEqual([
    ['rejected', 'not_a_next_state'],
    ['committed', 2],
    ['committed', 3],
    ['committed', 4],
  ])
  const { history } = (await rob.call(`/quotes/${quote}/history`)).body as { history: Json[] }
  expect(history.map((entry) => [entry['version'], entry['kind'], entry['note']])).toEqual([
    [1, 'created', null],
    [2, 'edited', null],
    [3, 'noted', 'Called'],
    [4, 'transition', null],
  ])
})

test('P30: different fields merge', async () => {
  const quote = await create()
  await mia.mutate(edit(quote, 1, { value_minor: 500_000 }))
  const [result] = await rob.mutate(edit(quote, 1, { title: 'Twelve desks' }))
  expect(result).toMatchObject({ outcome: 'committed', version: 3 })
  expect(await present(quote)).toMatchObject({ title: 'Twelve desks', value_minor: 500_000 })
})

test('P30: the same field conflicts, names who and when, and overwrites nothing', async () => {
  const quote = await create()
  await mia.mutate(edit(quote, 1, { value_minor: 500_000 }))
  const [result] = await rob.mutate(edit(quote, 1, { value_minor: 400_000, title: 'Mine' }))
  expect(result).toMatchObject({
    outcome: 'rejected',
    code: 'conflict',
    current: { value_minor: 500_000, title: 'Ten desks', version: 2 },
    conflicts: [{ field: 'value_minor', by: server.personId('mia'), at: expect.any(String) }],
  })
  expect(await present(quote)).toMatchObject({ version: 2, value_minor: 500_000, title: 'Ten desks' })
  const [chosen] = await rob.mutate(edit(quote, 2, { value_minor: 400_000, title: 'Mine' }))
  expect(chosen).toMatchObject({ outcome: 'committed', version: 3 })
})

test('P30: the same value from two sides is no conflict, nor is a field that came back to what it was', async () => {
  const quote = await create()
  await mia.mutate(
    edit(quote, 1, { value_minor: 500_000 }),
    edit(quote, 2, { title: 'X' }),
    edit(quote, 3, { title: 'Ten desks' }),
  )
  const results = await rob.mutate(edit(quote, 1, { value_minor: 500_000, title: 'Mine' }))
  expect(results).toMatchObject([{ outcome: 'committed' }])
})

test('P30: a step of the workflow conflicts with somebody else’s step', async () => {
  const quote = await create()
  await mia.mutate(step(quote, 1, 'active'))
  const [result] = await rob.mutate(step(quote, 1, 'closed', 'withdrawn'))
  expect(result).toMatchObject({ code: 'conflict', conflicts: [{ field: 'status', by: server.personId('mia') }] })
})

test('P32: edits made before a creation was answered build on version 1, and the number comes with the answer', async () => {
  const creation = draftOf(server, 'rob')
  const quote = String(creation['quote'])
  const results = await rob.mutate(
    creation,
    edit(quote, 1, { title: 'A' }),
    edit(quote, 1, { title: 'B' }),
    step(quote, 1, 'active'),
  )
  expect(results.map((result) => result['outcome'])).toEqual(['committed', 'committed', 'committed', 'committed'])
  expect(await present(quote)).toMatchObject({ version: 4, title: 'B', status: 'active', quote_id: expect.any(Number) })
})

test('P7, P10: a quote that moves is added to its new audience and removed from the old one', async () => {
  const quote = await create()
  const [moved] = await mia.mutate({
    name: 'quote.reassign',
    quote,
    base_version: 1,
    team_id: server.south.id,
    owner_id: server.personId('sue'),
  })
  expect(moved).toMatchObject({ outcome: 'committed', stream: server.north.stream })
  const sue = await server.as('sue')
  const epoch = String(moved?.['epoch'])
  const entered = (await sue.pull(server.south.stream, { epoch, seq: 0 })).lines[1]?.['change']
  expect(entered).toMatchObject({ type: 'quote.added', data: { quote: { id: quote, version: 2 } } })
  const left = (await rob.pull(server.north.stream, { epoch, seq: 1 })).lines[1]?.['change']
  expect(left).toEqual({ type: 'quote.removed', data: { id: quote } })
  expect((await rob.call(`/quotes/${quote}`)).status).toBe(404)
})

test('what a person may not do, or not see, is rejected when it arrives', async () => {
  const quote = await create()
  const sue = await server.as('sue')
  const vic = await server.as('vic')
  expect(await vic.mutate(edit(quote, 1, { title: 'V' }))).toMatchObject([{ code: 'needs_permission' }])
  const [hidden] = await sue.mutate(edit(quote, 1, { title: 'S' }))
  const [missing] = await sue.mutate(edit(newId(), 1, { title: 'S' }))
  expect(hidden).toMatchObject({ code: 'not_found', current: null })
  expect({ ...hidden, mutation_id: 0 }).toEqual({ ...missing, mutation_id: 0 })
  expect(
    await rob.mutate({
      name: 'quote.reassign',
      quote,
      base_version: 1,
      team_id: server.north.id,
      owner_id: server.personId('mia'),
    }),
  ).toMatchObject([{ code: 'needs_permission' }])
})

test('P29: what was answered is there after a restart, and is answered the same', async () => {
  const quote = await create()
  const mutation = { ...edit(quote, 1, { title: 'A' }), mutation_id: 2 }
  const first = await rob.send([mutation])
  await server.restart()
  expect((await rob.send([mutation])).body).toEqual(first.body)
  expect(await present(quote)).toMatchObject({ version: 2 })
})

test('P26: after a restored backup the same history goes on, with the answers it holds', async () => {
  const quote = await create()
  await server.restoreBackup()
  const [result] = await rob.mutate(edit(quote, 1, { title: 'A' }))
  expect(result).toMatchObject({ outcome: 'committed', version: 2 })
})
