import type { Port } from '../../../domain/host/port.ts'

/** Two ends of a pipe in one process, asynchronous like every real one. `cut` ends both without a word. */
export function portPair(): { near: Port; far: Port; cut: () => void } {
  const near = end()
  const far = end()
  near.connect(far)
  far.connect(near)
  return {
    near: near.port,
    far: far.port,
    cut: () => {
      near.close()
      far.close()
    },
  }
}

interface End {
  port: Port
  connect(other: End): void
  deliver(message: unknown): void
  close(): void
}

function end(): End {
  const early: unknown[] = []
  const closeListeners: Array<() => void> = []
  let other: End | null = null
  let onMessage: ((message: unknown) => void) | null = null
  let open = true
  const close = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  return {
    connect: (end) => {
      other = end
    },
    deliver: (message) => {
      if (!open) return
      if (onMessage) onMessage(message)
      else early.push(message)
    },
    close,
    port: {
      post: (message) => {
        // As text, so that nothing but JSON gets through and nobody shares an object.
        const text = JSON.stringify(message)
        if (open) setImmediate(() => other?.deliver(JSON.parse(text)))
      },
      onMessage: (listener) => {
        onMessage = listener
        for (const message of early.splice(0)) listener(message)
      },
      onClose: (listener) => (open ? void closeListeners.push(listener) : listener()),
      close: () => {
        close()
        setImmediate(() => other?.close())
      },
    },
  }
}
