import { createStore, type StoreApi } from 'zustand/vanilla'
import type { StreamReport } from '../../domain/rpc/sync.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { follow } from '../engine-link/follow.ts'
import { problemWords } from '../words/refusals.ts'

export type StreamTask = 'verify' | 'repair'

export interface SyncDetailsState {
  /** null until the engine first told. */
  streams: readonly StreamReport[] | null
  running: ReadonlyMap<string, StreamTask>
  /** Why the last task of a stream could not be done. */
  problems: ReadonlyMap<string, string>
  /** Of "verify all": how many are done. */
  all: { done: number; total: number } | null
  /** Why nothing can be told at all. */
  fault: string | null
}

export interface SyncDetails {
  store: StoreApi<SyncDetailsState>
  /** Follows the streams until `signal` aborts; only while somebody looks. */
  watch: (signal: AbortSignal) => void
  run: (task: StreamTask, stream: string) => Promise<void>
  /** One after the other: hashing is work for both sides. */
  verifyAll: () => Promise<void>
  forget: () => void
}

const nothingYet: SyncDetailsState = { streams: null, running: new Map(), problems: new Map(), all: null, fault: null }

/** What is known of each stream, and what a person asked of it. */
export function createSyncDetails({ engine }: { engine: () => EngineClient }): SyncDetails {
  const store = createStore<SyncDetailsState>(() => nothingYet)

  const set = (name: 'running' | 'problems', stream: string, value: string | null) =>
    store.setState((state) => {
      const next = new Map<string, string>(state[name])
      if (value === null) next.delete(stream)
      else next.set(stream, value)
      return { [name]: next }
    })

  async function run(task: StreamTask, stream: string) {
    if (store.getState().running.has(stream)) return
    set('running', stream, task)
    set('problems', stream, null)
    try {
      await (task === 'verify' ? engine().sync.verify({ stream }) : engine().sync.repair({ stream }))
    } catch (error) {
      set('problems', stream, problemWords(error))
    } finally {
      set('running', stream, null)
    }
  }

  return {
    store,
    watch(signal) {
      store.setState({ fault: null })
      follow(
        async (options) => engine().sync.watch(undefined, options),
        signal,
        ({ streams }) => store.setState({ streams }),
      ).catch((error) => store.setState({ fault: problemWords(error) }))
    },
    run,
    async verifyAll() {
      const { streams, all } = store.getState()
      if (streams === null || all !== null) return
      const total = streams.length
      for (const [done, { stream }] of streams.entries()) {
        store.setState({ all: { done, total } })
        await run('verify', stream)
      }
      store.setState({ all: null })
    },
    forget: () => store.setState(nothingYet),
  }
}
