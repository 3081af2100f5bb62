import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import type { Transition } from '../../domain/workflow.ts'
import { setMemberships } from '../../server/people/commands.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { type TappedLink, tapLink } from './support/tapped-link.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine
let tap: TappedLink
let asked: string[]

beforeEach(async () => {
  server = await startRestartableServer()
  tap = tapLink()
  asked = []
  engine = startTestEngine({
    serverUrl: server.url,
    dataDir: `${server.dir}/rob`,
    clock: server.clock,
    openLink: tap.open,
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.pathname.startsWith('/sync/streams/')) asked.push(url.pathname.split('/').at(-1) ?? '')
      return fetch(input, init)
    },
  })
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

describe('a new client', () => {
  it('takes a snapshot of what its person may read, with history, customer and colleagues', async () => {
    const quote = await add()
    await add({ team_id: server.world.south.id, owner_id: server.world.sue.id })
    await signIn()
    const page = await engine.page()
    expect(page.total).toBe(1)
    expect(page.rows[0]).toMatchObject({
      id: quote.id,
      customer_name: 'Acme Corp',
      owner_name: 'Rob',
      team_name: 'North',
    })
    const detail = await engine.client.quotes.get({ id: quote.id })
    expect(detail.quote).toEqual(quote)
    expect(detail.history).toMatchObject([{ kind: 'created', version: 1, actor_name: 'Rob' }])
    expect(detail.allowed.map(({ label }) => label)).toEqual(['active', 'closed (withdrawn)'])
    expect((await engine.client.directory.get()).people.map(({ name }) => name)).toEqual(['Mia', 'Rob', 'Sue', 'Vic'])
  })

  it('takes a snapshot in pages and says how far it is', async () => {
    await server.dispose()
    server = await startRestartableServer({ snapshot: { pageRows: 3, shareMs: 0, keepMs: 60_000, maxKept: 8 } })
    await engine.stop()
    const open = Promise.withResolvers<void>()
    engine = startTestEngine({
      serverUrl: server.url,
      dataDir: `${server.dir}/rob`,
      clock: server.clock,
      fetch: async (input, init) => {
        // The third page of the quotes is late.
        const url = input instanceof Request ? input.url : input.toString()
        if (url.includes('page=2') && url.includes('team')) await open.promise
        return fetch(input, init)
      },
    })
    for (let n = 0; n < 10; n += 1) await add()
    await engine.client.session.signIn({ email: emailOf(server.world.rob), password })
    const rowsOfOrg = 8
    await expect
      .poll(async () => (await engine.status()).connection)
      .toEqual({ state: 'catching_up', what: 'snapshot', done: rowsOfOrg + 6, total: rowsOfOrg + 10 })
    expect((await engine.page()).total, 'nothing of it shows before all of it is here').toBe(0)
    open.resolve()
    await engine.becomes('live')
    expect((await engine.page()).total).toBe(10)
  })
})

describe('live', () => {
  it('shows a change of somebody else without asking the log', async () => {
    const quote = await add()
    await signIn()
    await move(quote, { to: 'active' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    const { history } = await engine.client.quotes.get({ id: quote.id })
    expect(history.at(-1)).toMatchObject({ kind: 'transition', to_status: 'active', actor_name: 'Mia' })
    expect(asked).toEqual([])
  })

  it('I6: drops what comes twice', async () => {
    const quote = await add()
    await signIn()
    tap.onEvent = (event) => [event, event]
    const active = await move(quote, { to: 'active' })
    await move(active, { to: 'sent' })
    await expect.poll(async () => (await shown(quote)).status).toBe('sent')
    expect((await engine.client.quotes.get({ id: quote.id })).history).toHaveLength(3)
    expect(asked).toEqual([])
    expect(tap.opened).toBe(1)
  })

  it('I9: pulls what a gap in the live events hides, and applies nothing past it before', async () => {
    const first = await add()
    const second = await add()
    await signIn()
    const lost: unknown[] = []
    tap.onEvent = (event) => (lost.length === 0 ? (lost.push(event), []) : [event])
    await move(first, { to: 'active' })
    await move(second, { to: 'active' })
    await expect.poll(async () => (await shown(second)).status).toBe('active')
    expect((await shown(first)).status).toBe('active')
    expect(asked).toEqual(['events'])
  })

  it('I10: a lost last event is noticed by the next beat', async () => {
    const quote = await add()
    await signIn()
    tap.onEvent = () => []
    await move(quote, { to: 'active' })
    await expect.poll(async () => (await shown(quote)).status).toBe('active')
    expect(asked).toEqual(['events'])
  })

  it('events in the wrong order are put right', async () => {
    const quote = await add()
    await signIn()
    const held: unknown[] = []
    tap.onEvent = (event) => {
      held.push(event)
      return held.length < 2 ? [] : held.splice(0).toReversed()
    }
    await move(await move(quote, { to: 'active' }), { to: 'sent' })
    await expect.poll(async () => (await shown(quote)).status).toBe('sent')
    expect((await engine.client.quotes.get({ id: quote.id })).history.map(({ version }) => version)).toEqual([1, 2, 3])
  })

  it('a link that has fallen silent is given up and made anew', async () => {
    const quote = await add()
    await signIn()
    tap.silence()
    await move(quote, { to: 'active' })
    // Past two and a half beats of 100 ms.
    server.clock.advance(1_000)
    await expect.poll(() => tap.opened).toBe(2)
    await engine.becomes('live')
    expect((await shown(quote)).status).toBe('active')
  })

  it('I16: quotes of a team that its person has left are gone, also from search', async () => {
    const quote = await add()
    await signIn()
    expect((await engine.page({ filter: { text: 'desks' } })).total).toBe(1)
    const { world } = server
    await server.store().transact((tx) => setMemberships(tx, world.rob.id, [{ team_id: world.south.id, role: 'rep' }]))
    await expect.poll(async () => (await engine.page()).total).toBe(0)
    expect((await engine.page({ filter: { text: 'desks' } })).total).toBe(0)
    await expect(engine.client.quotes.get({ id: quote.id })).rejects.toMatchObject({ code: 'not_found' })
  })
})
