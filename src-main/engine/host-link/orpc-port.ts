import type { Port } from '../../../domain/host/port.ts'

/** A Port in the shape that oRPC's message-port adapters take. Messages are strings, so any host carries them. */
export function orpcPort(port: Port) {
  return {
    postMessage: (message: unknown) => port.post(message),
    on: (event: string, listener: (event?: { data: unknown }) => void) => {
      if (event === 'message') port.onMessage((data) => listener({ data }))
      if (event === 'close') port.onClose(() => listener())
    },
  }
}
