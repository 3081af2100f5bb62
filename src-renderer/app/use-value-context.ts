import { useMemo } from 'react'
import type { ValueContext } from '../words/field-values.ts'
import { useDesk, useDirectory, useServerNowMs } from './desk-context.tsx'

/** What values need to be said as people do; `more` are names that came with what is shown. */
export function useValueContext(currency: string, more?: Readonly<Record<string, string>>): ValueContext {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const { people, teams } = useDirectory()
  return useMemo(() => {
    const names = new Map([...people, ...teams].map(({ id, name }) => [id, name]))
    return { currency, nowMs, timeZone, nameOf: (id) => more?.[id] ?? names.get(id) ?? null }
  }, [currency, nowMs, timeZone, people, teams, more])
}
