import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { Quote } from '../../domain/quote.ts'
import { expiringAlertSchema, quotationUpdateSchema } from '../../domain/wire/messages.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import { beatSchema, welcomeSchema } from '../../domain/wire/socket.ts'
import { streamEventSchema } from '../../domain/wire/stream-event.ts'
import { userStream } from '../../domain/wire/stream-name.ts'
import { sweepExpiring } from '../../server/announcements/sweep.ts'
import { serverConfig } from '../../server/config.ts'
import { deactivatePerson, savePerson, setMemberships } from '../../server/people/commands.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { openStore } from '../../server/store/store.ts'
import { collect, next, startTestServer, type TestServer } from './support/server.ts'
import { addDraft, handClock } from './support/world.ts'

let server: TestServer
beforeEach(async () => {
  server = await startTestServer()
})
afterEach(() => server.stop())

const draft = (given: Partial<Quote> = {}) => server.store.transact((tx) => addDraft(tx, server.world, given))
const activate = (quote: Quote) =>
  server.store.transact((tx) =>
    changeStatus(tx, quote, { transition: { to: 'active' }, reason: null }, server.world.mia),
  )
const live = async (person = server.world.rob, ttlMs = 900_000) => {
  const token = await server.tokenOf(person, ttlMs)
  const socket = await server.connect({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })
  const welcome = await next(socket, 'welcome')
  return { socket, welcome }
}

describe('the live link', () => {
  test('welcomes with exactly the readable streams and their heads', async () => {
    await draft()
    const { welcome } = await live(server.world.vic)
    expect(welcomeSchema.parse(welcome)).toEqual({
      person_id: server.world.vic.id,
      epoch: server.store.epoch,
      streams: [
        { stream: server.world.org, head: 8 },
        { stream: server.world.north.stream, head: 1 },
        { stream: userStream(server.world.vic.id), head: 0 },
      ],
      server_time_ms: server.clock.nowMs(),
      beat_ms: 100,
    })
  })

  test('P15: nothing committed while sockets are let in is lost: head of the welcome, then every event after it', async () => {
    const sockets = Array.from({ length: 10 }, () => server.connect(server.world.rob))
    const heard = sockets.map(async (connecting) => {
      const socket = await connecting
      const events = collect(socket, 'event')
      const welcome = await next(socket, 'welcome')
      return { events, head: welcome.streams[1]?.head ?? -1 }
    })
    for (let index = 0; index < 40; index += 1) await draft()
    const all = await Promise.all(heard)
    await vi.waitFor(() => {
      for (const { events, head } of all) {
        const seqs = events.map(({ place }) => place.seq).filter((seq) => seq > head)
        expect(seqs).toEqual(Array.from({ length: 40 - head }, (_, index) => head + 1 + index))
      }
    })
  })

  test('I2, I3: events arrive in order and as the log holds them, one broadcast each', async () => {
    const { socket } = await live()
    const events = collect(socket, 'event')
    const broadcast = vi.spyOn(server.gateway.io.of('/').adapter, 'broadcast')
    const quote = await draft()
    await activate(quote)
    await vi.waitFor(() => expect(events).toHaveLength(2))
    const sent = broadcast.mock.calls.filter(([packet]) => packet.data[0] === 'event')
    expect(sent).toHaveLength(2)
    for (const event of events) streamEventSchema.parse(event)
    const pulled = await server.call(
      `/sync/streams/${server.world.north.stream}/events?epoch=${server.store.epoch}&after=0`,
      {
        as: server.world.rob,
      },
    )
    expect(pulled.text.trimEnd().split('\n').slice(1)).toEqual(events.map((event) => JSON.stringify(event)))
  })

  test('I10: every stream tells its head each beat', async () => {
    const { socket, welcome } = await live()
    const beats = collect(socket, 'beat')
    await draft()
    const known = new Map<string, number>(welcome.streams.map(({ stream, head }) => [stream, head]))
    await vi.waitFor(() => {
      const heads = new Map(beats.map((beat) => [beat.stream, beatSchema.parse(beat).head]))
      expect(heads).toEqual(known.set(server.world.north.stream, 1))
    })
  })

  test('I10: what another process commits to the file arrives within a beat', async () => {
    const { socket } = await live()
    const other = await openStore({ file: server.store.file, clock: handClock() })
    const event = next(socket, 'event')
    await other.transact((tx) => addDraft(tx, server.world))
    expect((await event).place).toMatchObject({ stream: server.world.north.stream, seq: 1 })
    await other.close()
  })

  test('clock answers with the server’s time', async () => {
    const { socket } = await live()
    server.clock.advance(12_345)
    expect(await socket.emitWithAck('clock')).toEqual({ server_time_ms: server.clock.nowMs() })
  })

  test('stopping says so to everybody first', async () => {
    const { socket } = await live()
    const ended = next(socket, 'ended')
    const disconnected = new Promise((resolve) => socket.once('disconnect', resolve))
    await server.stop()
    expect(await ended).toMatchObject({ code: 'shutting_down' })
    await disconnected
    server = await startTestServer()
  })
})

describe('rights', () => {
  test('I16: an event reaches the room of its team and nobody else', async () => {
    const rob = await live(server.world.rob)
    const sue = await live(server.world.sue)
    const hers = collect(sue.socket, 'event')
    const his = next(rob.socket, 'event')
    await draft()
    await his
    const seen = next(sue.socket, 'event')
    await draft({ team_id: server.world.south.id })
    await seen
    expect(hers.map(({ place }) => place.stream)).toEqual([server.world.south.stream])
  })

  test.each([
    [
      'leaving a team',
      'permissions_changed',
      () => server.store.transact((tx) => setMemberships(tx, server.world.rob.id, [])),
    ],
    [
      'joining a team',
      'permissions_changed',
      () =>
        server.store.transact((tx) =>
          setMemberships(tx, server.world.rob.id, [
            ...server.world.rob.memberships,
            { team_id: server.world.south.id, role: 'viewer' },
          ]),
        ),
    ],
    [
      'being deactivated',
      'permissions_changed',
      () => server.store.transact((tx) => deactivatePerson(tx, server.world.rob.id)),
    ],
  ])('I16: %s ends every socket of the person before the next event goes out', async (_what, code, revoke) => {
    const { socket } = await live()
    const other = await live(server.world.vic)
    const events = collect(socket, 'event')
    const ended = next(socket, 'ended')
    const disconnected = new Promise((resolve) => socket.once('disconnect', resolve))
    await revoke()
    const seen = next(other.socket, 'event')
    await draft()
    expect(await ended).toMatchObject({ code })
    await disconnected
    await seen
    expect(events.filter(({ place }) => place.stream === server.world.north.stream)).toEqual([])
    expect(other.socket.connected).toBe(true)
  })

  test('I16: a right taken away while a socket is being let in holds for that socket too', async () => {
    for (let round = 0; round < 10; round += 1) {
      await server.store.transact((tx) => savePerson(tx, server.world.rob))
      const socket = await server.connect(server.world.rob)
      const events = collect(socket, 'event')
      const over = new Promise((resolve) => socket.once('disconnect', resolve).once('welcome', resolve))
      const judged = new Promise((resolve) => server.gateway.io.once('connection', resolve))
      // Spread over the turns between the judging of the token and the joining of the rooms.
      if (round % 2 === 0) await judged
      for (let turn = 0; turn < round / 2; turn += 1) await new Promise((resolve) => setImmediate(resolve))
      await server.store.transact((tx) => setMemberships(tx, server.world.rob.id, []))
      const { seq } = (
        await server.store.transact((tx) =>
          tx.appendEvent(server.world.north.stream, {
            type: 'quote.removed',
            data: { id: server.world.rob.id },
          }),
        )
      ).place
      await over
      await vi.waitFor(() => expect(server.gateway.io.of('/').adapter.rooms.has(server.world.north.stream)).toBe(false))
      expect(events.filter(({ place }) => place.stream === server.world.north.stream && place.seq >= seq)).toEqual([])
      socket.disconnect()
    }
  })

  test('I16: a right taken away by another process ends the socket within a beat', async () => {
    const { socket } = await live()
    const ended = next(socket, 'ended')
    const other = await openStore({ file: server.store.file, clock: handClock() })
    await other.transact((tx) => setMemberships(tx, server.world.rob.id, []))
    expect(await ended).toMatchObject({ code: 'permissions_changed' })
    await other.close()
  })

  test('a new name or role in the same teams ends nothing', async () => {
    const { socket } = await live()
    const event = next(socket, 'event')
    await server.store.transact((tx) => savePerson(tx, { ...server.world.rob, name: 'Robert' }))
    expect((await event).change).toMatchObject({ type: 'person.saved', data: { name: 'Robert' } })
    expect(socket.connected).toBe(true)
  })

  test('a socket that outlives its token by more than the grace is ended', async () => {
    const { socket } = await live()
    const ended = next(socket, 'ended')
    server.clock.advance(900_000 + serverConfig({ dataDir: '' }).socketGraceMs + 1_000)
    expect(await ended).toMatchObject({ code: 'unauthorised' })
  })
})

describe('messages for other systems', () => {
  test('quotation_update, to subscribers only, with its fixed fields', async () => {
    const { socket } = await live()
    const silent = await live(server.world.vic)
    const none = collect(silent.socket, 'message')
    expect(await socket.emitWithAck('subscribe', { messages: ['quotation_update'] })).toEqual({ ok: true })
    const quote = await draft()
    const messages = collect(socket, 'message')
    await activate(quote)
    await vi.waitFor(() => expect(messages.at(-1)?.data).toMatchObject({ status: 'active' }))
    const message = messages.at(-1)
    expect(quotationUpdateSchema.parse(message)).toEqual({
      type: 'quotation_update',
      data: {
        quote_id: quote.quote_id,
        status: 'active',
        previous_status: 'draft',
        timestamp: '2026-03-06T10:00:00.000Z',
        customer: 'Acme Corp',
        value: 4500,
        currency: 'EUR',
        outcome: null,
        stream: server.world.north.stream,
        epoch: server.store.epoch,
        seq: 2,
      },
    })
    expect(none).toEqual([])
    await socket.emitWithAck('subscribe', { messages: [] })
    const count = messages.length
    const event = next(socket, 'event')
    await draft()
    await event
    expect(messages).toHaveLength(count)
  })

  test('expiring_alert, once for each lead time, to who may see the quote', async () => {
    const monthMs = 30 * 86_400_000
    const { socket } = await live(server.world.rob, monthMs)
    const sue = await live(server.world.sue, monthMs)
    const hers = collect(sue.socket, 'message')
    await sue.socket.emitWithAck('subscribe', { messages: ['expiring_alert', 'quotation_update'] })
    await socket.emitWithAck('subscribe', { messages: ['expiring_alert'] })
    const quote = await draft({ expires_on: '2026-03-14' })
    await activate(quote)
    const messages = collect(socket, 'message')
    const sweep = () => sweepExpiring(server.gateway.io, server)
    expect(await sweep()).toBe(0)
    server.clock.set('2026-03-06T23:30:00.000Z')
    expect(await sweep()).toBe(1)
    expect(await sweep()).toBe(0)
    await vi.waitFor(() => expect(messages).toHaveLength(1))
    expect(expiringAlertSchema.parse(messages[0])).toEqual({
      type: 'expiring_alert',
      data: {
        quote_id: quote.quote_id,
        days_until_expiry: 7,
        customer: 'Acme Corp',
        value: 4500,
        currency: 'EUR',
        expires_on: '2026-03-14',
        time_zone: 'Europe/Berlin',
      },
    })
    for (const [day, alerts] of [
      ['11', 1],
      ['12', 0],
      ['13', 1],
      ['14', 1],
      ['15', 0],
    ] as const) {
      server.clock.set(`2026-03-${day}T12:00:00.000Z`)
      expect(await sweep()).toBe(alerts)
    }
    await vi.waitFor(() => expect(messages).toHaveLength(4))
    expect(hers).toEqual([])
  })
})

test('I19: who does not read is cut off, and the others are not held up', async () => {
  await server.stop()
  server = await startTestServer({ maxSocketBufferBytes: 200_000 })
  const { socket } = await live()
  const token = await server.tokenOf(server.world.vic)
  const raw = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const opened = new Promise((resolve) =>
    raw.on('message', (data: Buffer) => data.toString().startsWith('42["welcome"') && resolve(null)),
  )
  raw.once('open', () =>
    raw.send(`40${JSON.stringify({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })}`),
  )
  await opened
  raw.pause()
  const events = collect(socket, 'event')
  const { sockets } = server.gateway.io.of('/')
  expect(sockets.size).toBe(2)
  let sent = 0
  while (sockets.size === 2 && sent < 4_000) {
    await server.store.transact(async (tx) => {
      for (let index = 0; index < 40; index += 1) {
        await addDraft(tx, server.world, {
          lines: Array.from({ length: 100 }, () => ({
            product: 'x'.repeat(200),
            description: '',
            quantity: 1,
            unit_price_minor: 1,
          })),
        })
      }
    })
    sent += 40
    await next(socket, 'beat')
  }
  expect(sockets.size).toBe(1)
  await vi.waitFor(() => expect(events).toHaveLength(sent))
  raw.terminate()
})

test.each([
  ['handshakes that are refused', '40{}'],
  ['acknowledgements that nobody waits for', '430[]'],
  ['answers to pings that were not sent', '3'],
])('who floods the link with %s is cut off, and the others are not held up', async (_what, packet) => {
  const { socket: other } = await live()
  const flooder = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  const closed = new Promise((resolve) => flooder.once('close', resolve))
  flooder.on('error', () => undefined)
  await new Promise((resolve) => flooder.once('open', resolve))
  if (packet.startsWith('43')) {
    const token = await server.tokenOf(server.world.rob)
    flooder.send(`40${JSON.stringify({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })}`)
  }
  let answers = 0
  flooder.on('message', () => {
    answers += 1
  })
  for (let count = 0; count < 20_000; count += 1) flooder.send(packet)
  expect(await other.timeout(5_000).emitWithAck('clock')).toMatchObject({ server_time_ms: expect.any(Number) })
  await closed
  expect(answers).toBeLessThan(300)
})
