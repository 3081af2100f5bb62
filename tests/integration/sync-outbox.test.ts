import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { Transition } from '../../domain/workflow.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine
/** What a test does to a request on its way. */
let onRequest: (url: URL, send: () => Promise<Response>) => Promise<Response>

const start = (secret: string | null = null) =>
  startTestEngine({
    serverUrl: server.url,
    dataDir: `${server.dir}/rob`,
    clock: server.clock,
    secret,
    fetch: (input, init) => onRequest(new URL(input instanceof Request ? input.url : input), () => fetch(input, init)),
  })

beforeEach(async () => {
  onRequest = (_url, send) => send()
  server = await startRestartableServer()
  engine = start()
  await engine.client.session.signIn({ email: emailOf(server.world.rob), password })
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

const add = (given: Partial<Quote> = {}) => server.store().transact((tx) => addDraft(tx, server.world, given))
const wish = (quote: Quote, to: Quote['status'], outcome: Quote['outcome'] = null) =>
  engine.client.quotes.changeStatus({ id: quote.id, to, outcome, reason: null })
const detail = (quote: Quote) => engine.client.quotes.get({ id: quote.id })
const changes = async () => (await engine.client.outbox.list()).changes
const served = (quote: Quote) =>
  server.store().read.selectFrom('quotes').select('status').where('id', '=', quote.id).executeTakeFirstOrThrow()
const servedSteps = async (quote: Quote) => {
  const rows = await server.store().read.selectFrom('history').selectAll().where('quote', '=', quote.id).execute()
  return rows.map((row) => row.to_status)
}
const moveElsewhere = (quote: Quote, transition: Transition) =>
  server.store().transact((tx) => changeStatus(tx, quote, { transition, reason: null }, server.world.mia))
const seen = async (quote: Quote) => {
  await engine.becomes('live')
  await expect.poll(async () => (await engine.page()).rows.map(({ id }) => id)).toContain(quote.id)
}

describe('the outbox', () => {
  it('I15: shows a change at once, and lets go of it with the event that carries it', async () => {
    const quote = await add()
    await seen(quote)
    await wish(quote, 'active')
    expect((await detail(quote)).quote.status).toBe('active')
    await expect.poll(changes).toEqual([])
    const after = await detail(quote)
    expect(after.quote).toMatchObject({ status: 'active', version: 2 })
    expect(after.history.at(-1)).toMatchObject({ to_status: 'active', actor_name: 'Rob' })
    expect((await served(quote)).status).toBe('active')
  })

  it('changes made while the server is away are sent in order and answered when it is back', async () => {
    const quote = await add()
    const other = await add()
    await seen(quote)
    await seen(other)
    await server.stop()
    await engine.becomes('offline')
    await wish(quote, 'active')
    await wish(other, 'active')
    await wish(quote, 'sent')
    expect((await detail(quote)).quote).toMatchObject({ status: 'sent', version: 3 })
    expect((await changes()).map(({ what, state }) => `${what} ${state.kind}`)).toEqual([
      'active waiting',
      'active waiting',
      'sent waiting',
    ])
    expect((await engine.page()).rows.every((row) => row.pending)).toBe(true)
    expect((await engine.status()).pending_changes).toBe(3)
    await server.start()
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect(await servedSteps(quote)).toEqual(['draft', 'active', 'sent'])
    expect(await servedSteps(other)).toEqual(['draft', 'active'])
    expect((await detail(quote)).quote).toMatchObject({ status: 'sent', version: 3 })
  })

  it('I5: waiting changes survive a restart of the engine while the server is away', async () => {
    const quote = await add()
    await seen(quote)
    await server.stop()
    await engine.becomes('offline')
    await wish(quote, 'active')
    const secret = engine.secret()
    await engine.stop()
    engine = start(secret)
    await expect.poll(async () => (await detail(quote)).quote.status).toBe('active')
    expect(await changes()).toMatchObject([{ what: 'active', state: { kind: 'waiting' } }])
    await server.start()
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect(await servedSteps(quote)).toEqual(['draft', 'active'])
  })

  it('I5: a refused change is shown with its reason, undone, and does not hold up the next', async () => {
    const quote = await add()
    const other = await add()
    await seen(quote)
    await seen(other)
    await server.stop()
    await engine.becomes('offline')
    await wish(quote, 'active')
    await wish(other, 'active')
    await server.start()
    await moveElsewhere(quote, { to: 'closed', outcome: 'withdrawn' })
    await expect.poll(async () => (await served(other)).status, { timeout: 10_000 }).toBe('active')
    await expect.poll(async () => (await changes()).map(({ state }) => state.kind)).toEqual(['refused'])
    const [change] = await changes()
    expect(change?.state).toMatchObject({ kind: 'refused', code: 'conflict' })
    await expect.poll(async () => (await detail(quote)).quote.outcome).toBe('withdrawn')
    const row = (await engine.page()).rows.find(({ id }) => id === quote.id)
    expect(row).toMatchObject({ refused: true, pending: false })
    await engine.client.outbox.discard({ mutation_id: change?.mutation_id ?? 0 })
    expect(await changes()).toEqual([])
  })

  it('I4: an answer that got lost is asked for again, and the change happens once', async () => {
    const quote = await add()
    await seen(quote)
    let lost = 0
    onRequest = async (url, send) => {
      const response = await send()
      if (url.pathname !== '/sync/mutations' || lost > 0) return response
      lost += 1
      throw new TypeError('fetch failed')
    }
    await wish(quote, 'active')
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect(lost).toBe(1)
    expect(await servedSteps(quote)).toEqual(['draft', 'active'])
  })

  it('refuses at once what the workflow does not allow, and names what it does', async () => {
    const quote = await add()
    await seen(quote)
    await expect(wish(quote, 'negotiation')).rejects.toMatchObject({
      code: 'refused',
      data: { code: 'not_a_next_state' },
      message: 'Draft cannot become negotiation. Allowed next: active, closed (withdrawn).',
    })
    await expect(wish(quote, 'closed')).rejects.toMatchObject({ code: 'refused' })
    expect(await changes()).toEqual([])
  })

  it('takes back a change that was not sent, the last one first', async () => {
    const quote = await add()
    await seen(quote)
    await server.stop()
    await engine.becomes('offline')
    const first = await wish(quote, 'active')
    const second = await wish(quote, 'sent')
    await expect(engine.client.outbox.discard(first)).rejects.toMatchObject({ data: { code: 'built_upon' } })
    await engine.client.outbox.discard(second)
    expect((await detail(quote)).quote.status).toBe('active')
    await engine.client.outbox.discard(first)
    expect((await detail(quote)).quote).toEqual(quote)
    await expect(engine.client.outbox.discard(first)).rejects.toMatchObject({ code: 'not_found' })
    const third = await wish(quote, 'closed', 'withdrawn')
    expect(third.mutation_id).not.toBe(first.mutation_id)
    await server.start()
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect((await served(quote)).status).toBe('closed')
  })
})
