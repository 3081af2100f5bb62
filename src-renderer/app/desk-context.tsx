import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import type { Directory } from '../engine-link/engine-client.ts'
import type { Desk } from '../state/desk.ts'
import type { EngineData } from '../state/engine-data.ts'
import type { UiState } from '../state/ui.ts'

const DeskContext = createContext<Desk | null>(null)

export function DeskProvider({ desk, children }: { desk: Desk; children: ReactNode }) {
  return <DeskContext value={desk}>{children}</DeskContext>
}

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  if (desk === null) throw new Error('a component that needs the desk stands outside DeskProvider')
  return desk
}

export const useData = <Value,>(select: (data: EngineData) => Value): Value => useStore(useDesk().data, select)

export const useUi = <Value,>(select: (ui: UiState) => Value): Value => useStore(useDesk().ui, select)

export const useDirectory = (): Directory => useData((data) => data.directory)

/** Epoch milliseconds; ticks every 15 s. */
export const useNowMs = (): number => useStore(useDesk().now.store, (now) => now.nowMs)

/** The same by the server's clock, which alerts and working hours go by; this machine's own until they were compared. */
export function useServerNowMs(): number {
  const offsetMs = useData((data) => data.status?.server_offset_ms ?? 0)
  return useNowMs() + offsetMs
}

/** True once `on` has lasted `delayMs`: words for a wait that is long enough to be noticed. */
export function useLasting(on: boolean, delayMs: number): boolean {
  const { timers } = useDesk()
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!on) return undefined
    const cancel = timers.after(delayMs, () => setLasting(true))
    return () => {
      cancel()
      setLasting(false)
    }
  }, [on, delayMs, timers])
  return on && lasting
}

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', changed)
      return () => list.removeEventListener('change', changed)
    },
    () => window.matchMedia(query).matches,
    () => false,
  )
}
