/* oxlint-disable jsx-a11y/prefer-tag-over-role -- virtual rows are placed freely, which table elements forbid */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useStore } from 'zustand'
import { useDesk } from '../app/desk-context.tsx'
import { type ColumnSpec, nextSort } from './columns.ts'

const ariaSort = { asc: 'ascending', desc: 'descending' } as const

/** The head of the list: each name is a button that sorts. */
export function GridHead({ columns }: { columns: readonly ColumnSpec[] }) {
  const { view } = useDesk()
  const sort = useStore(view.store, (state) => state.sort)
  return (
    <div role="row" className="grid-head" aria-rowindex={1}>
      {columns.map(({ column, name, end }, position) => {
        const sorted = sort.column === column
        const Arrow = sort.direction === 'asc' ? ArrowUp : ArrowDown
        return (
          <div
            key={column}
            role="columnheader"
            aria-colindex={position + 1}
            aria-sort={sorted ? ariaSort[sort.direction] : 'none'}
            className="head-cell"
            data-end={end}
          >
            <button type="button" onClick={() => view.sortBy(nextSort(sort, column))} data-sorted={sorted}>
              {name}
              {sorted && <Arrow size={12} aria-hidden="true" />}
            </button>
          </div>
        )
      })}
    </div>
  )
}
