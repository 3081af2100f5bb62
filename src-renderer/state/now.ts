import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Timers } from '../engine-link/paint-gate.ts'

const tickMs = 15_000

export interface Now {
  /** Epoch milliseconds, at most 15 s old. */
  store: StoreApi<{ nowMs: number }>
  start: () => void
  stop: () => void
}

export function createNow(timers: Timers): Now {
  const store = createStore(() => ({ nowMs: timers.nowMs() }))
  let cancel: (() => void) | null = null
  const tick = () => {
    store.setState({ nowMs: timers.nowMs() })
    cancel = timers.after(tickMs, tick)
  }
  return { store, start: tick, stop: () => cancel?.() }
}
