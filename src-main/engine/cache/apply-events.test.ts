import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Quote, statuses } from '../../../domain/quote.ts'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import {
  acme,
  added,
  apply,
  changed,
  contentsOf,
  directoryChanges,
  epochB,
  eventOf,
  logOf,
  makeQuote,
  north,
  org,
  otherTeam,
  removed,
  south,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { applyEvents } from './apply-events.ts'
import { readCustomerSums, readSums } from './figures.ts'
import type { Cache } from './open-cache.ts'
import type { WritableDb } from './sql.ts'
import { readCursor } from './stream-cursors.ts'

let temp: ReturnType<typeof tempCache>
let cache: Cache
beforeEach(() => {
  temp = tempCache()
  cache = temp.cache
})
afterEach(() => temp.dispose())

const ids = (text: string) =>
  cache.read.values(
    'SELECT quotes.id FROM search JOIN quotes ON quotes.row = search.rowid WHERE search MATCH ? ORDER BY id',
    text,
  )

/** A db whose n-th write fails, like a crash there. */
function failingAt(db: WritableDb, n: number): { db: WritableDb; reached: () => boolean } {
  let writes = 0
  const run: WritableDb['run'] = (sql, ...values) => {
    writes += 1
    if (writes === n) throw new Error('crash')
    return db.run(sql, ...values)
  }
  return { db: { ...db, run }, reached: () => writes >= n }
}

describe('the cursor', () => {
  it('I6: takes only what is next in the same stream and epoch', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    const wrong: StreamEvent[] = [
      eventOf(changed(quote), 1),
      eventOf(changed(quote), 3),
      eventOf(changed(quote), 2, { epoch: epochB }),
      eventOf(changed(quote), 2, { stream: south }),
    ]
    for (const event of wrong) expect(() => apply(cache, north, [event])).toThrow(/stands at/)
    expect(readCursor(cache.read, north)?.seq).toBe(1)
    apply(cache, north, [eventOf(changed({ ...quote, version: 2 }), 2)])
    expect(readCursor(cache.read, north)?.seq).toBe(2)
  })

  it('I6: a batch with a hole is applied not at all', () => {
    const quote = makeQuote()
    const before = contentsOf(cache)
    expect(() => apply(cache, north, [eventOf(added(quote), 1), eventOf(changed(quote), 3)])).toThrow(/stands at/)
    expect(contentsOf(cache)).toEqual(before)
  })

  it('I7: rows and cursor commit together, whichever write a crash comes at', () => {
    const first = makeQuote()
    apply(cache, org, logOf(directoryChanges, org))
    apply(cache, north, logOf([added(first)]))
    const before = contentsOf(cache)
    const batch = logOf(
      [changed({ ...first, version: 2, title: 'Eleven desks' }), added(makeQuote()), removed(first)],
      north,
      1,
    )
    let crashes = 0
    for (let at = 1; ; at += 1) {
      let reached = false
      try {
        cache.transact((db) => {
          const failing = failingAt(db, at)
          try {
            applyEvents(failing.db, cache.expiry, north, batch)
          } finally {
            reached = failing.reached()
          }
        })
      } catch {
        crashes += 1
      }
      if (!reached) break
      expect(contentsOf(temp.reopen())).toEqual(before)
      cache = temp.reopen()
    }
    expect(crashes).toBeGreaterThan(8)
    expect(readCursor(cache.read, north)?.seq).toBe(4)
  })

  it('refuses rows of the wrong shape as a whole: the tables stand in for a schema parse', () => {
    const quote = makeQuote()
    const bad = [
      { ...quote, status: 'lost' },
      { ...quote, value_minor: 'much' },
      { ...quote, value_minor: -1 },
      { ...quote, title: null },
      { ...quote, updated_at: 'yesterday' },
    ]
    for (const wrong of bad) {
      expect(() => apply(cache, north, logOf([added(wrong as Quote)]))).toThrow(/constraint failed|cannot store/)
      expect(readCursor(cache.read, north)).toBeNull()
    }
  })
})

describe('quotes', () => {
  it('are found by number, title, customer, owner and product, in their newest words', () => {
    apply(cache, org, logOf(directoryChanges, org))
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    for (const word of ['1042', 'desks', 'acme', 'rob', 'desk']) expect(ids(`"${word}"*`)).toEqual([quote.id])
    apply(cache, north, logOf([changed({ ...quote, version: 2, title: 'Chairs' })], north, 1))
    expect(ids('"ten"*')).toEqual([])
    expect(ids('"chai"*')).toEqual([quote.id])
  })

  it('show the new name of a customer, also in search', () => {
    apply(cache, org, logOf(directoryChanges, org))
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    apply(
      cache,
      org,
      logOf([{ type: 'customer.saved', data: { ...acme, name: 'Apex' } }], org, directoryChanges.length),
    )
    expect(cache.read.value('SELECT customer_name FROM quotes')).toBe('Apex')
    expect(ids('"acme"*')).toEqual([])
    expect(ids('"apex"*')).toEqual([quote.id])
  })

  it('get their names also when the directory comes later', () => {
    apply(cache, north, logOf([added(makeQuote())]))
    apply(cache, org, logOf(directoryChanges, org))
    expect(cache.read.get('SELECT customer_name, owner_name, team_name FROM quotes')).toEqual({
      customer_name: 'Acme Corp',
      owner_name: 'Rob',
      team_name: 'North',
    })
  })

  it('that leave a stream are gone with their history', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote), removed(quote)]))
    expect(contentsOf(cache)).toMatchObject({ quotes: [], history: [], sums: [], found: [] })
  })

  it('that move to another stream stay, whichever of the two is read first', () => {
    const before = makeQuote()
    const after = { ...before, version: 2, team_id: otherTeam.id }
    const out = logOf([added(before), removed(before)], north)
    const into = logOf([added(after, south)], south)
    apply(cache, north, out)
    apply(cache, south, into)
    const expected = contentsOf(cache)
    const second = tempCache()
    apply(second.cache, south, into)
    apply(second.cache, north, out)
    expect(contentsOf(second.cache)).toEqual(expected)
    expect(second.cache.read.value('SELECT stream FROM quotes')).toBe(south)
    second.dispose()
  })
})

describe('sums', () => {
  it('always equal what the quotes add up to', () => {
    const step = fc.record({
      which: fc.nat(4),
      status: fc.constantFrom(...statuses),
      // Few values, so that many steps change the status alone.
      value_minor: fc.constantFrom(100, 100, 200),
      currency: fc.constantFrom('EUR', 'EUR', 'JPY'),
      gone: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const own = tempCache()
        const quotes = Array.from({ length: 5 }, () => makeQuote())
        const log = steps.map(({ which, gone, ...change }, index) => {
          const quote = { ...(quotes[which] as Quote), ...change, version: index + 1 }
          return gone ? removed(quote) : added(quote)
        })
        apply(own.cache, north, logOf(log))
        const counted = own.cache.read.all(
          `SELECT status, currency, count(*) AS count, sum(value_minor) AS value_minor FROM quotes
           GROUP BY status, currency ORDER BY status, currency`,
        )
        const kept = readSums(own.cache.read).toSorted((a, b) =>
          `${a.status}${a.currency}`.localeCompare(`${b.status}${b.currency}`),
        )
        own.dispose()
        expect(kept).toEqual(counted)
      }),
      { numRuns: 25 },
    )
  })

  it('of a customer tell won from lost', () => {
    apply(
      cache,
      north,
      logOf([
        added(makeQuote({ status: 'closed', outcome: 'won' })),
        added(makeQuote({ status: 'closed', outcome: 'lost' })),
        added(makeQuote()),
      ]),
    )
    const sums = readCustomerSums(cache.read, acme.id).map(({ status, outcome, count }) => ({ status, outcome, count }))
    expect(sums).toEqual(
      expect.arrayContaining([
        { status: 'closed', outcome: 'won', count: 1 },
        { status: 'closed', outcome: 'lost', count: 1 },
        { status: 'sent', outcome: null, count: 1 },
      ]),
    )
  })
})
