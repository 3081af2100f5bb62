import { createStore, type StoreApi } from 'zustand/vanilla'
import type { QuoteFilter, QuoteRow, QuoteSort } from '../../domain/rpc/quotes.ts'
import type { Stale } from '../engine-link/refresher.ts'
import { problemWords } from '../words/refusals.ts'
import {
  changedHere,
  emptyWindow,
  type Fetched,
  neededFetch,
  patch,
  place,
  type RowWindow,
  rowAt,
  type Span,
  wouldMove,
} from './row-window.ts'

export interface ListQuery {
  filter: QuoteFilter
  sort: QuoteSort
}

export interface ListState {
  query: ListQuery | null
  window: RowWindow
  /** An answer to a new question is awaited; the rows shown still belong to the question before. */
  loading: boolean
  /** Grows when the answer to a new question is shown. */
  answered: number
  /** Newest known count of matching quotes, also while a new order is held. */
  total: number | null
  /** Changes that wait because they would move rows under the pointer. */
  held: number
  /** What the last refresh changed, and when; drawn with one soft tint. */
  changed: { ids: ReadonlySet<string>; atMs: number }
  problem: string | null
}

export interface QuoteList {
  store: StoreApi<ListState>
  /** Asks a new question; the present rows stay until its answer is here. */
  ask: (query: ListQuery) => Promise<void>
  /** Asks the present question anew. */
  askAgain: () => Promise<void>
  /** Rows in sight, both ends inclusive: what is missing there is fetched. */
  look: (span: Span) => Promise<void>
  /** While the pointer is over the rows, they keep their places. */
  pointerOver: (over: boolean) => void
  /** Shows the held order now. */
  applyHeld: () => Promise<void>
  /** Reads what is in sight again; the result is shown by calling the answer. */
  prepareRefresh: (stale: Stale) => Promise<() => void>
  clear: () => void
}

interface Needs {
  fetchPage: (
    input: ListQuery & { offset: number; limit: number },
    signal: AbortSignal,
  ) => Promise<Omit<Fetched, 'offset'>>
  /** One quote as a row, null when it is gone. */
  fetchRow: (id: string, signal: AbortSignal) => Promise<QuoteRow | null>
  nowMs: () => number
}

/** Rows that left the list while it is held still show the truth; more than these at once are not looked up. */
const lookUpAtMost = 10

const initial: ListState = {
  query: null,
  window: emptyWindow,
  loading: false,
  answered: 0,
  total: null,
  held: 0,
  changed: { ids: new Set(), atMs: 0 },
  problem: null,
}

export function createQuoteList({ fetchPage, fetchRow, nowMs }: Needs): QuoteList {
  const store = createStore<ListState>(() => initial)
  // Each question has a controller of its own: answers to earlier questions are dropped.
  let question = new AbortController()
  let round = 0
  let span: Span = { first: 0, last: 0 }
  let over = false
  let filling = false
  const heldIds = new Set<string>()

  const read = async (input: { offset: number; limit: number }, signal: AbortSignal): Promise<Fetched | null> => {
    const { query } = store.getState()
    if (query === null) return null
    try {
      const page = await fetchPage({ ...query, ...input }, signal)
      return signal.aborted ? null : { offset: input.offset, ...page }
    } catch (error) {
      if (!signal.aborted) store.setState({ loading: false, problem: problemWords(error) })
      return null
    }
  }

  const show = (fetched: Fetched, live: boolean) => {
    const placed = place(store.getState().window, fetched, round)
    store.setState({
      window: placed.window,
      total: fetched.total,
      problem: null,
      ...(live ? { changed: { ids: placed.changed, atMs: nowMs() } } : {}),
    })
  }

  const ask = async (query: ListQuery) => {
    question.abort()
    question = new AbortController()
    const { signal } = question
    heldIds.clear()
    store.setState({ query, loading: true, held: 0, problem: null })
    const fetched = await read({ offset: 0, limit: 100 }, signal)
    if (fetched === null) return
    round += 1
    span = { first: 0, last: Math.min(span.last - span.first, 99) }
    const { window } = place(emptyWindow, fetched, round)
    store.setState(({ answered }) => ({
      window,
      total: fetched.total,
      loading: false,
      answered: answered + 1,
      problem: null,
      changed: initial.changed,
    }))
  }

  const fill = async () => {
    if (filling) return
    filling = true
    for (;;) {
      const { signal } = question
      const { window, loading, problem } = store.getState()
      const need = loading || problem !== null || window.total === null ? null : neededFetch(window, span, round)
      if (need === null) break
      const fetched = await read(need, signal)
      if (fetched !== null) show(fetched, false)
    }
    filling = false
  }

  const applyHeld = async () => {
    heldIds.clear()
    store.setState({ held: 0 })
    const { signal } = question
    const need = neededFetch(store.getState().window, span, Number.POSITIVE_INFINITY)
    const fetched = need && (await read(need, signal))
    if (fetched === null) return
    round += 1
    show(fetched, true)
    await fill()
  }

  const hold = (fetched: Fetched, stale: Stale, leftRows: readonly QuoteRow[]) => {
    const { window } = store.getState()
    const fresh = new Map([...leftRows, ...fetched.rows].map((row) => [row.id, row]))
    for (const id of changedHere(window, fetched, stale.quotes)) heldIds.add(id)
    const patched = patch(window, fresh)
    store.setState({
      window: patched.window,
      total: fetched.total,
      held: Math.max(1, heldIds.size),
      changed: { ids: patched.changed, atMs: nowMs() },
      problem: null,
    })
  }

  /** Changed rows in sight that the new answer has no more: looked up one by one, so that they can be drawn true. */
  const lookUpLeft = async (fetched: Fetched, stale: Stale, signal: AbortSignal): Promise<QuoteRow[]> => {
    const { window } = store.getState()
    const here = new Set(fetched.rows.map((row) => row.id))
    const left: string[] = []
    for (let index = span.first; index <= span.last && left.length < lookUpAtMost; index += 1) {
      const row = rowAt(window, index)
      if (row && !here.has(row.id) && (stale.quotes === null || stale.quotes.has(row.id))) left.push(row.id)
    }
    const rows = await Promise.all(left.map((id) => fetchRow(id, signal)))
    return rows.filter((row) => row !== null)
  }

  const prepareRefresh = async (stale: Stale) => {
    const { signal } = question
    const { window, query, loading } = store.getState()
    if (query === null || loading) return () => {}
    if (window.total === null) {
      await ask(query)
      return () => {}
    }
    const need = neededFetch(window, span, Number.POSITIVE_INFINITY)
    const fetched = need && (await read(need, signal))
    if (fetched === null) return () => {}
    const left = over ? await lookUpLeft(fetched, stale, signal) : []
    return () => {
      if (signal.aborted) return
      if (over && wouldMove(store.getState().window, fetched)) {
        hold(fetched, stale, left)
        return
      }
      heldIds.clear()
      round += 1
      store.setState({ held: 0 })
      show(fetched, true)
      void fill()
    }
  }

  return {
    store,
    ask,
    askAgain: async () => {
      const { query } = store.getState()
      if (query !== null) await ask(query)
    },
    look: async (next) => {
      span = next
      const { window, held } = store.getState()
      // Scrolling moves the rows under the pointer anyway, and pages of two orders must not stand side by side.
      if (held > 0 && neededFetch(window, next, round) !== null) await applyHeld()
      else await fill()
    },
    pointerOver: (next) => {
      over = next
      if (!next && store.getState().held > 0) void applyHeld()
    },
    applyHeld,
    prepareRefresh,
    clear: () => {
      question.abort()
      question = new AbortController()
      heldIds.clear()
      store.setState(initial, true)
    },
  }
}
