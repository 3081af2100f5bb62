import type { Port } from '../../../domain/host/port.ts'

/** As much of `process` as a forked child talks to its parent with. */
export interface ParentPipe {
  connected: boolean
  send?: (message: unknown, handle: undefined, options: undefined, sent: (error: Error | null) => void) => unknown
  disconnect?: () => void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect' | 'error', listener: () => void): unknown
}

/** The pipe to the parent process as a Port. Take it in the first tick: Node hands messages to whoever listens then. */
export function childPipe(pipe: ParentPipe): Port {
  const early: unknown[] = []
  const closeListeners: Array<() => void> = []
  let onMessage: ((message: unknown) => void) | null = null
  let open = pipe.connected
  const closed = () => {
    if (!open) return
    open = false
    for (const listener of closeListeners) listener()
  }
  pipe.on('message', (message) => {
    if (!open) return
    if (onMessage) onMessage(message)
    else early.push(message)
  })
  pipe.on('disconnect', closed)
  // A parent that dies while a message is on its way shows as `error`; unheard, it would end this process uncleanly.
  pipe.on('error', closed)
  return {
    post: (message) => {
      if (!open || !pipe.connected) return
      pipe.send?.(message, undefined, undefined, (error) => {
        if (error) closed()
      })
    },
    onMessage: (listener) => {
      onMessage = listener
      for (const message of early.splice(0)) listener(message)
    },
    onClose: (listener) => (open ? void closeListeners.push(listener) : listener()),
    close: () => {
      if (!open) return
      closed()
      if (pipe.connected) pipe.disconnect?.()
    },
  }
}
