import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, expect, test, vi } from 'vitest'
import { serverConfig } from '../../server/config.ts'
import { createServer, StoppedError } from '../../server/server.ts'
import { openRaw } from '../../server/store/connect.ts'
import { openStore } from '../../server/store/store.ts'
import { verifyDatabase } from '../../server/store/verify.ts'
import { readState } from '../../server/sync/read-state.ts'
import { collect, next, startTestServer, type TestServer } from './support/server.ts'
import { addDraft, handClock, seedWorld, tempDataDir } from './support/world.ts'

const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})
const started = async (...given: Parameters<typeof startTestServer>): Promise<TestServer> => {
  const server = await startTestServer(...given)
  cleanUp.push(() => server.stop())
  return server
}

const note = (quote: string, mutation_id: number) => ({
  client_id: '11111111-1111-4111-8111-111111111111',
  mutations: [{ name: 'quote.add_note', mutation_id, quote, text: 'x'.repeat(3_900) }],
})

test('I1: a full disk: writes are refused with 503 storage_full, reads and sockets go on, and later writes too', async () => {
  const server = await started()
  const { world, store } = server
  const { id } = await store.transact((tx) => addDraft(tx, world))
  const socket = await server.connect(world.rob)
  await next(socket, 'welcome')
  const beats = collect(socket, 'beat')
  // Tokens exist before: signing in writes, too.
  await server.tokenOf(world.rob)
  const pages = (await sql<{ page_count: number }>`pragma page_count`.execute(store.read)).rows[0]?.page_count ?? 0
  const limit = (most: number) =>
    store.transact((tx) =>
      sql
        .raw(`pragma max_page_count = ${most}`)
        .execute(tx.db)
        .then(() => undefined),
    )
  await limit(pages)
  const answers = []
  for (let index = 1; index <= 40 && answers.at(-1)?.status !== 503; index += 1) {
    answers.push(await server.call('/sync/mutations', { as: world.rob, json: note(id, index) }))
  }
  const refused = answers.length
  expect(answers.at(-1)).toMatchObject({ status: 503, body: { code: 'storage_full' } })
  expect((await server.call(`/quotes/${id}`, { as: world.rob })).status).toBe(200)
  const pull = `/sync/streams/${world.north.stream}/events?epoch=${store.epoch}&after=0`
  expect((await server.call(pull, { as: world.rob })).status).toBe(200)
  expect((await server.call(`/sync/streams/${world.north.stream}/snapshot?page=0`, { as: world.rob })).status).toBe(200)
  const heard = beats.length
  await vi.waitFor(() => expect(beats.length).toBeGreaterThan(heard + 1), { timeout: 10_000 })
  expect(await socket.emitWithAck('clock')).toMatchObject({ server_time_ms: expect.any(Number) })
  await limit(1_000_000)
  const retry = await server.call('/sync/mutations', { as: world.rob, json: note(id, refused) })
  expect(retry).toMatchObject({ status: 200, body: { results: [{ outcome: 'committed' }] } })
  expect((await verifyDatabase(store.file, readState)).problems).toEqual([])
})

test('a database of a newer version is refused in words and left as it is', async () => {
  const { dir, remove } = tempDataDir()
  cleanUp.push(remove)
  const config = serverConfig({ dataDir: dir, port: 0 })
  const file = `${dir}/server/quotedesk.db`
  const store = await openStore({ file, clock: handClock() })
  await seedWorld(store)
  await store.close()
  const raw = openRaw(file, 'write')
  raw.exec(`insert into kysely_migration values ('9999-future', '2030-01-01T00:00:00.000Z')`)
  raw.close()
  const server = createServer(config, { clock: handClock(), log: pino({ level: 'silent' }) })
  await expect(server.start()).rejects.toThrow(
    /written by a newer QuoteDesk \(it has 9999-future\).*Nothing was changed/,
  )
  const after = openRaw(file, 'read')
  expect(after.prepare('select count(*) from people').pluck().get()).toBe(4)
  after.close()
})

test('stop() during start() leaves nothing open, at whatever moment', async () => {
  for (let turns = 0; turns < 40; turns += 4) {
    const { dir, remove } = tempDataDir()
    const server = createServer(serverConfig({ dataDir: dir, port: 0 }), {
      clock: handClock(),
      log: pino({ level: 'silent' }),
    })
    const starting = server.start().then(
      ({ url }) => url,
      (error: unknown) => error,
    )
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve))
    await server.stop()
    // Either it never listened, or what it listened on is closed again.
    const outcome = await starting
    const trace = typeof outcome === 'string' ? await fetch(`${outcome}/healthz`).catch(String) : outcome
    expect([new StoppedError(), 'TypeError: fetch failed']).toContainEqual(trace)
    await expect(server.start()).rejects.toThrow(StoppedError)
    // Nobody holds the database: a writer that waits for nobody gets it.
    const raw = openRaw(`${dir}/server/quotedesk.db`, 'write')
    raw.pragma('busy_timeout = 0')
    raw.exec('begin exclusive; rollback')
    expect(raw.pragma('wal_checkpoint(truncate)', { simple: true })).toBe(0)
    raw.close()
    remove()
  }
})

test('stopping twice is stopping once, and both know when it is done', async () => {
  const server = await started()
  await Promise.all([server.stop(), server.stop()])
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed')
})

test('SIGTERM while it is still starting ends it with 0 and leaves a whole database', { timeout: 90_000 }, async () => {
  const main = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url))
  const { dir, remove } = tempDataDir()
  cleanUp.push(remove)
  for (const delayMs of [250, 450, 700, 1_000]) {
    const child = fork(main, ['serve', '--data', dir, '--port', '0', '--log-level', 'warn'], { silent: true })
    let errors = ''
    child.stderr?.on('data', (text: Buffer) => {
      errors += text.toString()
    })
    const exited = once(child, 'exit')
    await new Promise((resolve) => setTimeout(resolve, delayMs))
    child.kill('SIGTERM')
    const [code, signal] = await exited
    // Before its first line has run, nobody listens: then the signal itself ends it.
    expect(code === 0 || signal === 'SIGTERM').toBe(true)
    expect(errors).toBe('')
  }
  const store = await openStore({ file: `${dir}/server/quotedesk.db`, clock: handClock() })
  await store.close()
  expect(await verifyDatabase(`${dir}/server/quotedesk.db`, readState)).toMatchObject({ ok: true, problems: [] })
})
