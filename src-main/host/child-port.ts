import type { Serializable } from 'node:child_process'
import type { Port } from '../../domain/host/port.ts'

/** The half of a child process (or of `process` inside one) that carries messages. */
export interface IpcPipe {
  readonly connected: boolean
  send?(message: Serializable, sent: (error: Error | null) => void): unknown
  disconnect?(): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect' | 'error', listener: () => void): unknown
}

/**
 * A child process's IPC channel as a Port; the same function serves both of its ends.
 * Take it in the tick in which the process was forked or started: Node hands messages to whoever listens then.
 */
export function ipcPort(pipe: IpcPipe): Port {
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
  // A channel that breaks while a message is on its way emits `error`; unheard, that would kill this process too.
  pipe.on('error', closed)

  return {
    post: (message) => {
      if (!open || !pipe.connected) return
      pipe.send?.(message as Serializable, (error) => {
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
