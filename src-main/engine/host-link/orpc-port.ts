import { z } from 'zod'
import type { Port } from '../../../domain/host/port.ts'

/**
 * What oRPC's client sends, as far as its server trusts it: a request (1), something of a stream (3), an end (4).
 * Bodies here are JSON: what announces a form or a file is none of ours.
 */
const messageSchema = z.union([
  z.object({
    i: z.string(),
    t: z.literal(1).optional(),
    p: z.object({
      u: z.string().startsWith('/'),
      m: z.string().optional(),
      h: z
        .record(z.string().regex(/^(?!content-(type|disposition)$)/i), z.union([z.string(), z.array(z.string())]))
        .optional(),
    }),
  }),
  z.object({ i: z.string(), t: z.literal(3), p: z.looseObject({}) }),
  z.object({ i: z.string(), t: z.literal(4) }),
])

function readsAsMessage(data: unknown): boolean {
  if (typeof data !== 'string') return false
  try {
    return messageSchema.safeParse(JSON.parse(data)).success
  } catch {
    return false
  }
}

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

/**
 * The same for oRPC's server. Whoever sends anything but its messages is hung up on: oRPC would throw where nobody
 * listens, and end the engine with it.
 */
export function orpcServerPort(port: Port) {
  const listenTo = (listener: (message: unknown) => void) =>
    port.onMessage((message) => (readsAsMessage(message) ? listener(message) : port.close()))
  return orpcPort({ ...port, onMessage: listenTo })
}
