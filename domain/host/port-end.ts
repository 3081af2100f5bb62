import type { Port } from './port.ts'

/** What lies under a Port: how to send a message and how to let go of it. */
export interface Wire {
  /** Whether it is up at all; a wire that is down already makes a closed Port. */
  open: boolean
  send(message: unknown): void
  release(): void
}

/** A Port, and what its wire tells it. */
export interface PortEnd {
  port: Port
  /** A message has arrived; kept until there is a listener. */
  deliver: (message: unknown) => void
  /** The other side is gone. */
  closed: () => void
}

/** The promises of Port over any wire: messages once and in order, none lost before a listener, one `onClose`. */
export function portEnd(wire: Wire): PortEnd {
  const early: unknown[] = []
  const closeListeners: Array<() => void> = []
  let onMessage: ((message: unknown) => void) | null = null
  let { open } = wire
  const closed = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  return {
    deliver: (message) => {
      if (!open) return
      if (onMessage) onMessage(message)
      else early.push(message)
    },
    closed,
    port: {
      post: (message) => {
        if (open) wire.send(message)
      },
      onMessage: (listener) => {
        onMessage = listener
        for (const message of early.splice(0)) listener(message)
      },
      onClose: (listener) => {
        if (open) closeListeners.push(listener)
        else listener()
      },
      close: () => {
        if (!open) return
        closed()
        wire.release()
      },
    },
  }
}
