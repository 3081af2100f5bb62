import type { QuoteRow } from '../../domain/rpc/quotes.ts'

/** Rows are fetched and kept in pages of this many; the engine takes up to 500 a call. */
export const pageSize = 100
export const pagesPerFetch = 5
/** Pages kept beyond those in sight; far ones are let go, so memory stays small however long one scrolls. */
const keptPages = 30

interface Page {
  rows: readonly QuoteRow[]
  /** The round of refreshes it was read in; an older one than the present is read again when in sight. */
  round: number
}

/** The part of a long list that is here. `total` null: nothing is known yet. */
export interface RowWindow {
  total: number | null
  pages: ReadonlyMap<number, Page>
}

/** A contiguous stretch of rows as the engine gave it. */
export interface Fetched {
  offset: number
  total: number
  rows: readonly QuoteRow[]
}

export const emptyWindow: RowWindow = { total: null, pages: new Map() }

export function rowAt(window: RowWindow, index: number): QuoteRow | undefined {
  return window.pages.get(Math.floor(index / pageSize))?.rows[index % pageSize]
}

/** Rows of the pages that are here, in order. */
export function rowsHere(window: RowWindow): QuoteRow[] {
  return [...window.pages.entries()].sort(([a], [b]) => a - b).flatMap(([, page]) => [...page.rows])
}

export function indexOf(window: RowWindow, id: string): number | null {
  for (const [number, page] of window.pages) {
    const within = page.rows.findIndex((row) => row.id === id)
    if (within >= 0) return number * pageSize + within
  }
  return null
}

/** Both ends inclusive. */
export interface Span {
  first: number
  last: number
}

const pagesOf = (span: Span): number[] => {
  const first = Math.floor(Math.max(0, span.first) / pageSize)
  const last = Math.floor(Math.max(0, span.last) / pageSize)
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** The one fetch that brings in what the span lacks or has from an older round; null when all is there. */
export function neededFetch(window: RowWindow, span: Span, round: number): { offset: number; limit: number } | null {
  const beyond = window.total === null ? Number.POSITIVE_INFINITY : Math.max(0, window.total - 1)
  const inReach = { first: Math.min(span.first, beyond), last: Math.min(span.last, beyond) }
  const needed = pagesOf(inReach).filter((number) => (window.pages.get(number)?.round ?? -1) < round)
  const first = needed[0]
  const last = needed.at(-1)
  if (first === undefined || last === undefined) return null
  return { offset: first * pageSize, limit: Math.min(last - first + 1, pagesPerFetch) * pageSize }
}

const same = (a: QuoteRow, b: QuoteRow) => JSON.stringify(a) === JSON.stringify(b)

/** Keeps the old object where nothing changed, so that unchanged rows are not drawn again. */
function settled(row: QuoteRow, known: ReadonlyMap<string, QuoteRow>): QuoteRow {
  const before = known.get(row.id)
  return before !== undefined && same(before, row) ? before : row
}

export interface Placed {
  window: RowWindow
  /** Ids that are new here or differ from what was shown. */
  changed: ReadonlySet<string>
}

/** Puts fetched rows in their places. */
export function place(window: RowWindow, fetched: Fetched, round: number): Placed {
  const known = new Map(rowsHere(window).map((row) => [row.id, row]))
  const changed = new Set<string>()
  const rows = fetched.rows.map((row) => {
    const kept = settled(row, known)
    if (kept !== known.get(row.id)) changed.add(row.id)
    return kept
  })
  const pages = new Map(window.pages)
  const firstPage = fetched.offset / pageSize
  for (let start = 0; start < Math.max(rows.length, 1); start += pageSize) {
    pages.set(firstPage + start / pageSize, { rows: rows.slice(start, start + pageSize), round })
  }
  const lastPage = Math.floor(Math.max(0, fetched.total - 1) / pageSize)
  for (const number of pages.keys()) {
    if (number > lastPage || Math.abs(number - firstPage) > keptPages) pages.delete(number)
  }
  return { window: { total: fetched.total, pages }, changed }
}

/** Changes rows where they stand: nothing moves, enters or leaves. */
export function patch(window: RowWindow, fresh: ReadonlyMap<string, QuoteRow>): Placed {
  const changed = new Set<string>()
  const pages = new Map<number, Page>()
  for (const [number, page] of window.pages) {
    const rows = page.rows.map((row) => {
      const next = fresh.get(row.id)
      if (next === undefined || same(row, next)) return row
      changed.add(row.id)
      return next
    })
    pages.set(number, { ...page, rows })
  }
  return { window: { ...window, pages }, changed }
}

/** Whether placing the fetched rows would put another row, or none, where one is shown. Growing at the end moves none. */
export function wouldMove(window: RowWindow, fetched: Fetched): boolean {
  const end = fetched.offset + Math.max(1, Math.ceil(fetched.rows.length / pageSize)) * pageSize
  for (let index = fetched.offset; index < end; index += 1) {
    const shown = rowAt(window, index)
    if (shown !== undefined && shown.id !== fetched.rows[index - fetched.offset]?.id) return true
  }
  return false
}

/**
 * Which of the changed quotes concern the stretch that was fetched: were in it or are now. When too many changed to be
 * named (null), those that enter it.
 */
export function changedHere(window: RowWindow, fetched: Fetched, changed: ReadonlySet<string> | null): string[] {
  const shown = new Set<string>()
  const end = fetched.offset + Math.max(1, Math.ceil(fetched.rows.length / pageSize)) * pageSize
  for (let index = fetched.offset; index < end; index += 1) {
    const row = rowAt(window, index)
    if (row !== undefined) shown.add(row.id)
  }
  const fresh = fetched.rows.map((row) => row.id)
  if (changed === null) return fresh.filter((id) => !shown.has(id))
  return [...new Set([...shown, ...fresh])].filter((id) => changed.has(id))
}
