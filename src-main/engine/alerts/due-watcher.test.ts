import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createAlertPlan } from '../../../domain/alert-plan.ts'
import { defaultRules } from '../../../domain/alert-rule.ts'
import { type Quote, statuses } from '../../../domain/quote.ts'
import { officeCalendar } from '../../../domain/working-calendar.ts'
import { createWorkingHours } from '../../../domain/working-hours.ts'
import {
  added,
  apply,
  changed,
  logOf,
  makeQuote,
  north,
  removed,
  rob,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import type { Cache } from '../cache/open-cache.ts'
import type { WritableDb } from '../cache/sql.ts'
import { beginPlanning, createDueWatcher, isPlanned, planSome } from './due-watcher.ts'

let temp: ReturnType<typeof tempCache>
beforeEach(() => {
  temp = tempCache()
})
afterEach(() => temp.dispose())

const rules = defaultRules.filter(({ enabled }) => enabled)
const plan = createAlertPlan(rob, rules, createWorkingHours(officeCalendar('Europe/Berlin')))
const watch = (cache: Cache, since = '2026-01-01T00:00:00.000Z') => cache.watch(createDueWatcher(plan, () => since))
const replan = (db: WritableDb, to: typeof plan) => {
  beginPlanning(db)
  for (let after: string | null = ''; after !== null; ) after = planSome(db, to, after)
}
const due = (cache: Cache) => cache.read.all('SELECT * FROM alert_due ORDER BY quote')
const news = () => temp.cache.read.all<{ quote: string; version: number }>('SELECT * FROM alert_news')

describe('what is due next', () => {
  it('is at every moment what planning everything anew would say, whatever happens to the quotes', () => {
    const step = fc.record({
      which: fc.nat(3),
      status: fc.constantFrom(...statuses),
      expires_on: fc.constantFrom(null, '2026-03-11', '2026-03-15', '2027-01-01'),
      sent_at: fc.constantFrom(null, '2026-02-25T12:00:00.000Z'),
      owner_id: fc.constantFrom(rob.id, rob.id, north.slice(5)),
      gone: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), (steps) => {
        const own = tempCache()
        watch(own.cache)
        own.cache.transact((db) => replan(db, plan))
        const quotes = Array.from({ length: 4 }, () => makeQuote())
        const log = steps.map(({ which, gone, ...change }, index) => {
          const quote = { ...(quotes[which] as Quote), ...change, version: index + 1 }
          return gone ? removed(quote) : added(quote)
        })
        apply(own.cache, north, logOf(log))
        const kept = due(own.cache)
        own.cache.transact((db) => replan(db, plan))
        expect(kept).toEqual(due(own.cache))
        own.dispose()
      }),
      { numRuns: 30 },
    )
  })

  it('commits with the quote or not at all', () => {
    watch(temp.cache)
    const quote = makeQuote({ expires_on: '2026-03-11' })
    expect(() =>
      temp.cache.transact((db) => {
        db.watcher.quote(db, null, quote)
        throw new Error('crash')
      }),
    ).toThrow('crash')
    expect(due(temp.cache)).toEqual([])
    apply(temp.cache, north, logOf([added(quote)]))
    expect(due(temp.cache)).toMatchObject([{ quote: quote.id, rule: 'expires-7' }])
  })

  it('knows that it has to be planned anew after quotes were written while nobody watched', () => {
    const stop = watch(temp.cache)
    temp.cache.transact((db) => replan(db, plan))
    apply(temp.cache, north, logOf([added(makeQuote())]))
    expect(isPlanned(temp.cache.read, plan)).toBe(true)
    stop()
    apply(temp.cache, north, logOf([added(makeQuote())], north, 1))
    expect(isPlanned(temp.cache.read, plan)).toBe(false)
  })

  it('is read as a stretch of its index, however large the cache', () => {
    expect(
      planOf(
        'SELECT quotes.id FROM alert_due JOIN quotes ON quotes.id = alert_due.quote WHERE due_ms <= 1 ORDER BY due_ms LIMIT 5',
      ),
    ).toMatch(/SEARCH alert_due USING (COVERING )?INDEX alert_due_next/)
    expect(planOf(`SELECT * FROM alerts WHERE state IN ('held', 'snoozed') AND release_at <= 'x'`)).toContain(
      'alerts_waiting',
    )
    expect(planOf('SELECT min(due_ms) FROM alert_due')).toContain('alert_due_next')
  })
})

/** How SQLite would go about a question. */
function planOf(sql: string): string {
  const steps = temp.cache.read.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
  return steps.map(({ detail }) => detail).join('; ')
}

function by(quote: Quote, actor_id: string, at = '2026-03-02T09:00:00.000Z') {
  const change = changed(quote)
  if (change.type !== 'quote.changed') throw new Error('changed')
  return { ...change, data: { quote, entry: { ...change.data.entry, actor_id, at } } }
}

describe('news', () => {
  it('is what others did to quotes of this person since, and nothing else', () => {
    watch(temp.cache, '2026-03-01T00:00:00.000Z')
    const mine = makeQuote()
    const theirs = makeQuote({ owner_id: north.slice(5) })
    const mia = north.slice(5)
    apply(
      temp.cache,
      north,
      logOf([
        added(mine),
        by({ ...mine, version: 2 }, rob.id),
        by({ ...mine, version: 3 }, mia, '2026-02-28T09:00:00.000Z'),
        by({ ...mine, version: 4 }, mia),
        by(theirs, mia),
      ]),
    )
    expect(news()).toEqual([{ quote: mine.id, version: 4 }])
  })
})
