import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { Transition } from '../../domain/workflow.ts'
import { deactivatePerson } from '../../server/people/commands.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { cacheFolder, withCacheFile } from './support/cache-file.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { type TappedLink, tapLink } from './support/tapped-link.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

const patience = { timeout: 10_000 }

let server: RestartableServer
let engine: TestEngine
let tap: TappedLink
let asked: string[]
/** Called before each request; may put an answer in place of the server's, or throw as a broken network does. */
let onRequest: (url: URL) => Response | null

const dataDir = () => `${server.dir}/rob`
const start = (secret: string | null = null) =>
  startTestEngine({
    serverUrl: server.url,
    dataDir: dataDir(),
    clock: server.clock,
    openLink: tap.open,
    secret,
    fetch: async (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.pathname.startsWith('/sync/streams/')) asked.push(`${url.pathname.split('/').at(-1)}${url.search}`)
      return onRequest(url) ?? fetch(input, init)
    },
  })

beforeEach(async () => {
  server = await startRestartableServer({
    snapshot: { pageRows: 3, shareMs: 30_000, keepMs: 60_000, maxKept: 8 },
  })
  tap = tapLink()
  asked = []
  onRequest = () => null
  engine = start()
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

const add = (given: Partial<Quote> = {}) => server.store().transact((tx) => addDraft(tx, server.world, given))
const move = (quote: Quote, transition: Transition) =>
  server.store().transact((tx) => changeStatus(tx, quote, { transition, reason: null }, server.world.mia))
const signIn = () => engine.client.session.signIn({ email: emailOf(server.world.rob), password })
const activate = (quote: Quote) =>
  engine.client.quotes.changeStatus({ id: quote.id, to: 'active', outcome: null, reason: null })
const session = async () => {
  for await (const value of await engine.client.session.watch()) return value
  throw new Error('the engine gave no session')
}
const statusOf = async (quote: Quote) => (await engine.client.quotes.get({ id: quote.id })).quote.status
const total = async () => (await engine.page()).total
const folder = () => cacheFolder(dataDir())
const isSame = async () => (await engine.client.sync.verify({ stream: server.world.north.stream })).kind

/** Breaks every page of the closed cache but the first: its header and schema still read. */
function breakCache(keep: string): void {
  const file = path.join(folder(), 'cache.db')
  const bytes = readFileSync(file)
  for (let at = 4096; at < bytes.length; at += 4096) {
    const page = bytes.subarray(at, at + 4096)
    if (page.includes('Ten desks') && !page.includes(keep)) page.fill(0x5a)
  }
  writeFileSync(file, bytes)
}

/** Breaks an index that nothing reads until quotes are sorted by it. */
function breakIndex(name: string): void {
  let root = 0
  withCacheFile(dataDir(), (db) => {
    root = db.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) ?? 0
  })
  const file = path.join(folder(), 'cache.db')
  const bytes = readFileSync(file)
  bytes.fill(0x5a, (root - 1) * 4096, root * 4096)
  writeFileSync(file, bytes)
}

describe('a link that is lost again and again', () => {
  it('gets a snapshot done, page by page, never one twice', async () => {
    for (let n = 0; n < 10; n += 1) await add()
    // Every second page of a snapshot costs the link, as if it lived a few seconds only.
    let pages = 0
    onRequest = (url) => {
      if (!url.pathname.endsWith('/snapshot')) return null
      pages += 1
      if (pages % 2 === 0) {
        tap.cut()
        throw new TypeError('fetch failed')
      }
      return null
    }
    await signIn()
    await engine.becomes('live')
    expect(await total()).toBe(10)
    const answered = asked.filter((request) => request.startsWith('snapshot')).map((request) => request.split('&')[0])
    // 3 pages of the directory's 8 rows, 4 of the quotes and 1 of the person's own; each was asked for once more where the link was cut.
    expect(answered.length).toBe(pages)
    expect(pages).toBeLessThanOrEqual(2 * 8)
    expect(new Set(asked.filter((request) => request.startsWith('snapshot?page=0'))).size).toBeLessThanOrEqual(3)
    expect(await isSame()).toBe('same')
  })

  it('gets a long log done, from where it stood each time', async () => {
    const quote = await add()
    await signIn()
    await engine.becomes('live')
    const secret = engine.secret()
    await engine.stop()
    for (let n = 0; n < 20; n += 1) await add()
    await move(quote, { to: 'active' })
    let events = 0
    onRequest = (url) => {
      if (!url.pathname.endsWith('/events')) return null
      events += 1
      // Only ever a few events at once, and after each answer the link is gone.
      url.searchParams.set('limit', '5')
      if (events % 2 === 1) return null
      tap.cut()
      throw new TypeError('fetch failed')
    }
    asked = []
    engine = start(secret)
    await engine.becomes('live')
    expect(await total()).toBe(21)
    expect(asked.some((request) => request.startsWith('snapshot'))).toBe(false)
  })
})

const prepare = async () => {
  const quotes: Quote[] = []
  for (let n = 0; n < 30; n += 1) quotes.push(await add({ title: `Ten desks, lot ${n} ${'x'.repeat(150)}` }))
  await signIn()
  await engine.becomes('live')
  return quotes as [Quote, ...Quote[]]
}

describe('a damaged cache', () => {
  it('found at the start is replaced: nothing that waited is lost, and the person is told', async () => {
    const [quote] = await prepare()
    onRequest = (url) => (url.pathname === '/sync/mutations' ? new Response(null, { status: 503 }) : null)
    await activate(quote)
    const secret = engine.secret()
    await engine.stop()
    writeFileSync(path.join(folder(), 'cache.db-wal'), '')
    withCacheFile(dataDir(), (db) => db.pragma('wal_checkpoint(TRUNCATE)'))
    breakCache('quote.change_status')
    onRequest = () => null
    engine = start(secret)
    await engine.becomes('live')
    await expect.poll(total, patience).toBe(30)
    await expect.poll(() => statusOf(quote), patience).toBe('active')
    await expect.poll(async () => (await engine.client.outbox.list()).changes, patience).toEqual([])
    expect(await session()).toMatchObject({
      notice: expect.stringMatching(/damaged.*1 unsent or refused change was saved/),
    })
    expect(readdirSync(folder()).some((name) => name.startsWith('cache.db.damaged-'))).toBe(true)
    const row = server.store().read.selectFrom('quotes').select('status').where('id', '=', quote.id)
    expect((await row.executeTakeFirstOrThrow()).status).toBe('active')
    await engine.client.session.dismissNotice()
    expect(await session()).toMatchObject({ notice: null })
    expect(await isSame()).toBe('same')
  })

  it('that a check finds is named, and repairing puts a fresh one in its place while the person stays signed in', async () => {
    const [quote] = await prepare()
    const secret = engine.secret()
    await engine.stop()
    withCacheFile(dataDir(), (db) => db.pragma('wal_checkpoint(TRUNCATE)'))
    breakIndex('quotes_by_value')
    engine = start(secret)
    await engine.becomes('live')
    const found = await engine.client.sync.verify({ stream: server.world.north.stream })
    expect(found).toMatchObject({ kind: 'damaged', problems: expect.arrayContaining([expect.any(String)]) })
    await engine.client.sync.repair({ stream: server.world.north.stream })
    await engine.becomes('live')
    await expect.poll(total, patience).toBe(30)
    expect(await isSame()).toBe('same')
    expect(await statusOf(quote)).toBe('draft')
    expect(await session()).toMatchObject({ state: 'signed_in', notice: expect.stringContaining('damaged') })
  })
})

describe('a session that lives for days', () => {
  it('gets fresh tokens over its link, and is never broken off for one that ran out', async () => {
    await engine.stop()
    await server.dispose()
    server = await startRestartableServer({ accessTtlMs: 2_000, socketGraceMs: 0, beatMs: 1_000 })
    engine = start()
    await signIn()
    await engine.becomes('live')
    // A token lives for two seconds: the one that the link was opened with runs out on the way.
    for (let n = 1; n <= 3; n += 1) {
      server.clock.advance(1_000)
      await expect.poll(() => tap.renewed, patience).toBe(n)
    }
    expect(tap.opened).toBe(1)
    await engine.becomes('live')
  })
})

describe('an account that was ended', () => {
  it('I16: leaves nothing on the machine at the next contact', async () => {
    await add()
    await signIn()
    await engine.becomes('live')
    const kept = folder()
    expect(existsSync(path.join(kept, 'cache.db'))).toBe(true)
    await server.store().transact((tx) => deactivatePerson(tx, server.world.rob.id))
    await engine.becomes('signed_out')
    expect(await session()).toMatchObject({
      state: 'signed_out',
      problem: expect.stringContaining('The copy on this machine was removed.'),
    })
    expect(existsSync(kept)).toBe(false)
    expect(engine.secret()).toBeNull()
  })

  it('a mere sign-out keeps the copy', async () => {
    await add()
    await signIn()
    await engine.becomes('live')
    await engine.client.session.signOut()
    expect(existsSync(path.join(folder(), 'cache.db'))).toBe(true)
  })
})

describe('the name of this cache at the server', () => {
  it('that turned out to be somebody else’s is changed, and the next handshake says the new one', async () => {
    const quote = await add()
    await signIn()
    await engine.becomes('live')
    const first = tap.handshake?.client_id
    let refused = 0
    onRequest = (url) => {
      if (url.pathname !== '/sync/mutations' || refused > 0) return null
      refused += 1
      return Response.json({ defined: true, code: 'forbidden', status: 403, message: 'Not yours.' }, { status: 403 })
    }
    await activate(quote)
    await expect.poll(async () => (await engine.client.outbox.list()).changes, patience).toEqual([])
    tap.cut()
    await expect.poll(() => tap.opened, patience).toBe(2)
    await engine.becomes('live')
    expect(tap.handshake?.client_id).not.toBe(first)
    expect(await statusOf(quote)).toBe('active')
  })
})
