import { copyFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { Transition } from '../../domain/workflow.ts'
import { databaseFile } from '../../server/config.ts'
import { voidSessions } from '../../server/people/commands.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { backupTo } from '../../server/store/backup.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine
/** What was asked of the streams: `snapshot` or `events`. */
let asked: string[]
/** Holds an answer back for as long as it takes. */
let onAnswer: (url: URL) => Promise<void>
let answered: string[]

const start = (secret: string | null = null) =>
  startTestEngine({
    serverUrl: server.url,
    dataDir: `${server.dir}/rob`,
    clock: server.clock,
    secret,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.pathname.startsWith('/sync/streams/')) asked.push(url.pathname.split('/').at(-1) ?? '')
      return fetch(input, init).then(async (response) => {
        await onAnswer(url)
        answered.push(url.pathname)
        return response
      })
    },
  })

beforeEach(async () => {
  asked = []
  answered = []
  onAnswer = () => Promise.resolve()
  server = await startRestartableServer()
  engine = start()
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

const add = () => server.store().transact((tx) => addDraft(tx, server.world))
const move = (quote: Quote, transition: Transition) =>
  server.store().transact((tx) => changeStatus(tx, quote, { transition, reason: null }, server.world.mia))
const status = async (quote: Quote) => (await engine.client.quotes.get({ id: quote.id })).quote.status
const signIn = async () => {
  await engine.client.session.signIn({ email: emailOf(server.world.rob), password })
  await engine.becomes('live')
  asked = []
}
const session = async () => {
  for await (const value of await engine.client.session.watch()) return value
  throw new Error('the engine gave no session')
}

describe('the server goes away', () => {
  it('everything still browses; when it is back the client catches up without a click, from its cursor', async () => {
    const quote = await add()
    await signIn()
    await server.stop()
    await engine.becomes('offline')
    expect((await engine.page({ filter: { text: 'acme' } })).total).toBe(1)
    expect((await engine.client.pipeline.get()).draft_count).toBe(1)
    const { connection, last_synced_at } = await engine.status()
    expect(connection).toMatchObject({ state: 'offline', reason: expect.any(String), retry_at: expect.any(String) })
    expect(last_synced_at).toBe('2026-03-06T10:00:00.000Z')
    await server.start()
    await move(quote, { to: 'active' })
    await engine.becomes('live')
    await expect.poll(() => status(quote)).toBe('active')
    expect(asked).not.toContain('snapshot')
  })

  it('I13: in another epoch the client takes a snapshot and keeps its outbox', async () => {
    const quote = await add()
    const forgotten = await move(quote, { to: 'active' })
    if (!forgotten.ok) throw new Error(forgotten.refusal.message)
    const copy = path.join(server.dir, 'backup.db')
    const other = await add()
    await signIn()
    await backupTo(server.store(), copy)
    await move(forgotten.quote, { to: 'sent' })
    await expect.poll(() => status(quote)).toBe('sent')
    await server.stop()
    await engine.becomes('offline')
    await engine.client.quotes.changeStatus({ id: other.id, to: 'active', outcome: null, reason: null })
    for (const end of ['', '-wal', '-shm']) rmSync(`${databaseFile(server.dir)}${end}`, { force: true })
    copyFileSync(copy, databaseFile(server.dir))
    await server.start()
    await engine.becomes('live')
    expect(asked).toContain('snapshot')
    expect(await status(quote)).toBe('active')
    await expect.poll(async () => (await engine.client.outbox.list()).changes).toEqual([])
    const row = server.store().read.selectFrom('quotes').select('status').where('id', '=', other.id)
    expect((await row.executeTakeFirstOrThrow()).status).toBe('active')
  })
})

describe('the engine is restarted', () => {
  it('goes on from its cursor, signed in by the secret its host has kept', async () => {
    const quote = await add()
    await signIn()
    const secret = engine.secret()
    await engine.stop()
    await move(quote, { to: 'active' })
    engine = start(secret)
    await engine.becomes('live')
    expect(await status(quote)).toBe('active')
    expect(asked).toEqual(['events'])
    expect(engine.secret(), 'a refresh token works once').not.toBe(secret)
  })

  it('is signed in from its cache while the server is away', async () => {
    const quote = await add()
    await signIn()
    const secret = engine.secret()
    await engine.stop()
    await server.stop()
    engine = start(secret)
    await engine.becomes('offline')
    expect(await session()).toMatchObject({ state: 'signed_in', person: { name: 'Rob' }, workspace: { name: 'Test' } })
    expect(await status(quote)).toBe('draft')
  })

  it('is signed out, with words, when the server does not take the secret any more', async () => {
    await add()
    await signIn()
    const secret = engine.secret()
    await engine.stop()
    await server.store().transact((tx) => voidSessions(tx, server.world.rob.id))
    engine = start(secret)
    await engine.becomes('signed_out')
    expect(await session()).toMatchObject({ state: 'signed_out', problem: expect.stringContaining('Sign in again') })
    expect(engine.secret()).toBe(null)
    await expect(engine.page()).rejects.toMatchObject({ code: 'refused', data: { code: 'signed_out' } })
  })
})

describe('signing in and out', () => {
  it('says why it was refused', async () => {
    const wrong = engine.client.session.signIn({ email: emailOf(server.world.rob), password: 'no' })
    await expect(wrong).rejects.toMatchObject({ code: 'refused', data: { code: 'unauthorised' } })
    await server.stop()
    const away = engine.client.session.signIn({ email: emailOf(server.world.rob), password })
    await expect(away).rejects.toMatchObject({
      data: { code: 'unreachable' },
      message: 'The server cannot be reached.',
    })
  })

  it('a refresh that ends after the sign-out brings nothing back', async () => {
    await signIn()
    const secret = engine.secret()
    await engine.stop()
    const refreshed = Promise.withResolvers<void>()
    onAnswer = async (url) => {
      if (url.pathname === '/auth/refresh') await refreshed.promise
    }
    engine = start(secret)
    await engine.becomes('connecting')
    await engine.client.session.signOut()
    refreshed.resolve()
    await expect.poll(() => answered).toContain('/auth/refresh')
    expect(engine.told.filter(({ kind }) => kind === 'keep_secret')).toEqual([{ kind: 'keep_secret', secret: null }])
    expect(await session()).toMatchObject({ state: 'signed_out', problem: null })
  })

  it('another person on the same machine sees nothing of the first', async () => {
    await add()
    await signIn()
    await engine.client.session.signOut()
    expect(engine.secret()).toBe(null)
    await engine.client.session.signIn({ email: emailOf(server.world.sue), password })
    await engine.becomes('live')
    expect((await engine.page()).total).toBe(0)
  })
})
