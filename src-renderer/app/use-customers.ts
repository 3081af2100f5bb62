import { useEffect, useState } from 'react'
import type { CustomerChoice } from '../engine-link/engine-client.ts'
import { problemWords } from '../words/refusals.ts'
import { useDesk } from './desk-context.tsx'

/** `text` is what was asked for: the answer to an older question may still stand while a newer one is under way. */
type Found = { text: string; customers: readonly CustomerChoice[] } | { text: string; problem: string } | null

/** Customers whose name contains the words; the newest question wins. Asks nothing while `text` is null. */
export function useCustomers(text: string | null): Found {
  const { engine } = useDesk()
  const [found, setFound] = useState<Found>(null)
  useEffect(() => {
    if (text === null) return undefined
    const stop = new AbortController()
    const search = async () => {
      try {
        const { customers } = await engine().directory.customers({ text }, { signal: stop.signal })
        if (!stop.signal.aborted) setFound({ text, customers })
      } catch (error) {
        if (!stop.signal.aborted) setFound({ text, problem: problemWords(error) })
      }
    }
    void search()
    return () => stop.abort()
  }, [engine, text])
  return found
}
