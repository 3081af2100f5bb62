import { describe, expect, it } from 'vitest'
import { makeRow, makeRows } from '../../tests/support/renderer/rows.ts'
import {
  changedHere,
  emptyWindow,
  indexOf,
  neededFetch,
  pageSize,
  patch,
  place,
  type RowWindow,
  rowAt,
  rowsHere,
  wouldMove,
} from './row-window.ts'

const total = 100_000
const filled = (offset: number, count: number, window: RowWindow = emptyWindow, round = 1) =>
  place(window, { offset, total, rows: makeRows(offset, count) }, round).window

describe('what is fetched', () => {
  it('asks for the first page when nothing is known', () => {
    expect(neededFetch(emptyWindow, { first: 0, last: 40 }, 0)).toEqual({ offset: 0, limit: 100 })
  })

  it('asks for whole pages around what is in sight, in one call, and only for those that lack', () => {
    const window = filled(0, 100)
    expect(neededFetch(window, { first: 10, last: 60 }, 1)).toBeNull()
    expect(neededFetch(window, { first: 90, last: 130 }, 1)).toEqual({ offset: 100, limit: 100 })
    expect(neededFetch(window, { first: 50_090, last: 50_130 }, 1)).toEqual({ offset: 50_000, limit: 200 })
  })

  it('never asks for more than the engine gives in one call, nor beyond the end', () => {
    const window = filled(0, 100)
    expect(neededFetch(window, { first: 0, last: 99_999 }, 2)?.limit).toBe(500)
    expect(neededFetch(window, { first: 99_990, last: 100_040 }, 1)).toEqual({ offset: 99_900, limit: 100 })
  })

  it('reads a page of an older round again when it comes into sight', () => {
    expect(neededFetch(filled(0, 100, emptyWindow, 1), { first: 0, last: 20 }, 2)).toEqual({ offset: 0, limit: 100 })
  })

  it('stays satisfied with an empty list', () => {
    const { window } = place(emptyWindow, { offset: 0, total: 0, rows: [] }, 1)
    expect(neededFetch(window, { first: 0, last: 40 }, 1)).toBeNull()
  })
})

describe('rows in their places', () => {
  it('finds rows by place and by identity', () => {
    const window = filled(200, 200)
    expect(rowAt(window, 250)?.quote_id).toBe(250)
    expect(rowAt(window, 50)).toBeUndefined()
    expect(indexOf(window, makeRow(399).id)).toBe(399)
    expect(indexOf(window, makeRow(1).id)).toBeNull()
  })

  it('keeps the object of a row that did not change, so that it is not drawn again', () => {
    const window = filled(0, 100)
    const rows = makeRows(0, 100)
    rows[3] = makeRow(3, { status: 'negotiation' })
    const placed = place(window, { offset: 0, total, rows }, 2)
    expect([...placed.changed]).toEqual([makeRow(3).id])
    expect(rowAt(placed.window, 4)).toBe(rowAt(window, 4))
    expect(rowAt(placed.window, 3)).not.toBe(rowAt(window, 3))
  })

  it('stays small however far one scrolls', () => {
    let window: RowWindow = emptyWindow
    for (let offset = 0; offset < total; offset += pageSize) window = filled(offset, pageSize, window)
    expect(window.pages.size).toBeLessThanOrEqual(40)
    expect(rowAt(window, 99_999)?.quote_id).toBe(99_999)
  })

  it('forgets pages that the list no longer reaches', () => {
    const window = filled(100, 100, filled(0, 100))
    const placed = place(window, { offset: 0, total: 60, rows: makeRows(0, 60) }, 2)
    expect(rowsHere(placed.window)).toHaveLength(60)
  })
})

describe('rows under the pointer', () => {
  const window = filled(0, 100)

  it('do not move when only their contents change or the list grows at its end', () => {
    const rows = makeRows(0, 100)
    rows[5] = makeRow(5, { value_minor: 1 })
    expect(wouldMove(window, { offset: 0, total: total + 1, rows })).toBe(false)
  })

  it('would move when one comes, goes or changes its place', () => {
    expect(wouldMove(window, { offset: 0, total, rows: makeRows(1, 100) })).toBe(true)
    expect(wouldMove(window, { offset: 0, total: 99, rows: makeRows(0, 99) })).toBe(true)
    expect(wouldMove(window, { offset: 0, total, rows: makeRows(0, 100).toReversed() })).toBe(true)
  })

  it('change where they stand', () => {
    const fresh = new Map([[makeRow(7).id, makeRow(7, { status: 'closed', outcome: 'won' })]])
    const patched = patch(window, fresh)
    expect(rowAt(patched.window, 7)?.outcome).toBe('won')
    expect([...patched.changed]).toEqual([makeRow(7).id])
    expect(patched.window.total).toBe(total)
  })

  it('are counted by the changes that concern them, not by all that shift', () => {
    const comes = makeRow(5_000)
    const fetched = { offset: 0, total, rows: [comes, ...makeRows(0, 99)] }
    expect(changedHere(window, fetched, new Set([comes.id, makeRow(70_000).id]))).toEqual([comes.id])
    expect(changedHere(window, fetched, new Set([makeRow(99).id]))).toEqual([makeRow(99).id])
    expect(changedHere(window, fetched, null)).toEqual([comes.id])
  })
})
