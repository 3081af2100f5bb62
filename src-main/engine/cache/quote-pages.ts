import type { QuoteFilter, QuoteRow, QuoteSort } from '../../../domain/rpc/quotes.ts'
import type { Cache } from './open-cache.ts'
import { filterCondition, usesTime } from './quote-filter.ts'
import { matchExpression } from './search-index.ts'
import type { ReadableDb } from './sql.ts'
import { touchesQuotes } from './touched.ts'

/** What each column sorts by; every one is an index, which ends in `row` and so has no ties. */
const sortIndexes: Record<QuoteSort['column'], { index: string; by: string[] }> = {
  quote_id: { index: 'quotes_by_number', by: ['quote_id'] },
  customer: { index: 'quotes_by_customer_name', by: ['customer_name COLLATE NOCASE'] },
  title: { index: 'quotes_by_title', by: ['title COLLATE NOCASE'] },
  status: { index: 'quotes_by_stage', by: ['stage'] },
  // Amounts of different currencies do not compare: by currency first.
  value: { index: 'quotes_by_value', by: ['currency', 'value_minor'] },
  expires: { index: 'quotes_by_expiry', by: ['expires_at_ms'] },
  owner: { index: 'quotes_by_owner_name', by: ['owner_name COLLATE NOCASE'] },
  team: { index: 'quotes_by_team_name', by: ['team_name COLLATE NOCASE'] },
  updated: { index: 'quotes_by_update', by: ['updated_at'] },
}

export interface QuotePages {
  /**
   * One page of the list and how many quotes match in all.
   * @param nowMs for what depends on time; judged to the minute
   */
  page: (query: PageQuery, nowMs: number) => { total: number; rows: QuoteRow[] }
}

export interface PageQuery {
  filter: QuoteFilter
  sort: QuoteSort
  offset: number
  limit: number
}

const keptLists = 16

/**
 * Pages of the quote list at any offset. A page is a slice of (rows in the order of the sort's index) ∩ (rows that match),
 * both read from narrow indexes and never sorted: under 50 ms whatever is asked at 100,000 quotes. Lists are kept until a
 * quote changes, so scrolling only fetches rows. Without a filter the index alone gives the page.
 */
export function createQuotePages(cache: Pick<Cache, 'read' | 'onCommit'>): QuotePages {
  const { read } = cache
  const orders = new Map<string, Uint32Array>()
  const lists = new Map<string, Uint32Array>()
  let total: number | null = null
  // Names are columns of the quotes, so a renamed customer touches quotes too.
  cache.onCommit((touch) => {
    if (!touchesQuotes(touch)) return
    orders.clear()
    lists.clear()
    total = null
  })

  const order = (sort: QuoteSort): Uint32Array => {
    const key = `${sort.column} ${sort.direction}`
    let rows = orders.get(key)
    if (!rows) {
      rows = Uint32Array.from(
        read.values<number>(`SELECT row FROM quotes INDEXED BY ${indexOf(sort)} ${orderBy(sort)}`),
      )
      orders.set(key, rows)
    }
    return rows
  }

  const list = (filter: QuoteFilter, sort: QuoteSort, nowMs: number): Uint32Array => {
    const minuteMs = nowMs - (nowMs % 60_000)
    const key = JSON.stringify([filter, sort, usesTime(filter) ? minuteMs : 0])
    let rows = lists.get(key)
    if (!rows) {
      const matching = matchingRows(read, filter, minuteMs)
      rows = matching.length === 0 ? new Uint32Array() : intersect(order(sort), matching)
      const oldest = lists.keys().next().value
      if (lists.size >= keptLists && oldest !== undefined) lists.delete(oldest)
      lists.set(key, rows)
    }
    return rows
  }

  return {
    page: ({ filter, sort, offset, limit }, nowMs) => {
      if (restricts(read, filter)) {
        const rows = list(filter, sort, nowMs)
        return { total: rows.length, rows: fetchRows(read, rows.subarray(offset, offset + limit)) }
      }
      total ??= read.value<number>('SELECT count(*) FROM quotes') ?? 0
      const rows = read.values<number>(
        `SELECT row FROM quotes INDEXED BY ${indexOf(sort)} ${orderBy(sort)} LIMIT ? OFFSET ?`,
        limit,
        offset,
      )
      return { total, rows: fetchRows(read, rows) }
    },
  }
}

const indexOf = (sort: QuoteSort): string => sortIndexes[sort.column].index

function orderBy({ column, direction }: QuoteSort): string {
  return `ORDER BY ${[...sortIndexes[column].by, 'row'].map((term) => `${term} ${direction}`).join(', ')}`
}

const restricts = (read: ReadableDb, filter: QuoteFilter): boolean =>
  usesTime(filter) || filterCondition(read, filter, 0).terms.length > 0 || matchExpression(filter.text) !== null

function matchingRows(read: ReadableDb, filter: QuoteFilter, nowMs: number): number[] {
  const { terms, values } = filterCondition(read, filter, nowMs)
  const expression = matchExpression(filter.text)
  const found =
    expression === null ? null : read.values<number>('SELECT rowid FROM search WHERE search MATCH ?', expression)
  if (terms.length === 0) return found ?? []
  // A narrow search is cheaper to look up than to meet with a scan.
  const narrow = found !== null && found.length <= 1_000
  if (narrow) {
    return read.values<number>(
      `SELECT row FROM quotes WHERE row IN (SELECT value FROM json_each(?)) AND ${terms.join(' AND ')}`,
      JSON.stringify(found),
      ...values,
    )
  }
  const filtered = read.values<number>(`SELECT row FROM quotes WHERE ${terms.join(' AND ')}`, ...values)
  if (found === null) return filtered
  const both = new Set(found)
  return filtered.filter((row) => both.has(row))
}

/** Members of `ordered` that are in `members`, in its order. */
function intersect(ordered: Uint32Array, members: readonly number[]): Uint32Array {
  let highest = 0
  for (const row of members) if (row > highest) highest = row
  const isMember = new Uint8Array(highest + 1)
  for (const row of members) isMember[row] = 1
  const result = new Uint32Array(members.length)
  let count = 0
  for (const row of ordered) if (isMember[row] === 1) result[count++] = row
  return result.subarray(0, count)
}

const rowColumns = `row, id, quote_id, revision, title, customer_name, owner_id, owner_name, team_id, team_name, status,
  outcome, value_minor, currency, expires_on, time_zone, expires_at_ms, updated_at, incomplete`

type StoredRow = Omit<QuoteRow, 'incomplete' | 'pending' | 'refused'> & { row: number; incomplete: number }

/** List rows of these quotes, in the order asked. */
export function fetchRows(read: ReadableDb, rows: ArrayLike<number>): QuoteRow[] {
  const stored = read.all<StoredRow>(
    `SELECT ${rowColumns} FROM quotes WHERE row IN (SELECT value FROM json_each(?))`,
    JSON.stringify(Array.from(rows)),
  )
  const byRow = new Map(stored.map((quote) => [quote.row, quote]))
  const changes = read.all<{ quote: string; state: string }>('SELECT quote, state FROM outbox')
  const refused = new Set(changes.filter((change) => change.state === 'refused').map((change) => change.quote))
  const pending = new Set(changes.filter((change) => change.state !== 'refused').map((change) => change.quote))
  return Array.from(rows).flatMap((row) => {
    const quote = byRow.get(row)
    if (!quote) return []
    const { row: _row, incomplete, ...shown } = quote
    return [{ ...shown, incomplete: incomplete === 1, pending: pending.has(quote.id), refused: refused.has(quote.id) }]
  })
}
