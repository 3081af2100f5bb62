import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { StreamReport } from '../../domain/rpc/sync.ts'
import type { Transition } from '../../domain/workflow.ts'
import { databaseFile } from '../../server/config.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { backupTo } from '../../server/store/backup.ts'
import { withCacheFile } from './support/cache-file.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { type TappedLink, tapLink } from './support/tapped-link.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine
let tap: TappedLink
let asked: string[]
let machineLagMs: number
/** What a test puts in place of the server's answer. */
let onRequest: (url: URL) => Response | null

const start = (secret: string | null = null) =>
  startTestEngine({
    serverUrl: server.url,
    dataDir: `${server.dir}/rob`,
    clock: { nowMs: () => server.clock.nowMs() - machineLagMs },
    openLink: tap.open,
    secret,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.pathname.startsWith('/sync/streams/')) asked.push(url.pathname.split('/').at(-1) ?? '')
      return onRequest(url) ?? fetch(input, init)
    },
  })

beforeEach(async () => {
  server = await startRestartableServer()
  tap = tapLink()
  asked = []
  machineLagMs = 0
  onRequest = () => null
  engine = start()
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

const add = (given: Partial<Quote> = {}) => server.store().transact((tx) => addDraft(tx, server.world, given))
const move = (quote: Quote, transition: Transition) =>
  server.store().transact(async (tx) => {
    const change = await changeStatus(tx, quote, { transition, reason: null }, server.world.mia)
    if (!change.ok) throw new Error(change.refusal.message)
    return change.quote
  })
const shown = async (quote: Quote) => (await engine.client.quotes.get({ id: quote.id })).quote
const signIn = async () => {
  await engine.client.session.signIn({ email: emailOf(server.world.rob), password })
  await engine.becomes('live')
  asked = []
}
const report = async (stream: string): Promise<StreamReport> => {
  for await (const { streams } of await engine.client.sync.watch()) {
    const found = streams.find((candidate) => candidate.stream === stream)
    if (!found) throw new Error(`no report of ${stream}`)
    return found
  }
  throw new Error('the engine gave no report')
}
const north = () => server.world.north.stream
const org = () => server.world.org

describe('I14: a stream is compared with the server', () => {
  it('and is the same: quotes with their histories, and the directory', async () => {
    const quote = await add()
    await add({ title: 'Zoë’s désks 💶', lines: [] })
    await signIn()
    await move(quote, { to: 'active' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    expect(await engine.client.sync.verify({ stream: north() })).toMatchObject({ kind: 'same', rows: 2, seq: 3 })
    // Workspace, two teams, four people, one customer.
    expect(await engine.client.sync.verify({ stream: org() })).toMatchObject({ kind: 'same', rows: 8 })
    expect((await report(north())).verified).toMatchObject({ kind: 'same' })
  })

  it('what is pending does not count: the server has not heard of it', async () => {
    const quote = await add()
    await signIn()
    onRequest = (url) => (url.pathname === '/sync/mutations' ? new Response(null, { status: 503 }) : null)
    await engine.client.quotes.changeStatus({ id: quote.id, to: 'active', outcome: null, reason: null })
    const { id: _id, ...rest } = quote
    const { customer_id, title, currency, lines, value_minor, expires_on, time_zone, team_id, owner_id } = rest
    const fields = { customer_id, title, currency, lines, value_minor, expires_on, time_zone }
    await engine.client.quotes.create({ ...fields, team_id, owner_id })
    expect((await engine.page()).rows.map(({ status, pending }) => [status, pending])).toEqual([
      ['draft', true],
      ['active', true],
    ])
    expect(await engine.client.sync.verify({ stream: north() })).toMatchObject({ kind: 'same', rows: 1 })
  })

  it('also while changes go on: they wait for the answer, and none is lost', async () => {
    const quote = await add()
    await signIn()
    const verified = engine.client.sync.verify({ stream: north() })
    const active = await move(quote, { to: 'active' })
    await move(active, { to: 'sent' })
    expect(await verified).toMatchObject({ kind: 'same' })
    await expect.poll(async () => (await shown(quote)).status).toBe('sent')
  })

  it('a row that differs is found, and repaired live with nothing of the outbox lost', async () => {
    const quote = await add()
    const other = await add()
    await signIn()
    withCacheFile(`${server.dir}/rob`, (db) => {
      db.prepare(`UPDATE quotes SET title = 'Eleven desks' WHERE id = ?`).run(quote.id)
    })
    const found = await engine.client.sync.verify({ stream: north() })
    expect(found).toMatchObject({ kind: 'different', rows: 2, server_rows: 2 })
    onRequest = (url) => (url.pathname === '/sync/mutations' ? new Response(null, { status: 503 }) : null)
    await engine.client.quotes.changeStatus({ id: other.id, to: 'active', outcome: null, reason: null })
    await engine.client.sync.repair({ stream: north() })
    expect(asked).toContain('snapshot')
    expect((await shown(quote)).title).toBe('Ten desks')
    expect((await shown(other)).status).toBe('active')
    expect((await engine.client.outbox.list()).changes).toHaveLength(1)
    expect(await engine.client.sync.verify({ stream: north() })).toMatchObject({ kind: 'same', rows: 2 })
  })

  it('needs the server, and says so', async () => {
    await signIn()
    await server.stop()
    await engine.becomes('offline')
    const refused = { code: 'refused', data: { code: 'offline' } }
    await expect(engine.client.sync.verify({ stream: north() })).rejects.toMatchObject(refused)
    await expect(engine.client.sync.repair({ stream: north() })).rejects.toMatchObject(refused)
  })
})

describe('reports', () => {
  it('say of each stream what it is called and where it stands', async () => {
    const quote = await add()
    await signIn()
    expect(await report(org())).toMatchObject({ label: 'Directory', state: 'level', gap: 0, verified: null })
    const before = await report(north())
    expect(before).toMatchObject({ label: 'North', state: 'level', seq: 1, head: 1, buffered: 0, last_error: null })
    await move(quote, { to: 'active' })
    await expect
      .poll(() => report(north()))
      .toMatchObject({
        seq: 2,
        head: 2,
        last_event_at: '2026-03-06T10:00:00.000Z',
      })
    await server.stop()
    await engine.becomes('offline')
    expect(await report(north())).toMatchObject({ state: 'offline', seq: 2, head: null, gap: 0 })
  })

  it('the measured offset of the server’s clock is told, and known to the next start without the server', async () => {
    // This machine is ten minutes slow.
    machineLagMs = 600_000
    await signIn()
    await expect.poll(async () => (await engine.status()).server_offset_ms).toBe(600_000)
    const secret = engine.secret()
    await engine.stop()
    await server.stop()
    engine = start(secret)
    await engine.becomes('offline')
    expect((await engine.status()).server_offset_ms).toBe(600_000)
  })
})

describe('I11: whatever is lost comes back whole', () => {
  it('when the log was compacted past the cursor', async () => {
    const quote = await add()
    await signIn()
    const secret = engine.secret()
    await engine.stop()
    await move(quote, { to: 'active' })
    let compacted = 0
    onRequest = (url) => {
      if (!url.pathname.endsWith('/events') || compacted > 0) return null
      compacted += 1
      const body = { defined: true, code: 'resync', status: 409, message: 'Gone.', data: { reason: 'compacted' } }
      return Response.json(body, { status: 409 })
    }
    engine = start(secret)
    await engine.becomes('live')
    expect(asked).toContain('snapshot')
    expect((await shown(quote)).status).toBe('active')
    expect(await engine.client.sync.verify({ stream: north() })).toMatchObject({ kind: 'same' })
  })

  it('when the server is busy it is left alone for as long as it asks, with the link up', async () => {
    const quote = await add()
    await signIn()
    let refusals = 2
    onRequest = (url) => {
      if (!url.pathname.endsWith('/events') || refusals === 0) return null
      refusals -= 1
      const data = { retry_after_ms: 50 }
      const body = { defined: true, code: 'too_many_requests', status: 429, message: 'Slow down.', data }
      return Response.json(body, { status: 429 })
    }
    tap.onEvent = () => []
    await move(quote, { to: 'active' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    expect([refusals, tap.opened]).toEqual([0, 1])
  })

  it('I13: after a restored backup, with what was pending sent to the restored server', async () => {
    const quote = await add()
    const other = await add()
    await signIn()
    const copy = path.join(server.dir, 'backup.db')
    await backupTo(server.store(), copy)
    await move(quote, { to: 'active' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    await server.stop()
    await engine.becomes('offline')
    await engine.client.quotes.changeStatus({ id: other.id, to: 'active', outcome: null, reason: null })
    for (const end of ['', '-wal', '-shm']) rmSync(`${databaseFile(server.dir)}${end}`, { force: true })
    copyFileSync(copy, databaseFile(server.dir))
    await server.start()
    await engine.becomes('live')
    expect((await shown(quote)).status, 'the backup knows nothing of it').toBe('draft')
    await expect.poll(async () => (await engine.client.outbox.list()).changes, { timeout: 10_000 }).toEqual([])
    await expect.poll(async () => (await shown(other)).status).toBe('active')
    expect(await engine.client.sync.verify({ stream: north() })).toMatchObject({ kind: 'same', rows: 2 })
  })

  it('I19: cut off for reading too slowly, it connects again and pulls', async () => {
    const quote = await add()
    await signIn()
    tap.onEvent = () => []
    await move(quote, { to: 'active' })
    tap.say.ended({ code: 'too_slow', message: 'You read too slowly.' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    expect(tap.opened).toBe(2)
    await engine.becomes('live')
  })
})
