import { useEffect, useState } from 'react'
import type { QuoteRow } from '../../domain/rpc/quotes.ts'
import { useDesk } from '../app/desk-context.tsx'
import { newestFirst, noFilter } from '../state/view.ts'

const shown = 8

/** Quotes that match the words, newest first; none without words. The newest question wins. */
export function useFoundQuotes(text: string): readonly QuoteRow[] {
  const { engine } = useDesk()
  const [found, setFound] = useState<readonly QuoteRow[]>([])
  const words = text.trim()
  useEffect(() => {
    if (words === '') return undefined
    const stop = new AbortController()
    const take = (rows: readonly QuoteRow[]) => {
      if (!stop.signal.aborted) setFound(rows)
    }
    const input = { filter: { ...noFilter, text: words }, sort: newestFirst, offset: 0, limit: shown }
    engine()
      .quotes.page(input, { signal: stop.signal })
      .then(
        ({ rows }) => take(rows),
        // The list behind says what is wrong; here there is simply nothing to choose.
        () => take([]),
      )
    return () => stop.abort()
  }, [engine, words])
  return words === '' ? [] : found
}
