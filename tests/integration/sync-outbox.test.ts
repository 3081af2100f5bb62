import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../domain/directory.ts'
import type { Role } from '../../domain/permissions.ts'
import { type Quote, quoteFieldNames } from '../../domain/quote.ts'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import type { Transition } from '../../domain/workflow.ts'
import { savePerson } from '../../server/people/commands.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import { startTestEngine, type TestEngine } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

let server: RestartableServer
let engine: TestEngine
let others: TestEngine[]
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
  others = []
  server = await startRestartableServer()
  engine = start()
  await engine.client.session.signIn({ email: emailOf(server.world.rob), password })
})
afterEach(async () => {
  await Promise.all([engine, ...others].map((one) => one.stop()))
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

/** Somebody else's engine on the same server. */
const join = async (person: Person, dataDir: string): Promise<TestEngine> => {
  const other = startTestEngine({ serverUrl: server.url, dataDir: `${server.dir}/${dataDir}`, clock: server.clock })
  others.push(other)
  await other.client.session.signIn({ email: emailOf(person), password })
  await other.becomes('live')
  return other
}
const goOffline = async () => {
  await server.stop()
  await engine.becomes('offline')
}
/** Back at the desk: what was queued is answered, one way or the other, and everything of it is applied. */
const comeBack = async () => {
  await server.start()
  await settled()
}
const settled = async () => {
  await engine.becomes('live')
  await expect
    .poll(async () => (await changes()).filter(({ state }) => state.kind !== 'refused'), { timeout: 10_000 })
    .toEqual([])
}
const fields = () => ({
  customer_id: server.world.acme.id,
  title: 'Twelve lamps',
  currency: 'EUR',
  lines: [{ product: 'Lamp', description: '', quantity: 12, unit_price_minor: 10_000 }],
  value_minor: 120_000,
  expires_on: '2026-04-30',
  time_zone: 'Europe/Berlin',
})
const create = (given: Partial<ReturnType<typeof fields>> = {}) =>
  engine.client.quotes.create({ ...fields(), ...given, team_id: server.world.north.id, owner_id: server.world.rob.id })
const edit = (by: TestEngine, { quote, base_version }: QuoteDetail, changed: Partial<ReturnType<typeof fields>>) =>
  by.client.quotes.edit({ id: quote.id, base: { version: base_version, fields: quoteFields(quote) }, fields: changed })
const quoteFields = (quote: Quote) =>
  Object.fromEntries(quoteFieldNames.map((name) => [name, quote[name]])) as ReturnType<typeof fields>

describe('edits made offline for days', () => {
  it('I5, I15: a quote made, completed, noted and sent without the server gets its number when it is back', async () => {
    await engine.becomes('live')
    await goOffline()
    const { id } = await create({ lines: [], value_minor: 0 })
    server.clock.advance(86_400_000)
    await edit(engine, await engine.client.quotes.get({ id }), { lines: fields().lines, value_minor: 120_000 })
    server.clock.advance(86_400_000)
    await engine.client.quotes.addNote({ id, text: 'Wants them in white.' })
    await engine.client.quotes.changeStatus({ id, to: 'active', outcome: null, reason: null })
    await engine.client.quotes.changeStatus({ id, to: 'sent', outcome: null, reason: null })
    expect((await changes()).map(({ quote_label, what }) => `${quote_label}: ${what}`)).toEqual([
      'Q-new: new quote',
      'Q-new: lines, value',
      'Q-new: note “Wants them in white.”',
      'Q-new: status to active',
      'Q-new: status to sent',
    ])
    const before = await engine.page({ filter: { text: 'lamps' } })
    expect(before).toMatchObject({ total: 1, rows: [{ id, quote_id: null, status: 'sent', pending: true }] })
    const pipeline = await engine.client.pipeline.get()

    await comeBack()
    const after = await engine.client.quotes.get({ id })
    expect(after.quote).toMatchObject({ quote_id: 1, status: 'sent', value_minor: 120_000, version: 5 })
    expect(after.history.map(({ kind, note, actor_name }) => [kind, note, actor_name])).toEqual([
      ['created', null, 'Rob'],
      ['edited', null, 'Rob'],
      ['noted', 'Wants them in white.', 'Rob'],
      ['transition', null, 'Rob'],
      ['transition', null, 'Rob'],
    ])
    expect(after.history[1]).toMatchObject({ before: { value_minor: 0, lines: [] }, after: { value_minor: 120_000 } })
    expect(await engine.page({ filter: { text: 'lamps' } })).toMatchObject({ total: 1, rows: [{ pending: false }] })
    expect(await engine.client.pipeline.get()).toEqual(pipeline)
  })

  it('different fields merge', async () => {
    const quote = await add()
    await seen(quote)
    const opened = await detail(quote)
    await goOffline()
    await edit(engine, opened, { title: 'Eleven desks' })
    await server.start()
    const mia = await join(server.world.mia, 'mia')
    await edit(mia, await mia.client.quotes.get({ id: quote.id }), { value_minor: 1 })
    await engine.becomes('live')
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    await expect.poll(async () => (await detail(quote)).quote).toMatchObject({ title: 'Eleven desks', value_minor: 1 })
    const { history } = await detail(quote)
    expect(history.map(({ actor_name, after }) => [actor_name, after])).toEqual(
      expect.arrayContaining([
        ['Mia', { value_minor: 1 }],
        ['Rob', { title: 'Eleven desks' }],
      ]),
    )
  })

  it('the same field is shown as base, mine and theirs; the choice is one more edit and the history has both', async () => {
    const quote = await add()
    await seen(quote)
    const opened = await detail(quote)
    const mia = await join(server.world.mia, 'mia')
    await expect.poll(async () => (await mia.page()).total).toBe(1)
    await edit(mia, await mia.client.quotes.get({ id: quote.id }), { title: 'Mia’s desks', value_minor: 2 })
    await expect.poll(async () => (await detail(quote)).quote.value_minor).toBe(2)
    // The form was opened before she did that.
    await edit(engine, opened, { title: 'Rob’s desks', value_minor: 3, time_zone: 'Europe/Paris' })
    await expect.poll(async () => (await changes()).map(({ state }) => state.kind)).toEqual(['refused'])
    const [refused] = await changes()
    expect(refused).toMatchObject({
      currency: 'EUR',
      state: {
        code: 'conflict',
        message: expect.stringMatching(/^Somebody else changed the title and value/) as unknown,
        conflicts: [
          { field: 'title', base: 'Ten desks', mine: 'Rob’s desks', theirs: 'Mia’s desks', by_name: 'Mia' },
          { field: 'value_minor', base: 450_000, mine: 3, theirs: 2, by_name: 'Mia' },
        ],
      },
    })
    expect((await detail(quote)).quote).toMatchObject({
      title: 'Mia’s desks',
      value_minor: 2,
      time_zone: 'Europe/Berlin',
    })

    const current_version = refused?.state.kind === 'refused' ? refused.state.current_version : null
    const choice = { entry: refused?.entry ?? 0, mine: ['title' as const] }
    await expect(engine.client.outbox.resolve({ ...choice, current_version: 1 })).rejects.toMatchObject({
      code: 'refused',
      data: { code: 'moved_on' },
    })
    await engine.client.outbox.resolve({ ...choice, current_version })
    expect((await detail(quote)).quote).toMatchObject({
      title: 'Rob’s desks',
      value_minor: 2,
      time_zone: 'Europe/Paris',
    })
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    const { history } = await detail(quote)
    expect(history.slice(1).map(({ before, after }) => ({ before, after }))).toEqual([
      { before: { title: 'Ten desks', value_minor: 450_000 }, after: { title: 'Mia’s desks', value_minor: 2 } },
      {
        before: { title: 'Mia’s desks', time_zone: 'Europe/Berlin' },
        after: { title: 'Rob’s desks', time_zone: 'Europe/Paris' },
      },
    ])
    await expect.poll(async () => (await mia.client.quotes.get({ id: quote.id })).quote.title).toBe('Rob’s desks')
  })

  it('I5: what follows a quote that the server does not take is refused with it, and nothing is stuck behind', async () => {
    const other = await add()
    await seen(other)
    await goOffline()
    const { id, entry } = await create()
    await engine.client.quotes.addNote({ id, text: 'Wants them in white.' })
    await wish(other, 'active')
    const rightsChanged = Promise.withResolvers<null>()
    onRequest = async (url, send) => {
      if (url.pathname === '/sync/mutations') await rightsChanged.promise
      return send()
    }
    await server.start()
    const { rob, north } = server.world
    const as = (role: Role) =>
      server.store().transact((tx) => savePerson(tx, { ...rob, memberships: [{ team_id: north.id, role }] }))
    // Rights changed while Rob was away.
    await as('viewer')
    rightsChanged.resolve(null)
    await settled()
    const refused = (await changes()).map(({ what, state }) => [what, state.kind === 'refused' && state.code])
    expect(refused).toEqual([
      ['new quote', 'needs_permission'],
      ['note “Wants them in white.”', 'not_found'],
      ['status to active', 'needs_permission'],
    ])
    expect((await engine.page()).rows.map((row) => row.id)).toEqual([other.id])
    await expect(engine.client.outbox.retry({ entry })).rejects.toMatchObject({ code: 'refused' })

    await as('rep')
    await expect
      .poll(async () => (await changes()).some(({ state }) => state.kind === 'refused' && state.can_retry))
      .toBe(true)
    await engine.client.outbox.retry({ entry })
    await expect.poll(async () => (await engine.client.quotes.get({ id })).quote.quote_id).toBe(2)
    for (const { entry: left } of await changes()) await engine.client.outbox.retry({ entry: left })
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect((await engine.client.quotes.get({ id })).history.map(({ kind }) => kind)).toEqual(['created', 'noted'])
    expect((await served(other)).status).toBe('active')
  })

  it('undo after the server has it is one more change', async () => {
    const quote = await add()
    await seen(quote)
    const { entry } = await edit(engine, await detail(quote), { title: 'Eleven desks' })
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect(await engine.client.outbox.undo({ entry })).toEqual({ took_back: false })
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    await expect.poll(async () => (await detail(quote)).quote).toMatchObject({ title: 'Ten desks', version: 3 })
    await expect(engine.client.outbox.undo({ entry })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('a quote given to another team leaves the one who may not see that, and arrives at who may', async () => {
    const quote = await add()
    const mia = await join(server.world.mia, 'mia')
    const sue = await join(server.world.sue, 'sue')
    await expect.poll(async () => (await mia.page()).total).toBe(1)
    await mia.client.quotes.reassign({ id: quote.id, team_id: server.world.south.id, owner_id: server.world.sue.id })
    await expect.poll(async () => (await sue.page()).rows).toMatchObject([{ id: quote.id, owner_name: 'Sue' }])
    await expect.poll(async () => (await mia.page()).total).toBe(0)
    expect((await mia.client.outbox.list()).changes).toEqual([])
    const { history } = await sue.client.quotes.get({ id: quote.id })
    expect(history.map(({ kind }) => kind)).toEqual(['created', 'reassigned'])
  })
})

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
      'status to active waiting',
      'status to active waiting',
      'status to sent waiting',
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
    expect(await changes()).toMatchObject([{ what: 'status to active', state: { kind: 'waiting' } }])
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
    await engine.client.outbox.discard({ entry: change?.entry ?? 0 })
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
    expect(third.entry).not.toBe(first.entry)
    await server.start()
    await expect.poll(changes, { timeout: 10_000 }).toEqual([])
    expect((await served(quote)).status).toBe('closed')
  })
})
