import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Person } from '../../domain/directory.ts'
import type { Quote } from '../../domain/quote.ts'
import { findReadableQuote, findReadableQuoteByNumber } from '../../server/quotes/find-readable.ts'
import { openRaw } from '../../server/store/connect.ts'
import type { Store } from '../../server/store/store.ts'
import { startTestServer, type TestServer } from './support/server.ts'
import { addDraft } from './support/world.ts'

/**
 * I16, in time: what may not be seen and what does not exist cost the same. Clocks in a test prove little, so this looks at
 * what is done: the same statements, in the same order, and a plan that touches no row of a foreign quote.
 */
let server: TestServer
let quote: Quote
beforeAll(async () => {
  // Nothing that the server does by itself gets in between.
  server = await startTestServer({ rightsCheckMs: 3_600_000, beatMs: 3_600_000 })
  quote = await server.store.transact((tx) => addDraft(tx, server.world))
})
afterAll(() => server.stop())

const missingId = '01960000-0000-7000-8000-00000000dead'

interface Executor {
  executeQuery: (query: { sql: string }) => Promise<unknown>
}

/** The statements that a request makes the database run, with how many rows each finds. */
async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const { read, writer } = server.store as unknown as { read: Store['read']; writer: Store['read'] }
  const seen: string[] = []
  const spies = [read, writer].flatMap((db) => {
    const fixed = db.fixed.bind(db)
    const fixedSpy = vi.spyOn(db, 'fixed').mockImplementation((text, values) => {
      const rows = fixed(text, values)
      seen.push(`${text} → ${rows.length}`)
      return rows
    })
    const executor = db.getExecutor() as unknown as Executor
    const original = executor.executeQuery.bind(executor)
    const executorSpy = vi.spyOn(executor, 'executeQuery').mockImplementation(async (query) => {
      const result = await original(query)
      seen.push(`${query.sql} → ${(result as { rows: unknown[] }).rows.length}`)
      return result
    })
    return [fixedSpy, executorSpy]
  })
  await work()
  for (const spy of spies) spy.mockRestore()
  return seen
}

let mutationId = 0
const doors: [string, (as: Person, id: string, stream: string, number: number) => Promise<{ status: number }>][] = [
  ['a quote', (as, id) => server.call(`/quotes/${id}`, { as })],
  ['its history', (as, id) => server.call(`/quotes/${id}/history`, { as })],
  [
    'a pull',
    (as, _id, stream) => server.call(`/sync/streams/${stream}/events?epoch=${server.store.epoch}&after=0`, { as }),
  ],
  ['a snapshot', (as, _id, stream) => server.call(`/sync/streams/${stream}/snapshot?page=0`, { as })],
  ['a hash', (as, _id, stream) => server.call(`/sync/streams/${stream}/hash`, { as })],
  [
    'a change of status',
    (as, _id, _stream, quote_id) =>
      server.call('/quotations/update-status', { as, json: { quote_id, status: 'active' } }),
  ],
  [
    'an edit',
    (as, id) => {
      mutationId += 1
      const mutation = { name: 'quote.add_note', mutation_id: mutationId, quote: id, text: 'Seen?' }
      const client_id = '22222222-2222-4222-8222-222222222222'
      return server.call('/sync/mutations', { as, json: { client_id, mutations: [mutation] } })
    },
  ],
]

test.each(doors)('%s: forbidden and missing run the same statements with the same results', async (_what, ask) => {
  const as = server.world.sue
  const forbidden = () => ask(as, quote.id, server.world.north.stream, quote.quote_id ?? 0)
  const missing = () => ask(as, missingId, `team:${missingId}`, 999_999)
  // The first of each makes families and clients known.
  await forbidden()
  await missing()
  const first = await statementsOf(forbidden)
  expect(first.length).toBeGreaterThan(1)
  expect(await statementsOf(missing)).toEqual(first)
})

test('the plan of the search begins with the asker’s own teams: a foreign quote is not even looked at', async () => {
  const raw = openRaw(server.store.file, 'read')
  const plan = (where: string, index: string) =>
    raw
      .prepare<unknown[], { detail: string }>(
        `explain query plan select * from quotes indexed by ${index} where team_id in ('a', 'b') and ${where}`,
      )
      .all()
      .map(({ detail }) => detail)
      .join('\n')
  expect(plan(`id = 'x'`, 'quotes_team')).toContain('USING INDEX quotes_team (team_id=? AND id=?)')
  expect(plan('quote_id = 7', 'quotes_team_number')).toContain(
    'USING INDEX quotes_team_number (team_id=? AND quote_id=?)',
  )
  raw.close()
})

test('somebody in no team at all finds nothing, and members find it', async () => {
  const { read } = server.store
  const nobody = { ...server.world.rob, memberships: [] }
  expect(await findReadableQuote(read, nobody, quote.id)).toBeNull()
  expect(await findReadableQuoteByNumber(read, nobody, quote.quote_id ?? 0)).toBeNull()
  expect((await findReadableQuote(read, server.world.vic, quote.id))?.id).toBe(quote.id)
  expect((await findReadableQuoteByNumber(read, server.world.vic, quote.quote_id ?? 0))?.id).toBe(quote.id)
})
