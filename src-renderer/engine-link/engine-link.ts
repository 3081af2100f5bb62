import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Port } from '../../domain/host/port.ts'
import { problemWords } from '../words/refusals.ts'
import { createEngineClient, type EngineClient } from './engine-client.ts'
import type { Timers } from './paint-gate.ts'

/** `gone` carries why, for the person, and how often it was tried since. */
export type LinkState =
  | { state: 'connecting' }
  | { state: 'ready'; client: EngineClient }
  | { state: 'gone'; reason: string; attempts: number; retryAtMs: number }

export interface EngineLink {
  store: StoreApi<LinkState>
  start: () => void
  retryNow: () => void
  stop: () => void
}

interface Needs {
  connect: (signal: AbortSignal) => Promise<Port>
  timers: Timers
  /** Called with each new connection; everything started here has to end with `signal`. */
  onReady: (client: EngineClient, signal: AbortSignal) => void
}

/** 250 ms, doubling to 5 s: the engine is on this machine, so it comes back soon or not at all. */
export const retryDelayMs = (attempts: number) => Math.min(5_000, 250 * 2 ** (attempts - 1))

/** Keeps one connection to the engine for as long as the window lives. */
export function createEngineLink({ connect, timers, onReady }: Needs): EngineLink {
  const store = createStore<LinkState>(() => ({ state: 'connecting' }))
  let life = new AbortController()
  let wake: (() => void) | null = null

  const waitBeforeRetry = (delayMs: number) =>
    new Promise<void>((resolve) => {
      const cancel = timers.after(delayMs, resolve)
      wake = () => {
        cancel()
        resolve()
      }
    })

  const serveUntilClosed = (port: Port, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const use = new AbortController()
      signal.addEventListener('abort', () => port.close())
      port.onClose(() => {
        use.abort()
        resolve()
      })
      const client = createEngineClient(port)
      store.setState({ state: 'ready', client }, true)
      onReady(client, use.signal)
    })

  const run = async (signal: AbortSignal) => {
    let attempts = 0
    while (!signal.aborted) {
      let reason = 'It has stopped.'
      try {
        const port = await connect(signal)
        attempts = 0
        await serveUntilClosed(port, signal)
      } catch (error) {
        reason = problemWords(error)
      }
      if (signal.aborted) return
      attempts += 1
      const delayMs = retryDelayMs(attempts)
      store.setState({ state: 'gone', reason, attempts, retryAtMs: timers.nowMs() + delayMs }, true)
      await waitBeforeRetry(delayMs)
    }
  }

  return {
    store,
    start: () => {
      life = new AbortController()
      void run(life.signal)
    },
    retryNow: () => wake?.(),
    stop: () => {
      life.abort()
      wake?.()
    },
  }
}
