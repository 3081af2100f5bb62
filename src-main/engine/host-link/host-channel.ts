import {
  type EngineToHost,
  engineToHostSchema,
  type HostToEngine,
  hostToEngineSchema,
} from '../../../domain/host/messages.ts'
import type { Port } from '../../../domain/host/port.ts'

/** Typed talk with the host; what does not fit the schema is refused on either way. */
export interface HostChannel {
  send: (message: EngineToHost) => void
  onMessage: (listener: (message: HostToEngine) => void) => void
  onClose: (listener: () => void) => void
  close: () => void
}

export function createHostChannel(port: Port): HostChannel {
  return {
    send: (message) => port.post(engineToHostSchema.parse(message)),
    onMessage: (listener) => port.onMessage((message) => listener(understood(message))),
    onClose: (listener) => port.onClose(listener),
    close: () => port.close(),
  }
}

/** The message itself is not repeated: it may hold a secret. */
function understood(message: unknown): HostToEngine {
  const parsed = hostToEngineSchema.safeParse(message)
  if (parsed.success) return parsed.data
  const where = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'message'}: ${issue.message}`)
  throw new TypeError(`the host sent what no engine understands: ${where.join('; ')}`)
}
