/** Anything that tells when it changed. */
export interface Watched {
  subscribe: (listener: () => void) => () => void
}

/**
 * The present value, then the newest after each change, until aborted. A slow reader skips values, never the last one.
 * @param signal ends the iteration, also while it waits: a window that goes away must leave no listener behind
 */
export async function* watch<Value>(source: Watched, read: () => Value, signal?: AbortSignal): AsyncGenerator<Value> {
  const bell = createBell(signal)
  const unsubscribe = source.subscribe(bell.ring)
  try {
    yield read()
    while (await bell.rung()) yield read()
  } finally {
    unsubscribe()
    bell.dispose()
  }
}

/** Remembers that it was rung until somebody has heard it. `rung` is false once the signal has aborted. */
export function createBell(signal?: AbortSignal) {
  let waiting = Promise.withResolvers<void>()
  // Resolving twice does nothing, which is what remembering needs.
  const ring = () => waiting.resolve()
  signal?.addEventListener('abort', ring)
  return {
    ring,
    rung: async (): Promise<boolean> => {
      if (!signal?.aborted) await waiting.promise
      waiting = Promise.withResolvers<void>()
      return signal?.aborted !== true
    },
    dispose: () => signal?.removeEventListener('abort', ring),
  }
}
