import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import { problemSchema } from '../../domain/wire/problem.ts'
import { hashPassword } from '../../server/auth/passwords.ts'
import { saveCustomer } from '../../server/customers/commands.ts'
import { newEntityId } from '../../server/ids.ts'
import { changeStatus } from '../../server/quotes/change-status.ts'
import { startTestServer, type TestServer } from './support/server.ts'
import { addDraft, emailOf } from './support/world.ts'

const password = 'a long enough password'
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({}, { passwordHash: await hashPassword(password) })
})
afterAll(() => server.stop())

const draft = (given: Partial<Quote> = {}) => server.store.transact((tx) => addDraft(tx, server.world, given))
const activeQuote = async (given: Partial<Quote> = {}) => {
  const quote = await draft(given)
  await server.store.transact((tx) =>
    changeStatus(tx, quote, { transition: { to: 'active' }, reason: null }, server.world.mia),
  )
  return quote
}
const update = (json: unknown, as = server.world.rob) => server.call('/quotations/update-status', { as, json })

const numbers = (answer: { body: { quotations: { quote_id: number }[] } }) =>
  answer.body.quotations.map((quotation) => quotation.quote_id)

const post = (body: string, type?: string) =>
  server.call('/quotations/update-status', {
    as: server.world.rob,
    init: { method: 'POST', body, headers: { 'content-type': type ?? 'application/x-www-form-urlencoded' } },
  })

describe('the three routes that other systems speak', () => {
  test('GET /metrics/quotations counts what the person may read, from the log of the moment', async () => {
    const metrics = async () => (await server.call('/metrics/quotations', { as: server.world.rob })).body
    const before = await metrics()
    const quote = await activeQuote()
    const after = await metrics()
    expect(after).toMatchObject({
      total: before.total + 1,
      by_status: { active: before.by_status.active + 1 },
      expiring_within_7_days: before.expiring_within_7_days + 1,
      pipeline: { open_count: before.pipeline.open_count + 1 },
    })
    expect(after.pipeline.open[0]).toEqual({ currency: 'EUR', count: 1, value_minor: 450_000, weighted_minor: 90_000 })
    await update({ quote_id: quote.quote_id, status: 'sent' })
    await update({ quote_id: quote.quote_id, status: 'closed', outcome: 'won' })
    expect(await metrics()).toMatchObject({ by_outcome: { won: 1 }, won_value: { EUR: 450_000 } })
    const hers = (await server.call('/metrics/quotations', { as: server.world.sue })).body
    expect(hers).toMatchObject({ total: 0, won_value: {} })
  })

  test('POST /quotations/update-status moves a quote and says from where to where', async () => {
    const { quote_id } = await activeQuote()
    const { status, body } = await update({ quote_id, status: 'sent' })
    expect(status).toBe(200)
    expect(body).toEqual({
      quote_id,
      status: 'sent',
      previous_status: 'active',
      outcome: null,
      version: 3,
      seq: expect.any(Number),
    })
  })

  test('a refused step names the allowed next states', async () => {
    const { quote_id } = await activeQuote()
    const { status, body } = await update({ quote_id, status: 'negotiation' })
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'transition_refused',
      message: 'Active cannot become negotiation. Allowed next: draft, sent, closed (withdrawn).',
      data: { reason: 'not_a_next_state', allowed: ['draft', 'sent', 'closed (withdrawn)'] },
    })
  })

  test('closing needs its outcome, and nothing else has one', async () => {
    const { quote_id } = await activeQuote()
    expect((await update({ quote_id, status: 'closed' })).body).toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/^outcome: closing a quote needs/),
    })
    expect((await update({ quote_id, status: 'sent', outcome: 'won' })).body.code).toBe('invalid_request')
  })

  test('GET /quotations/expiring looks 7 days ahead by default, in the zone of each quote, in major units', async () => {
    const { quote_id } = await activeQuote({ value_minor: 123_456, expires_on: '2026-03-09' })
    const later = await activeQuote({ expires_on: '2026-03-20' })
    await draft({ expires_on: '2026-03-09' })
    const { body } = await server.call('/quotations/expiring', { as: server.world.vic })
    expect(body.days).toBe(7)
    expect(body.quotations[0]).toEqual({
      quote_id,
      days_until_expiry: 3,
      customer: 'Acme Corp',
      value: 1234.56,
      currency: 'EUR',
      expires_on: '2026-03-09',
      time_zone: 'Europe/Berlin',
    })
    expect(numbers({ body })).not.toContain(later.quote_id)
    expect(numbers(await server.call('/quotations/expiring?days=14', { as: server.world.vic }))).toContain(
      later.quote_id,
    )
    expect((await server.call('/quotations/expiring', { as: server.world.sue })).body.quotations).toEqual([])
  })

  test('JSON from `curl -d` without a content type is read as JSON; a real form gets a clear 415', async () => {
    const { quote_id } = await activeQuote()
    expect((await post(JSON.stringify({ quote_id, status: 'sent' }))).status).toBe(200)
    for (const refused of [await post('quote_id=1&status=sent'), await post('<q/>', 'application/xml')]) {
      expect(refused.status).toBe(415)
      expect(refused.body).toMatchObject({
        code: 'unsupported_media_type',
        message: expect.stringContaining('"Content-Type: application/json"'),
      })
    }
  })
})

describe('reading', () => {
  test('quotes come newest number first, page by page without repeating or missing any', async () => {
    for (let index = 0; index < 5; index += 1) await draft({ team_id: server.world.south.id })
    const numbers: number[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await server.call(`/quotes?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`, {
        as: server.world.sue,
      })
      numbers.push(...page.body.quotes.map((quote: Quote) => quote.quote_id))
      cursor = page.body.next_cursor
    }
    expect(numbers).toHaveLength(5)
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a))
    const ofOther = await server.call(`/quotes?team_id=${server.world.north.id}`, { as: server.world.sue })
    expect(ofOther.body.quotes).toEqual([])
  })

  test('customers come by name, page by page', async () => {
    for (const name of ['Zeta', 'Acme Corp', 'Beta']) {
      await server.store.transact((tx) => saveCustomer(tx, { ...server.world.acme, id: newEntityId(tx.nowMs), name }))
    }
    const names: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await server.call(`/customers?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`, {
        as: server.world.vic,
      })
      names.push(...page.body.customers.map(({ name }: { name: string }) => name))
      cursor = page.body.next_cursor
    }
    expect(names).toEqual(['Acme Corp', 'Acme Corp', 'Beta', 'Zeta'])
  })

  test.each(['/customers', '/quotes'])('a cursor of %s that is not ours is refused', async (path) => {
    const { status, body } = await server.call(`${path}?cursor=1x`, { as: server.world.vic })
    expect(status).toBe(400)
    expect(body).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('next_cursor') })
  })

  test('a quote, its history and its customer', async () => {
    const quote = await activeQuote()
    const as = server.world.vic
    expect((await server.call(`/quotes/${quote.id}`, { as })).body).toMatchObject({ status: 'active', version: 2 })
    const { history } = (await server.call(`/quotes/${quote.id}/history`, { as })).body
    expect(history.map(({ to_status }: { to_status: string }) => to_status)).toEqual(['draft', 'active'])
    expect((await server.call(`/customers/${quote.customer_id}`, { as })).body).toEqual(server.world.acme)
    expect((await server.call(`/customers/${quote.id}`, { as })).status).toBe(404)
  })
})

const signIn = (email: string, given = password) => server.call('/auth/sign-in', { json: { email, password: given } })

const timed = async (email: string) => {
  const startedMs = performance.now()
  const { status, body } = await signIn(email, 'wrong')
  return { status, body, tookMs: performance.now() - startedMs }
}

describe('signing in', () => {
  test('gives tokens that work, and who one is', async () => {
    const { body } = await signIn(` ${emailOf(server.world.rob).toUpperCase()}`)
    expect(body).toMatchObject({ expires_in_ms: 900_000, person: server.world.rob, workspace: { name: 'Test' } })
    expect((await server.call('/me', { as: body.access_token })).body).toEqual(server.world.rob)
    const refreshed = await server.call('/auth/refresh', { json: { refresh_token: body.refresh_token } })
    expect(refreshed.status).toBe(200)
    const { refresh_token } = refreshed.body
    expect((await server.call('/auth/sign-out', { json: { refresh_token } })).body).toEqual({ signed_out: true })
    expect((await server.call('/auth/refresh', { json: { refresh_token } })).status).toBe(401)
  })

  test('a wrong password and an unknown address get the same answer in about the same time', async () => {
    await timed('warm@example.com')
    const known = await timed(emailOf(server.world.vic))
    const unknown = await timed('nobody@example.com')
    expect(unknown.status).toBe(401)
    expect(unknown.body).toEqual(known.body)
    // Without the equal work the unknown one takes a few per cent of the time.
    expect(unknown.tookMs).toBeGreaterThan(known.tookMs / 4)
  })

  test('guessing is slowed down, with when to come back', async () => {
    const limited = await startTestServer({
      limits: {
        ...(await import('../../server/config.ts')).serverConfig({ dataDir: '' }).limits,
        signInAccount: { points: 2, periodMs: 60_000 },
      },
    })
    const attempt = () => limited.call('/auth/sign-in', { json: { email: 'x@example.com', password: 'x' } })
    expect([(await attempt()).status, (await attempt()).status]).toEqual([401, 401])
    const refused = await attempt()
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ code: 'too_many_requests', data: { retry_after_ms: expect.any(Number) } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    await limited.stop()
  })
})

describe('refusals', () => {
  test.each([
    ['an unknown route', '/nothing', undefined, 404, 'not_found'],
    ['a wrong method', '/quotations/update-status', undefined, 405, 'method_not_allowed'],
    ['no token', '/quotes', undefined, 401, 'unauthorised'],
    [
      'malformed JSON',
      '/auth/sign-in',
      { method: 'POST', body: '{"email":', headers: { 'content-type': 'application/json' } },
      400,
      'invalid_request',
    ],
    [
      'an encoding that is not understood',
      '/auth/sign-in',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'zstd-9' } },
      415,
      'unsupported_media_type',
    ],
    [
      'a body too large',
      '/auth/sign-in',
      { method: 'POST', body: 'x'.repeat(1_100_000), headers: { 'content-type': 'application/json' } },
      413,
      'payload_too_large',
    ],
    ['a broken address', '/sync/streams/%ZZ/events', undefined, 400, 'invalid_request'],
    ['a missing body', '/auth/sign-in', { method: 'POST' }, 400, 'invalid_request'],
    [
      'a form without a body',
      '/auth/sign-in',
      { method: 'POST', body: '', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
      400,
      'invalid_request',
    ],
    [
      'a body that is not compressed as announced',
      '/auth/sign-in',
      { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' } },
      400,
      'invalid_request',
    ],
  ])('%s is told as a problem', async (_what, path, init, status, code) => {
    const answer = await server.call(path, init ? { init } : {})
    expect(answer.status).toBe(status)
    expect(problemSchema.parse(answer.body)).toMatchObject({ defined: true, code, status })
  })

  test('a refusal stays small, whatever it complains of', async () => {
    const wish = Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`unheard-of ${index}`, index]))
    const { status, body } = await update(wish)
    expect(status).toBe(400)
    expect(JSON.stringify(body).length).toBeLessThan(5_000)
  })

  test('what fails validation names each field', async () => {
    const { status, body } = await update({ quote_id: 'one', status: 'lost', why: 1 })
    expect(status).toBe(400)
    expect(body.code).toBe('invalid_request')
    expect(body.message).toMatch(/quote_id: .*number.*status: .*"draft"/)
    expect(body.data.issues.map((issue: { field: string }) => issue.field)).toEqual(['quote_id', 'status', ''])
    const query = await server.call('/quotations/expiring?days=never', { as: server.world.rob })
    expect(query.body).toMatchObject({ code: 'invalid_request', message: expect.stringContaining('days') })
  })
})

test('OpenAPI is generated from the contract and lists its routes', async () => {
  const { status, body } = await server.call('/openapi.json')
  expect(status).toBe(200)
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining([
      '/quotations/update-status',
      '/quotations/expiring',
      '/metrics/quotations',
      '/quotes/{id}',
    ]),
  )
  const { schema } = body.paths['/quotations/update-status'].post.requestBody.content['application/json']
  expect(Object.keys(schema.properties)).toEqual(['quote_id', 'status', 'outcome', 'reason'])
})

test('/healthz answers without a token, and every answer carries the security headers', async () => {
  const { status, body, headers } = await server.call('/healthz')
  expect(status).toBe(200)
  expect(body).toMatchObject({ ok: true, epoch: server.store.epoch })
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-powered-by')).toBeNull()
})

test('a full disk refuses writing with 503 and goes on reading', async () => {
  const quote = await activeQuote()
  const { sql } = await import('kysely')
  const limit = (pages: number) =>
    server.store.transact((tx) => sql.raw(`pragma max_page_count = ${pages}`).execute(tx.db))
  await limit(1)
  const answers: { status: number; code: string | undefined }[] = []
  while (answers.length < 300 && answers.every(({ status }) => status === 200)) {
    const next = answers.length % 2 === 0 ? 'draft' : 'active'
    const { status, body } = await update({ quote_id: quote.quote_id, status: next, reason: 'x'.repeat(2_000) })
    answers.push({ status, code: body.code })
  }
  expect(answers.at(-1)).toEqual({ status: 503, code: 'storage_full' })
  expect((await server.call(`/quotes/${quote.id}`, { as: server.world.rob })).status).toBe(200)
  await limit(1_000_000)
})

test('what is damaged on the server is its own fault: 500, and not the request that is wrong', async () => {
  const quote = await activeQuote()
  const edit = {
    name: 'quote.change_status',
    quote: quote.id,
    base_version: 2,
    to: 'sent',
    outcome: null,
    reason: null,
  }
  const batch = { client_id: crypto.randomUUID(), mutations: [{ ...edit, mutation_id: 1 }] }
  const send = () => server.call('/sync/mutations', { as: server.world.rob, json: batch })
  expect(await send()).toMatchObject({ status: 200 })
  await server.store.transact((tx) =>
    tx.db.updateTable('mutation_results').set({ result: '{}' }).where('client_id', '=', batch.client_id).execute(),
  )
  expect(await send()).toMatchObject({ status: 500, body: { code: 'internal' } })
})
