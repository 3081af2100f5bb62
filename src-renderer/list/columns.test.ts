import { describe, expect, it } from 'vitest'
import { makeDetail, makeRow } from '../../tests/support/renderer/rows.ts'
import { columnNames, columnsFor, nextSort } from './columns.ts'
import { movedIndex } from './moved-index.ts'
import { rowOf } from './row-of.ts'

const names = (widthPx: number) => columnsFor(widthPx).map(({ column }) => column)

describe('columns', () => {
  it('are all there when there is room, in their usual order', () => {
    expect(names(1_600)).toEqual(columnNames.map(({ column }) => column))
  })

  it('leave one by one, the least telling first; beside an open quote the valid-until date still stands', () => {
    expect(names(1_072)).not.toContain('team')
    expect(names(632)).toEqual(['quote_id', 'customer', 'status', 'value', 'expires'])
    expect(names(0)).toEqual(['quote_id', 'customer'])
  })

  it('never need more than the width they are given', () => {
    for (let widthPx = 240; widthPx < 1_600; widthPx += 7) {
      const needed = columnsFor(widthPx).reduce((sum, { minPx }) => sum + minPx, 0)
      expect(needed).toBeLessThanOrEqual(widthPx)
    }
  })

  it('sort by their useful end first and turn round at the second click', () => {
    const byValue = nextSort({ column: 'customer', direction: 'asc' }, 'value')
    expect(byValue).toEqual({ column: 'value', direction: 'desc' })
    expect(nextSort(byValue, 'value').direction).toBe('asc')
    expect(nextSort(byValue, 'customer').direction).toBe('asc')
  })
})

describe('keys in the list', () => {
  it.each([
    ['ArrowDown', 5, 6],
    ['ArrowUp', 5, 4],
    ['ArrowUp', 0, 0],
    ['ArrowDown', 99, 99],
    ['PageDown', 5, 25],
    ['PageUp', 5, 0],
    ['Home', 50, 0],
    ['End', 50, 99],
    ['x', 50, null],
  ] as const)('%s from %i leads to %s', (key, from, to) => {
    expect(movedIndex(key, from, 100, 20)).toBe(to)
  })

  it('stays at the first place of an empty list', () => {
    expect(movedIndex('End', 0, 0, 20)).toBe(0)
  })
})

it('a quote page reads as the line of the list it is', () => {
  const row = makeRow(7, { customer_name: null, incomplete: true })
  expect(rowOf(makeDetail(row))).toEqual(row)
})
