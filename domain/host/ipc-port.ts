import type { Port } from './port.ts'
import { portEnd } from './port-end.ts'

/** The half of a child process (or of `process` inside one) that carries messages; Node's, named by its shape. */
export interface IpcPipe {
  readonly connected: boolean
  send?(message: never, sent: (error: Error | null) => void): unknown
  disconnect?(): void
  on(event: 'message', listener: (message: unknown) => void): unknown
  on(event: 'disconnect' | 'error', listener: () => void): unknown
}

/**
 * A child process's IPC channel as a Port; the same function serves both of its ends.
 * Take it in the tick in which the process was forked or started: Node hands messages to whoever listens then.
 */
export function ipcPort(pipe: IpcPipe): Port {
  const { port, deliver, closed } = portEnd({
    open: pipe.connected,
    send: (message) => {
      if (!pipe.connected) return
      pipe.send?.(message as never, (error) => {
        if (error) closed()
      })
    },
    release: () => {
      if (pipe.connected) pipe.disconnect?.()
    },
  })
  pipe.on('message', deliver)
  pipe.on('disconnect', closed)
  // A channel that breaks while a message is on its way emits `error`; unheard, that would kill this process too.
  pipe.on('error', closed)
  return port
}
