import type { QuoteSort } from '../../domain/rpc/quotes.ts'

export type Column = QuoteSort['column']

export interface ColumnSpec {
  column: Column
  name: string
  /** A CSS grid track. */
  track: string
  /** What the column needs at least, in pixels; decides how many fit. */
  minPx: number
  /** Numbers stand to the right. */
  end: boolean
  firstDirection: QuoteSort['direction']
  /** The lowest leave first when the list is narrow. */
  rank: number
}

const columnSpecs: readonly ColumnSpec[] = [
  spec('quote_id', 'Number', '100px', 100, 9, { firstDirection: 'desc' }),
  spec('customer', 'Customer', 'minmax(112px, 1.2fr)', 112, 8),
  spec('title', 'Title', 'minmax(140px, 1.5fr)', 170, 3),
  spec('status', 'Status', '126px', 126, 7),
  spec('value', 'Value', '120px', 120, 6, { end: true, firstDirection: 'desc' }),
  spec('expires', 'Valid until', '148px', 148, 5),
  spec('owner', 'Owner', 'minmax(108px, 0.7fr)', 120, 4),
  spec('team', 'Team', 'minmax(108px, 0.6fr)', 140, 1),
  spec('updated', 'Updated', '104px', 104, 2, { end: true, firstDirection: 'desc' }),
]

function spec(
  column: Column,
  name: string,
  track: string,
  minPx: number,
  rank: number,
  more: Partial<Pick<ColumnSpec, 'end' | 'firstDirection'>> = {},
): ColumnSpec {
  return { column, name, track, minPx, rank, end: false, firstDirection: 'asc', ...more }
}

export const columnNames = columnSpecs.map(({ column, name }) => ({ column, name }))

/** Columns that fit into `widthPx`, the most telling first; number and customer always stay. */
export function columnsFor(widthPx: number): ColumnSpec[] {
  let left = widthPx
  const fitting = new Set<Column>()
  for (const candidate of [...columnSpecs].sort((a, b) => b.rank - a.rank)) {
    left -= candidate.minPx
    if (left < 0 && fitting.size >= 2) break
    fitting.add(candidate.column)
  }
  return columnSpecs.filter(({ column }) => fitting.has(column))
}

/** A click on the sorted column turns it round; on another it starts with that column's useful end. */
export function nextSort(present: QuoteSort, column: Column): QuoteSort {
  if (present.column === column) return { column, direction: present.direction === 'asc' ? 'desc' : 'asc' }
  const firstDirection = columnSpecs.find((candidate) => candidate.column === column)?.firstDirection ?? 'asc'
  return { column, direction: firstDirection }
}
