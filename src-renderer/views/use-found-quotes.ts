import { useEffect, useState } from 'react'
import type { QuoteRow } from '../../domain/rpc/quotes.ts'
import { useDesk } from '../app/desk-context.tsx'
import { newestFirst, noFilter } from '../state/view.ts'

const shown = 8

export interface Found {
  rows: readonly QuoteRow[]
  /** Whether this answers the present words: until then nothing should be chosen by accident. */
  settled: boolean
}

const nothing: readonly QuoteRow[] = []

/** Quotes that match the words, newest first; none without words. The newest question wins. */
export function useFoundQuotes(text: string): Found {
  const { engine } = useDesk()
  const [found, setFound] = useState<{ words: string; rows: readonly QuoteRow[] }>({ words: '', rows: nothing })
  const words = text.trim()
  useEffect(() => {
    if (words === '') return undefined
    const stop = new AbortController()
    const take = (rows: readonly QuoteRow[]) => {
      if (!stop.signal.aborted) setFound({ words, rows })
    }
    const input = { filter: { ...noFilter, text: words }, sort: newestFirst, offset: 0, limit: shown }
    engine()
      .quotes.page(input, { signal: stop.signal })
      .then(
        ({ rows }) => take(rows),
        // The list behind says what is wrong; here there is simply nothing to choose.
        () => take(nothing),
      )
    return () => stop.abort()
  }, [engine, words])
  return { rows: words === '' ? nothing : found.rows, settled: found.words === words }
}
