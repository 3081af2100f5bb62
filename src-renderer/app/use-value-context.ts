import { useMemo } from 'react'
import type { ValueContext } from '../words/field-values.ts'
import { useDesk, useDirectory, useNowMs, useUi } from './desk-context.tsx'

/** What values need to be said as people do; `customer` is one whose name is known for sure. */
export function useValueContext(currency: string, customer?: { id: string; name: string } | null): ValueContext {
  const { timeZone } = useDesk()
  const nowMs = useNowMs()
  const { people, teams } = useDirectory()
  const met = useUi((state) => state.customerNames)
  return useMemo(() => {
    const names = new Map([...people, ...teams].map(({ id, name }) => [id, name]))
    if (customer) names.set(customer.id, customer.name)
    return { currency, nowMs, timeZone, nameOf: (id) => names.get(id) ?? met.get(id) ?? null }
  }, [currency, nowMs, timeZone, people, teams, met, customer])
}
