import type { Port } from '../../../domain/host/port.ts'

/** A Port over one that only takes text, as a window's way to the engine does: each message is JSON text on it. */
export function textPort(port: Port): Port {
  return {
    ...port,
    post: (message) => port.post(JSON.stringify(message)),
    onMessage: (listener) => port.onMessage((text) => listener(JSON.parse(String(text)))),
  }
}
