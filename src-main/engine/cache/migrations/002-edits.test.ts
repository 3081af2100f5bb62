import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeQuote, tempCache } from '../../../../tests/support/engine-world.ts'
import { migrate } from '../migrate.ts'
import { openCache } from '../open-cache.ts'
import { appendEntry, listEntries, takeBatch, toMutation } from '../outbox-store.ts'
import { initialSchema } from './001-initial.ts'

let temp: ReturnType<typeof tempCache>
let file: string
beforeEach(() => {
  temp = tempCache()
  file = `${temp.file}.first`
})
afterEach(() => temp.dispose())

/** A cache as the first version left it, with these rows of its outbox. */
function firstVersion(rows: string): void {
  const raw = new Database(file)
  migrate(raw, file, [initialSchema])
  if (rows !== '') {
    raw.exec(`INSERT INTO outbox (entry, mutation_id, quote, quote_label, customer_name, base_version, to_status, outcome,
      reason, queued_at, state, code, message, ack_stream, ack_epoch, ack_seq) VALUES ${rows}`)
  }
  raw.close()
}

it('I5: changes that waited under the first schema go out as they would have, under the same names and numbers', () => {
  const [a, b, c] = [makeQuote().id, makeQuote().id, makeQuote().id]
  const at = '2026-03-04T10:00:00.000Z'
  firstVersion(`
    (3, 7, '${a}', 'Q-1', 'Acme', 4, 'closed', 'won', 'price', '${at}', 'acknowledged', NULL, NULL, 'team:x', 'e', 9),
    (5, 8, '${b}', 'Q-2', NULL, 1, 'sent', NULL, NULL, '${at}', 'refused', 'conflict', 'Too late.', NULL, NULL, NULL),
    (6, NULL, '${c}', 'Q-3', NULL, 2, 'active', NULL, NULL, '${at}', 'waiting', NULL, NULL, NULL, NULL, NULL)`)
  const raw = new Database(file)
  raw.exec(`INSERT INTO meta VALUES ('next_mutation_id', '9');
    INSERT INTO quote_confirmed VALUES ('${c}', 'team:x', '${JSON.stringify(makeQuote({ id: c, status: 'draft' }))}')`)
  raw.close()
  const cache = openCache(file)
  expect(listEntries(cache.read)).toMatchObject([
    { entry: 3, mutation_id: 7, state: 'acknowledged', ack_stream: 'team:x', ack_epoch: 'e', ack_seq: 9 },
    { entry: 5, mutation_id: 8, state: 'refused', code: 'conflict', message: 'Too late.', conflicts: [], base: {} },
    { entry: 6, mutation_id: null, state: 'waiting', base: { status: 'draft', outcome: null }, currency: 'XXX' },
  ])
  expect(cache.transact((db) => takeBatch(db, { entries: 9, bytes: 9_999 }).map(toMutation))).toEqual([
    {
      name: 'quote.change_status',
      mutation_id: 9,
      quote: c,
      base_version: 2,
      to: 'active',
      outcome: null,
      reason: null,
    },
  ])
  cache.close()
})

it('a name that was given once is not given again', () => {
  firstVersion('')
  const raw = new Database(file)
  raw.exec(`INSERT INTO sqlite_sequence (name, seq) VALUES ('outbox', 41)`)
  raw.close()
  const cache = openCache(file)
  const body = { name: 'quote.add_note', quote: makeQuote().id, text: 'called' } as const
  const rest = {
    quote_label: 'Q-1',
    customer_name: null,
    currency: 'EUR',
    base: {},
    queued_at: '2026-03-04T10:00:00.000Z',
  }
  expect(cache.transact((db) => appendEntry(db, { quote: body.quote, body, ...rest }))).toBe(42)
  cache.close()
})
