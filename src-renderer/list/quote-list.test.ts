import { describe, expect, it } from 'vitest'
import type { QuoteRow } from '../../domain/rpc/quotes.ts'
import { makeRow, makeRows } from '../../tests/support/renderer/rows.ts'
import { newestFirst, noFilter } from '../state/view.ts'
import { createQuoteList, type ListQuery } from './quote-list.ts'
import { rowAt } from './row-window.ts'

const query: ListQuery = { filter: noFilter, sort: newestFirst }
const other: ListQuery = { filter: { ...noFilter, text: 'acme' }, sort: newestFirst }
const stale = (...numbers: number[]) => ({
  quotes: new Set(numbers.map((number) => makeRow(number).id)),
  directory: false,
  outbox: false,
  alerts: false,
})

/** A list over an engine of rows that the test changes; calls are counted and can be held up or failed. */
function setUp(rows: QuoteRow[] = makeRows(0, 1_000)) {
  const engine = { rows, calls: 0, problem: null as Error | null, gate: Promise.resolve() as Promise<unknown> }
  const gone = new Map<string, QuoteRow>()
  const list = createQuoteList({
    fetchPage: async ({ offset, limit }) => {
      engine.calls += 1
      const answer = engine.rows
      await engine.gate
      if (engine.problem) throw engine.problem
      return { total: answer.length, rows: answer.slice(offset, offset + limit) }
    },
    fetchRow: async (id) => gone.get(id) ?? engine.rows.find((row) => row.id === id) ?? null,
    nowMs: () => 1_000,
  })
  const shown = (index: number) => rowAt(list.store.getState().window, index)?.quote_id
  const refresh = async (...numbers: number[]) => (await list.prepareRefresh(stale(...numbers)))()
  return { engine, gone, list, shown, refresh, state: () => list.store.getState() }
}

describe('asking', () => {
  it('keeps the rows of the question before until the answer is here', async () => {
    const { engine, list, shown, state } = setUp()
    await list.ask(query)
    const gate = Promise.withResolvers<void>()
    engine.gate = gate.promise
    engine.rows = makeRows(5_000, 3)
    const answer = list.ask(other)
    expect(state()).toMatchObject({ loading: true, total: 1_000 })
    expect(shown(0)).toBe(0)
    gate.resolve()
    await answer
    expect(state()).toMatchObject({ loading: false, total: 3, answered: 2 })
    expect(shown(0)).toBe(5_000)
  })

  it('shows only the answer to the newest question, whichever comes last', async () => {
    const { engine, list, shown, state } = setUp()
    const gate = Promise.withResolvers<void>()
    engine.gate = gate.promise
    const first = list.ask(query)
    engine.gate = Promise.resolve()
    engine.rows = makeRows(7_000, 5)
    await list.ask(other)
    gate.resolve()
    await first
    expect(shown(0)).toBe(7_000)
    expect(state().total).toBe(5)
  })

  it('says what failed, keeps what it had, and recovers when asked again', async () => {
    const { engine, list, shown, state } = setUp()
    await list.ask(query)
    engine.problem = new Error('A range of values needs exactly one currency.')
    await list.ask(other)
    expect(state()).toMatchObject({ loading: false, problem: 'A range of values needs exactly one currency.' })
    expect(shown(0)).toBe(0)
    engine.problem = null
    await list.askAgain()
    expect(state().problem).toBeNull()
  })

  it('fetches what comes into sight, once', async () => {
    const { engine, list, shown } = setUp()
    await list.ask(query)
    await list.look({ first: 480, last: 530 })
    expect(shown(500)).toBe(500)
    const calls = engine.calls
    await list.look({ first: 470, last: 520 })
    expect(engine.calls).toBe(calls)
  })

  it('forgets everything when the person leaves', async () => {
    const { list, state } = setUp()
    await list.ask(query)
    list.clear()
    expect(state()).toMatchObject({ query: null, total: null, answered: 0 })
  })
})

describe('live changes', () => {
  it('are shown with a mark of what changed', async () => {
    const { engine, list, shown, refresh, state } = setUp()
    await list.ask(query)
    await list.look({ first: 0, last: 40 })
    engine.rows = [makeRow(3, { value_minor: 1 }), ...makeRows(0, 3), ...makeRows(4, 996)]
    await refresh(3)
    expect(shown(0)).toBe(3)
    expect(state().held).toBe(0)
    expect([...state().changed.ids]).toEqual([makeRow(3).id])
    expect(state().changed.atMs).toBe(1_000)
  })

  it('move nothing under the pointer: the order waits, counted, and contents stay true', async () => {
    const { engine, list, shown, refresh, state } = setUp()
    await list.ask(query)
    await list.look({ first: 0, last: 40 })
    list.pointerOver(true)
    engine.rows = [makeRow(30, { value_minor: 1 }), ...makeRows(0, 30), ...makeRows(31, 969)]
    await refresh(30)
    expect(shown(0)).toBe(0)
    expect(state().held).toBe(1)
    expect(rowAt(state().window, 30)?.value_minor).toBe(1)
    engine.rows = [makeRow(20, { value_minor: 2 }), ...engine.rows.filter((row) => row.quote_id !== 20)]
    await refresh(20)
    expect(state().held).toBe(2)

    list.pointerOver(false)
    await expect.poll(() => shown(0)).toBe(20)
    expect(state().held).toBe(0)
  })

  it('show what became of a row that left the list while its place is held', async () => {
    const { engine, gone, list, refresh, state } = setUp()
    await list.ask(query)
    await list.look({ first: 0, last: 40 })
    list.pointerOver(true)
    gone.set(makeRow(2).id, makeRow(2, { status: 'closed', outcome: 'lost' }))
    engine.rows = makeRows(0, 1_000).filter((row) => row.quote_id !== 2)
    await refresh(2)
    expect(rowAt(state().window, 2)).toMatchObject({ quote_id: 2, outcome: 'lost' })
    expect(state()).toMatchObject({ held: 1, total: 999 })
  })

  it('apply at once when asked, and when scrolling leaves the held rows', async () => {
    const { engine, list, shown, refresh, state } = setUp()
    await list.ask(query)
    await list.look({ first: 0, last: 40 })
    list.pointerOver(true)
    engine.rows = makeRows(0, 1_000).toReversed()
    await refresh(1, 2, 3)
    expect(shown(0)).toBe(0)
    await list.applyHeld()
    expect(shown(0)).toBe(999)

    engine.rows = makeRows(0, 1_000)
    await refresh(1, 2)
    expect(state().held).toBeGreaterThan(0)
    await list.look({ first: 400, last: 440 })
    expect(state().held).toBe(0)
    expect(shown(420)).toBe(420)
  })

  it('fill an empty list even under the pointer: nothing there can move', async () => {
    const { engine, list, shown, refresh } = setUp([])
    await list.ask(query)
    list.pointerOver(true)
    engine.rows = makeRows(0, 50)
    await refresh(1)
    expect(shown(0)).toBe(0)
  })

  it('are dropped when they belong to a question that was replaced meanwhile', async () => {
    const { engine, list, shown } = setUp()
    await list.ask(query)
    const show = await list.prepareRefresh(stale(1))
    engine.rows = makeRows(6_000, 4)
    await list.ask(other)
    show()
    expect(shown(0)).toBe(6_000)
  })
})
