import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { type EngineClient, startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine

beforeEach(async () => {
  server = await startRestartableServer()
  engine = startTestEngine({
    serverUrl: server.url,
    dataDir: `${server.dir}/rob`,
    clock: server.clock,
    sampleAccounts: [{ name: 'Rob', role: 'rep', email: emailOf(server.world.rob), password }],
  })
})
afterEach(async () => {
  await engine.stop()
  await server.dispose()
})

/** Everything a watch yields, as it comes. */
function collect<Value>(watching: Promise<AsyncIterable<Value>>): Value[] {
  const values: Value[] = []
  void (async () => {
    for await (const value of await watching) values.push(value)
  })().catch(() => {})
  return values
}

const find = async (text: string) =>
  (await engine.client.directory.customers({ text })).customers.map(({ name }) => name)
const toasts = () => engine.told.flatMap((message) => (message.kind === 'show_toast' ? [message.toast] : []))
const addExpiring = async (client: EngineClient = engine.client) => {
  // The clock stands at Friday 2026-03-06, 11:00 in Berlin.
  const quote = await server.store().transact((tx) => addDraft(tx, server.world, { expires_on: '2026-03-07' }))
  await client.session.signInSample({ email: emailOf(server.world.rob) })
  await engine.becomes('live')
  await client.quotes.changeStatus({ id: quote.id, to: 'active', outcome: null, reason: null })
  return quote
}

describe('windows', () => {
  it('hear of the session, the status and changes: the present first, then each change', async () => {
    const sessions = collect(engine.client.session.watch())
    const changes = collect(engine.client.changes.watch())
    await expect.poll(() => [sessions.length, changes.length]).toEqual([1, 1])
    expect(sessions[0]).toEqual({
      state: 'signed_out',
      server_url: server.url,
      sample_accounts: [{ name: 'Rob', role: 'rep', email: emailOf(server.world.rob) }],
      problem: null,
    })
    expect(changes[0]).toMatchObject({ quotes: null, directory: true, outbox: true })
    const quote = await addExpiring()
    await expect.poll(() => sessions.at(-1)).toMatchObject({ state: 'signed_in', person: { name: 'Rob' } })
    await expect.poll(() => changes.flatMap((change) => change.quotes ?? [])).toContain(quote.id)
  })

  it('a quote that is about to expire is announced, and a click opens it in the latest window', async () => {
    const quote = await addExpiring()
    await expect.poll(toasts, { timeout: 5_000 }).toMatchObject([{ quote: quote.id, title: 'Q-1 expires tomorrow' }])
    const key = toasts()[0]?.key ?? ''
    engine.tell({ kind: 'toast_event', key, event: 'shown', detail: null })
    const first = collect(engine.client.window.watch())
    const second = engine.openWindow()
    const latest = collect(second.client.window.watch())
    await expect.poll(() => [first.length, latest.length]).toEqual([1, 1])
    engine.tell({ kind: 'toast_event', key, event: 'clicked', detail: null })
    await expect.poll(() => latest.at(-1)).toMatchObject({ open_quote: quote.id, expiring_list: false })
    expect(engine.told).toContainEqual({ kind: 'focus_window' })
    second.close()
    engine.tell({ kind: 'open_quote', quote: quote.id })
    await expect.poll(() => first.at(-1)).toMatchObject({ open_quote: quote.id, expiring_list: false })
    expect(toasts()).toHaveLength(1)
  })

  it('show toasts themselves where the host cannot, and say what became of them', async () => {
    engine.tell({ kind: 'toast_channel', toast_channel: { kind: 'in_window', reason: 'no session bus' } })
    const shown = collect(engine.client.window.toasts())
    const opened = collect(engine.client.window.watch())
    const quote = await addExpiring()
    await expect.poll(() => shown, { timeout: 5_000 }).toMatchObject([{ quote: quote.id }])
    expect((await engine.status()).toast_channel).toEqual({ kind: 'in_window', reason: 'no session bus' })
    const key = shown[0]?.key ?? ''
    await engine.client.window.toastEvent({ key, event: 'shown' })
    await expect.poll(async () => (await engine.status()).alerts_held).toBe(0)
    await engine.client.window.toastEvent({ key, event: 'clicked' })
    await expect.poll(() => opened.at(-1)).toMatchObject({ open_quote: quote.id, expiring_list: false })
    expect(toasts()).toEqual([])
  })
})

describe('questions', () => {
  it('a filter by value needs exactly one currency', async () => {
    await addExpiring()
    await expect(engine.page({ filter: { value_min_minor: 1 } })).rejects.toMatchObject({
      code: 'refused',
      data: { code: 'one_currency' },
    })
    const filter = { value_min_minor: 450_000, currencies: ['EUR'] }
    expect((await engine.page({ filter })).total).toBe(1)
  })

  it('the pipeline adds up per currency, weighted, with what runs out and what was won this month', async () => {
    const quote = await addExpiring()
    const change = (to: 'sent' | 'closed', outcome: 'won' | null) =>
      engine.client.quotes.changeStatus({ id: quote.id, to, outcome, reason: null })
    expect(await engine.client.pipeline.get()).toEqual({
      open_count: 1,
      draft_count: 0,
      open: [{ currency: 'EUR', count: 1, value_minor: 450_000, weighted_minor: 90_000 }],
      expiring_7_days: 1,
      expired: 0,
      won_this_month: [],
    })
    await change('sent', null)
    await change('closed', 'won')
    expect(await engine.client.pipeline.get()).toMatchObject({
      open_count: 0,
      open: [],
      won_this_month: [{ currency: 'EUR', count: 1, value_minor: 450_000 }],
    })
    const { customer } = await engine.client.quotes.get({ id: quote.id })
    expect(customer).toMatchObject({ won_count: 1, lost_count: 0, win_rate_percent: 100, others: [] })
  })

  it('customers are found by any words of their name', async () => {
    await addExpiring()
    expect(await find('corp ac')).toEqual(['Acme Corp'])
    expect(await find('')).toEqual(['Acme Corp'])
    expect(await find('%')).toEqual([])
  })
})
