import { once } from 'node:events'
import { connect } from 'node:net'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Person } from '../../domain/directory.ts'
import type { Quote } from '../../domain/quote.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import { handshakeRefusalSchema } from '../../domain/wire/socket.ts'
import { serverConfig } from '../../server/config.ts'
import { deactivatePerson, setMemberships } from '../../server/people/commands.ts'
import { next, refusal, startTestServer, type TestServer } from './support/server.ts'
import { addDraft } from './support/world.ts'

let server: TestServer
let quote: Quote
beforeAll(async () => {
  server = await startTestServer({ allowedOrigins: ['http://desk.example'] })
  quote = await server.store.transact((tx) => addDraft(tx, server.world))
})
afterAll(() => server.stop())

const missingId = '01960000-0000-7000-8000-00000000dead'

describe('I16: at every door, what may not be seen is answered like what does not exist', () => {
  const doors: [string, (id: string, stream: string, number: number) => { path: string; json?: unknown }][] = [
    ['a quote', (id) => ({ path: `/quotes/${id}` })],
    ['its history', (id) => ({ path: `/quotes/${id}/history` })],
    ['a pull', (_id, stream) => ({ path: `/sync/streams/${stream}/events?epoch=${server.store.epoch}&after=0` })],
    ['a snapshot', (_id, stream) => ({ path: `/sync/streams/${stream}/snapshot?page=0` })],
    [
      'a change of status',
      (_id, _stream, number) => ({ path: '/quotations/update-status', json: { quote_id: number, status: 'active' } }),
    ],
  ]

  test.each(doors)('%s', async (_what, door) => {
    const ask = (as: Person, id: string, stream: string, number: number) => {
      const { path, json } = door(id, stream, number)
      return server.call(path, { as, json })
    }
    const real = [quote.id, server.world.north.stream, quote.quote_id ?? 0] as const
    const forbidden = await ask(server.world.sue, ...real)
    const missing = await ask(server.world.sue, missingId, `team:${missingId}`, 999_999)
    expect(forbidden.status).toBe(404)
    expect(forbidden.body).toEqual(missing.body)
    expect((await ask(server.world.vic, ...real)).status).not.toBe(404)
  })

  test('lists, metrics and the expiring show nothing of other teams', async () => {
    const as = server.world.sue
    expect((await server.call('/quotes', { as })).body.quotes).toEqual([])
    expect((await server.call('/metrics/quotations', { as })).body.total).toBe(0)
    expect((await server.call('/quotations/expiring?days=365', { as })).body.quotations).toEqual([])
  })

  test('the org stream is for everybody who is active, and rights lost hold from the next request on', async () => {
    const other = await startTestServer()
    const { rob, org, north } = other.world
    const token = await other.tokenOf(rob)
    const pull = (stream: string) =>
      other.call(`/sync/streams/${stream}/events?epoch=${other.store.epoch}&after=0`, { as: token })
    expect((await pull(north.stream)).status).toBe(200)
    await other.store.transact((tx) => setMemberships(tx, rob.id, []))
    expect((await pull(north.stream)).status).toBe(404)
    expect((await pull(org)).status).toBe(200)
    await other.store.transact((tx) => deactivatePerson(tx, rob.id))
    expect((await pull(org)).status).toBe(401)
    const socket = await other.connect({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })
    expect((await refusal(socket)).data?.code).toBe('unauthorised')
    await other.stop()
  })
})

const as = () => server.world.rob

describe('pull, snapshot and mutations over HTTP', () => {
  test('a pull and a snapshot are NDJSON with the header of the protocol', async () => {
    const { stream } = server.world.north
    const pulled = await server.call(`/sync/streams/${stream}/events?epoch=${server.store.epoch}&after=0`, { as: as() })
    expect(pulled.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    expect(JSON.parse(pulled.text.split('\n')[0] ?? '')).toEqual({
      stream,
      epoch: server.store.epoch,
      after: 0,
      count: 1,
      head: 1,
    })
    const snapshot = await server.call(`/sync/streams/${stream}/snapshot?page=0`, { as: as() })
    expect(JSON.parse(snapshot.text.split('\n')[0] ?? '')).toMatchObject({ stream, seq: 1, page: 0, pages: 1, rows: 1 })
    expect(JSON.parse(snapshot.text.split('\n')[1] ?? '')).toMatchObject({ type: 'quote.added' })
  })

  test('I11: what the log cannot serve is a resync with its reason, never a hole', async () => {
    const { stream } = server.world.north
    const ask = (query: string) => server.call(`/sync/streams/${stream}/${query}`, { as: as() })
    expect(await ask(`events?epoch=${crypto.randomUUID()}&after=0`)).toMatchObject({
      status: 409,
      body: { code: 'resync', data: { reason: 'epoch_changed' } },
    })
    expect((await ask(`snapshot?page=1&snapshot_id=${crypto.randomUUID()}`)).body.data).toEqual({
      reason: 'snapshot_gone',
    })
    expect((await ask('snapshot?page=1')).body.code).toBe('invalid_request')
    expect((await ask('events?epoch=x&after=-1')).body).toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/epoch.*after/),
    })
  })

  test('I4: mutations are answered in order; a retry of the batch gets the first answers', async () => {
    const { id } = await server.store.transact((tx) => addDraft(tx, server.world))
    const mutation = (mutation_id: number, to: string) => ({
      name: 'quote.change_status',
      mutation_id,
      quote: id,
      base_version: 1,
      to,
      outcome: null,
      reason: null,
    })
    const client_id = crypto.randomUUID()
    const send = (mutations: unknown[]) => server.call('/sync/mutations', { as: as(), json: { client_id, mutations } })
    const first = await send([mutation(1, 'active'), mutation(2, 'negotiation'), mutation(3, 'sent')])
    expect(first.body.results.map(({ outcome }: { outcome: string }) => outcome)).toEqual([
      'committed',
      'rejected',
      'committed',
    ])
    expect((await send([mutation(1, 'active'), mutation(2, 'negotiation'), mutation(3, 'sent')])).body).toEqual(
      first.body,
    )
    expect(await send([mutation(5, 'sent')])).toMatchObject({
      status: 409,
      body: { code: 'mutation_gap', data: { expected_mutation_id: 4 } },
    })
  })
})

const handshake = async (given: Record<string, unknown>) => {
  const good = {
    token: await server.tokenOf(server.world.rob),
    protocol: protocolVersion,
    client_id: crypto.randomUUID(),
  }
  const error = await refusal(await server.connect({ ...good, ...given }))
  return handshakeRefusalSchema.parse(error.data)
}

describe('hostile visitors', () => {
  test('a malformed handshake, a wrong version and a bad token are each refused with what to do', async () => {
    expect(await handshake({ client_id: 7 })).toMatchObject({ code: 'invalid_handshake', retry_after_ms: null })
    expect(await handshake({ token: undefined })).toMatchObject({ code: 'invalid_handshake' })
    expect(await handshake({ protocol: protocolVersion + 1 })).toMatchObject({
      code: 'protocol_mismatch',
      message: expect.stringContaining('update the server'),
    })
    expect(await handshake({ token: 'rubbish' })).toMatchObject({ code: 'unauthorised' })
  })

  test('a token without signature (alg none) opens neither door', async () => {
    const none = new UnsecuredJWT({ sub: server.world.mia.id })
      .setIssuer('quotedesk')
      .setAudience('quotedesk')
      .setExpirationTime('100y')
      .encode()
    expect(await handshake({ token: none })).toMatchObject({ code: 'unauthorised' })
    expect((await server.call('/me', { as: none })).status).toBe(401)
  })

  test('a page of a foreign Origin is turned away before the handshake; an allowed one and a program are not', async () => {
    const connectFrom = (origin: string) => server.connect(server.world.rob, { headers: { origin } })
    await expect(refusal(await connectFrom('http://evil.example'))).resolves.toBeInstanceOf(Error)
    await expect(refusal(await connectFrom('null'))).resolves.toBeInstanceOf(Error)
    await next(await connectFrom('http://desk.example'), 'welcome')
    await next(await server.connect(server.world.rob), 'welcome')
  })

  test('too many connections of one person are slowed down with when to come back', async () => {
    const { limits } = serverConfig({ dataDir: '' })
    const limited = await startTestServer({
      limits: { ...limits, handshakesByPerson: { points: 1, periodMs: 60_000 } },
    })
    await next(await limited.connect(limited.world.rob), 'welcome')
    const { data } = await refusal(await limited.connect(limited.world.rob))
    expect(data).toMatchObject({ code: 'too_many_requests' })
    expect(data?.retry_after_ms).toBeGreaterThan(0)
    await next(await limited.connect(limited.world.vic), 'welcome')
    await limited.stop()
  })

  test('unknown and malformed messages are answered and harm nobody', async () => {
    const socket = await server.connect(server.world.rob)
    await next(socket, 'welcome')
    const say = (name: string, ...args: unknown[]) =>
      (socket as never as { emitWithAck: (...all: unknown[]) => Promise<unknown> }).emitWithAck(name, ...args)
    expect(await say('drop tables')).toMatchObject({ ok: false, code: 'invalid_request' })
    expect(await say('subscribe', { messages: ['everything'] })).toMatchObject({ ok: false, code: 'invalid_request' })
    expect(await say('subscribe', null)).toMatchObject({ ok: false })
    expect(await say('subscribe')).toMatchObject({ ok: false })
    // Without an acknowledgement to call, and with something else in its place.
    socket.emit('clock', 5 as never)
    socket.emit('subscribe', 'x' as never, 'y' as never)
    expect(await say('clock')).toMatchObject({ server_time_ms: server.clock.nowMs() })
  })

  test('who talks without end is cut off', async () => {
    const socket = await server.connect(server.world.rob)
    await next(socket, 'welcome')
    const gone = once(socket as never, 'disconnect')
    for (let index = 0; index < 500; index += 1) socket.emit('clock', () => undefined)
    await gone
    expect((await server.call('/healthz')).status).toBe(200)
  })

  test('a huge message, a packet that is none and a raw connection that says nothing end only themselves', async () => {
    const open = async () => {
      const raw = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
      raw.on('error', () => undefined)
      await once(raw, 'open')
      return raw
    }
    const huge = await open()
    huge.send(`42${JSON.stringify(['subscribe', 'x'.repeat(100_000)])}`)
    await once(huge, 'close')
    const garbled = await open()
    garbled.send('4{"this is": not a packet')
    await once(garbled, 'close')
    const early = await open()
    early.send('42["subscribe",{"messages":["quotation_update"]}]')
    await once(early, 'close')
    const half = connect(Number(new URL(server.url).port), '127.0.0.1')
    half.write(
      'POST /auth/sign-in HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 50\r\n\r\n{"a"',
    )
    half.destroy()
    expect((await server.call('/healthz')).status).toBe(200)
  })
})
