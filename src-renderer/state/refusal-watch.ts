import { createStore, type StoreApi } from 'zustand/vanilla'
import type { PendingChange } from '../../domain/rpc/quotes.ts'

export interface RefusalWatch {
  /** Refusals that the person has not been told of yet. */
  store: StoreApi<{ fresh: readonly PendingChange[] }>
  /** The list of changes as it is now. What the first list of a session holds is old: the chip tells it. */
  take: (changes: readonly PendingChange[]) => void
  /** All that is fresh has been told. */
  told: () => void
  /** Somebody else signed in. */
  forget: () => void
}

/** Notices refusals as they come in. A change may be made and refused between two lists, so entries are remembered. */
export function createRefusalWatch(): RefusalWatch {
  const store = createStore<{ fresh: readonly PendingChange[] }>(() => ({ fresh: [] }))
  let known: Set<number> | null = null
  return {
    store,
    take(changes) {
      const refused = changes.filter(({ state }) => state.kind === 'refused')
      const fresh = known === null ? [] : refused.filter(({ entry }) => known?.has(entry) === false)
      known = new Set(refused.map(({ entry }) => entry))
      const before = store.getState().fresh
      const still = before.filter(({ entry }) => known?.has(entry))
      if (fresh.length > 0 || still.length !== before.length) store.setState({ fresh: [...still, ...fresh] })
    },
    told: () => store.setState({ fresh: [] }),
    forget() {
      known = null
      store.setState({ fresh: [] })
    },
  }
}
