import type { Port } from '../../../domain/host/port.ts'

/** Two ends of a pipe in memory; closing one closes both. */
export function portPair(): [Port, Port] {
  const closeListeners: Array<() => void> = []
  const listeners: [((message: unknown) => void) | null, ((message: unknown) => void) | null] = [null, null]
  let open = true
  const close = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  const end = (own: 0 | 1): Port => ({
    post: (message) =>
      queueMicrotask(() => {
        if (open) listeners[own === 0 ? 1 : 0]?.(message)
      }),
    onMessage: (listener) => {
      listeners[own] = listener
    },
    onClose: (listener) => void closeListeners.push(listener),
    close,
  })
  return [end(0), end(1)]
}
