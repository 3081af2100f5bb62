import { useEffect, useState } from 'react'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { problemWords } from '../words/refusals.ts'
import { useData, useDesk } from './desk-context.tsx'

export interface EngineRead<Value> {
  /** Null until it was read; stays while it is read again. */
  value: Value | null
  problem: string | null
}

/**
 * What the engine answers, read again whenever alerts, settings, calendars or rules change.
 * @param read keeps its identity as long as the question is the same
 */
export function useEngineRead<Value>(
  read: (client: EngineClient, options: { signal: AbortSignal }) => Promise<Value>,
): EngineRead<Value> {
  const { engine } = useDesk()
  const version = useData((data) => data.alertsVersion)
  const [answer, setAnswer] = useState<EngineRead<Value>>({ value: null, problem: null })
  useEffect(() => {
    const visit = new AbortController()
    const { signal } = visit
    // Also what is thrown while the engine cannot be reached is told.
    const ask = async () => read(engine(), { signal })
    ask()
      .then((value) => !signal.aborted && setAnswer({ value, problem: null }))
      .catch((error: unknown) => {
        if (!signal.aborted) setAnswer(({ value }) => ({ value, problem: problemWords(error) }))
      })
    return () => visit.abort()
    // The version is not asked for: that it is another one is why the engine is asked again.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [engine, read, version])
  return answer
}
