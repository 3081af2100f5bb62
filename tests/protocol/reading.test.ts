import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { draftOf } from './support/drafts.ts'
import { type Json, newId, type PlainClient } from './support/plain-client.ts'
import { type ServerUnderTest, startServerUnderTest } from './support/server-under-test.ts'

let server: ServerUnderTest
let rob: PlainClient
beforeEach(async () => {
  server = await startServerUnderTest()
  rob = await server.as('rob')
})
afterEach(() => server.stop())

const robDraft = (given: Json = {}) => draftOf(server, 'rob', given)

test('P1: everybody reads the org stream and their own, members read their team, nobody anything else', async () => {
  const streams = async (who: 'mia' | 'vic' | 'sue') =>
    ((await (await server.as(who)).connect())['streams'] as Json[]).map((entry) => entry['stream'])
  const own = (who: 'mia' | 'vic' | 'sue') => `user:${server.personId(who)}`
  expect(await streams('mia')).toEqual([server.org, server.north.stream, own('mia')])
  expect(await streams('vic')).toEqual([server.org, server.north.stream, own('vic')])
  expect(await streams('sue')).toEqual([server.org, server.south.stream, own('sue')])
  expect((await rob.pull(own('mia'), { epoch: '', seq: 0 })).status).toBe(404)
})

test('P2: what may not be seen is answered like what does not exist', async () => {
  const [made] = await rob.mutate(robDraft())
  const sue = await server.as('sue')
  const hidden = await sue.pull(server.north.stream, { epoch: String(made?.['epoch']), seq: 0 })
  const missing = await sue.pull(`team:${newId()}`, { epoch: String(made?.['epoch']), seq: 0 })
  expect([hidden.status, hidden.body]).toEqual([404, missing.body])
})

test('P3: a request without a token, or with one that does not hold, is refused as unauthorised', async () => {
  for (const token of ['none', `${rob.token}x`]) {
    const answer = await rob.call('/me', { token })
    expect([answer.status, answer.body['code']]).toEqual([401, 'unauthorised'])
  }
  expect((await rob.call('/me')).body).toEqual(rob.person)
})

test('P4: a refresh token works once, but an answer that got lost may be asked for again', async () => {
  const first = rob.refreshToken
  await rob.refresh()
  rob.refreshToken = first
  expect((await rob.refresh()).status).toBe(200)
  expect((await rob.refresh()).status).toBe(200)
  rob.refreshToken = first
  expect((await rob.refresh()).status).toBe(401)
})

test('P5, P6, P11: the log is dense, a pull is a contiguous run, and what it says never changes', async () => {
  const { epoch } = (await rob.mutate(robDraft(), robDraft(), robDraft()))[0] as { epoch: string }
  const all = (await rob.pull(server.north.stream, { epoch, seq: 0 })).lines
  expect(all[0]).toMatchObject({ stream: server.north.stream, epoch, after: 0, count: 3, head: 3 })
  expect(all.slice(1).map((event) => (event['place'] as Json)['seq'])).toEqual([1, 2, 3])
  const again = (await rob.pull(server.north.stream, { epoch, seq: 1 }, 1)).lines
  expect(again[0]).toMatchObject({ after: 1, count: 1, head: 3 })
  expect(again[1]).toEqual(all[2])
  expect((await rob.pull(server.north.stream, { epoch, seq: 3 })).lines[0]).toMatchObject({ count: 0, head: 3 })
})

test('P9: an event of a change carries the whole quote and its history entry of the same version', async () => {
  const edit = robDraft()
  const [made] = await rob.mutate(edit)
  await rob.mutate({ name: 'quote.edit', quote: edit['quote'], base_version: 1, fields: { title: 'Eleven desks' } })
  const { lines } = await rob.pull(server.north.stream, { epoch: String(made?.['epoch']), seq: 1 })
  expect(lines[1]).toMatchObject({
    change: {
      data: {
        quote: { version: 2, title: 'Eleven desks', value_minor: 450_000 },
        entry: {
          version: 2,
          kind: 'edited',
          before: { title: 'Ten desks' },
          after: { title: 'Eleven desks' },
          actor_id: server.personId('rob'),
        },
      },
    },
  })
})

test('P12: a cursor of another history, or ahead of the log, is told to take a snapshot', async () => {
  const { epoch } = (await rob.mutate(robDraft()))[0] as { epoch: string }
  const ahead = await rob.pull(server.north.stream, { epoch, seq: 9 })
  expect([ahead.status, ahead.body['code'], ahead.body['data']]).toEqual([409, 'resync', { reason: 'ahead_of_head' }])
  await server.restoreBackup()
  const other = await rob.pull(server.north.stream, { epoch, seq: 1 })
  expect(other.body).toMatchObject({ code: 'resync', data: { reason: 'epoch_changed' } })
})

test('P13, P15: a snapshot and the log after it add up to what the whole log adds up to', async () => {
  const edits = Array.from({ length: 5 }, () => robDraft())
  await rob.mutate(...edits)
  const late = await server.as('rob')
  await late.catchUp(server.north.stream)
  await rob.mutate({
    name: 'quote.change_status',
    quote: edits[0]?.['quote'],
    base_version: 1,
    to: 'active',
    outcome: null,
    reason: null,
  })
  await late.catchUp(server.north.stream)
  const early = await server.as('rob')
  early.cursors.set(server.north.stream, { epoch: late.cursors.get(server.north.stream)?.epoch ?? '', seq: 0 })
  await early.catchUp(server.north.stream)
  expect(late.rows.get(server.north.stream)).toEqual(early.rows.get(server.north.stream))
  expect(late.cursors).toEqual(early.cursors)
})

test('P14: a page of a snapshot that is no longer kept is refused as snapshot_gone', async () => {
  const at = `/sync/streams/${encodeURIComponent(server.north.stream)}/snapshot`
  const gone = await rob.call(`${at}?page=1&snapshot_id=${crypto.randomUUID()}`)
  expect(gone.body).toMatchObject({ code: 'resync', data: { reason: 'snapshot_gone' } })
})

test('P16: rows of a snapshot, as canonical JSON, hash to what the server says of the same seq', async () => {
  const edits = Array.from({ length: 5 }, () => robDraft())
  await rob.mutate(...edits)
  await rob.mutate({ name: 'quote.add_note', quote: edits[0]?.['quote'], text: 'Called: they like it – ünïcode' })
  for (const stream of [server.north.stream, server.org]) {
    const { cursor, rows } = await rob.snapshot(stream)
    const hash = createHash('sha256')
    for (const row of rows) hash.update(`${canonicalize(row)}\n`)
    const told = await rob.call(`/sync/streams/${encodeURIComponent(stream)}/hash`)
    expect(told.body).toEqual({ stream, ...cursor, rows: rows.length, hash: hash.digest('hex') })
  }
})

test('P17, P20: after the welcome every event arrives live or is named by a beat within one period', async () => {
  const welcome = await rob.connect()
  const mia = await server.as('mia')
  await mia.mutate(draftOf(server, 'mia'))
  await vi.waitFor(() => expect(rob.heardOf('event')).toHaveLength(1))
  await vi.waitFor(
    () => {
      const beats = rob.heardOf('beat').filter((beat) => beat['stream'] === server.north.stream)
      expect(beats.at(-1)).toMatchObject({ epoch: welcome['epoch'], head: 1 })
    },
    { timeout: 5 * Number(welcome['beat_ms']) + 5_000 },
  )
})

test('P19: a client that drops what it knows and pulls past a gap ends level', async () => {
  await rob.mutate(...Array.from({ length: 4 }, () => robDraft()))
  const plain = await server.as('rob')
  const { epoch } = (await plain.snapshot(server.north.stream)).cursor
  const { lines } = await plain.pull(server.north.stream, { epoch, seq: 0 })
  const events = lines.slice(1) as never[]
  const taken = [events[0], events[0], events[2], events[1]].map((event) => plain.apply(event as never))
  expect(taken).toEqual(['applied', 'known', 'gap', 'applied'])
  await plain.catchUp(server.north.stream)
  expect(plain.cursors.get(server.north.stream)?.seq).toBe(4)
})

test('P24: a session is renewed with a fresh token of the same person only', async () => {
  await rob.connect()
  await rob.refresh()
  expect(await rob.ask('renew', { token: rob.token })).toMatchObject({ ok: true })
  const mia = await server.as('mia')
  expect(await rob.ask('renew', { token: mia.token })).toMatchObject({ ok: false, code: 'unauthorised' })
  expect(await rob.ask('renew', { token: 'x' })).toMatchObject({ ok: false })
  expect(await rob.ask('clock')).toHaveProperty('server_time_ms')
})

test('P18, P25: who loses a team is told, and its stream is not in the next welcome', async () => {
  await rob.connect()
  await server.revoke('rob')
  await vi.waitFor(() => expect(rob.heardOf('ended')[0]).toMatchObject({ code: 'permissions_changed' }), 5_000)
  expect((await rob.connect())['streams']).toEqual([
    expect.objectContaining({ stream: server.org }),
    expect.objectContaining({ stream: `user:${server.personId('rob')}` }),
  ])
  expect((await rob.pull(server.north.stream, { epoch: '', seq: 0 })).status).toBe(404)
})

test('P25: voided sessions end live links and every other door', async () => {
  await rob.connect()
  await server.endSessionsOf('rob')
  await vi.waitFor(() => expect(rob.heardOf('ended')[0]).toMatchObject({ code: 'unauthorised' }), 5_000)
  expect((await rob.call('/me')).status).toBe(401)
})

test('a handshake that is not as expected is refused with what to do', async () => {
  await expect(rob.connect({ protocol: 2 })).rejects.toMatchObject({
    refusal: { code: 'protocol_mismatch', retry_after_ms: null },
  })
  await expect(rob.connect({ token: 'x' })).rejects.toMatchObject({ refusal: { code: 'unauthorised' } })
  await expect(rob.connect({ client_id: 'x' })).rejects.toMatchObject({ refusal: { code: 'invalid_handshake' } })
})
