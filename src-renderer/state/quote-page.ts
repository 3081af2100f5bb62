import { createStore, type StoreApi } from 'zustand/vanilla'
import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { problemWords } from '../words/refusals.ts'

export interface QuotePageState {
  id: string | null
  /** May still be of the quote before while `loading`. */
  detail: QuoteDetail | null
  loading: boolean
  problem: string | null
}

export interface QuotePage {
  store: StoreApi<QuotePageState>
  open: (id: string) => Promise<void>
  close: () => void
  /** Reads the open quote again; the result is shown by calling the answer. */
  prepareRefresh: () => Promise<() => void>
}

const closed: QuotePageState = { id: null, detail: null, loading: false, problem: null }

/** The one quote that is open beside the list. */
export function createQuotePage(get: (id: string, signal: AbortSignal) => Promise<QuoteDetail>): QuotePage {
  const store = createStore<QuotePageState>(() => closed)
  let visit = new AbortController()

  const open = async (id: string) => {
    visit.abort()
    visit = new AbortController()
    const { signal } = visit
    store.setState({ id, loading: true, problem: null })
    try {
      const detail = await get(id, signal)
      if (!signal.aborted) store.setState({ detail, loading: false })
    } catch (error) {
      if (!signal.aborted) store.setState({ detail: null, loading: false, problem: problemWords(error) })
    }
  }

  return {
    store,
    open,
    close: () => {
      visit.abort()
      store.setState(closed, true)
    },
    prepareRefresh: async () => {
      const { id, loading } = store.getState()
      if (id === null || loading) return () => {}
      const { signal } = visit
      try {
        const detail = await get(id, signal)
        return () => {
          const before = store.getState()
          if (signal.aborted) return
          if (JSON.stringify(before.detail) !== JSON.stringify(detail)) store.setState({ detail, problem: null })
        }
      } catch (error) {
        return () => {
          if (!signal.aborted) store.setState({ detail: null, problem: problemWords(error) })
        }
      }
    },
  }
}
