import { z } from 'zod'
import { entityIdSchema, uuidSchema } from '../ids.ts'
import type { ExpiringAlert, QuotationUpdate } from './messages.ts'
import { cursorSeqSchema, epochSchema, type StreamEvent } from './stream-event.ts'
import { streamNameSchema } from './stream-name.ts'

/** What a client presents in the Socket.IO handshake (`auth`). */
export const handshakeSchema = z.object({
  token: z.string().min(1).max(4096),
  protocol: z.int().positive(),
  client_id: uuidSchema,
})
export type Handshake = z.infer<typeof handshakeSchema>

const streamHeadSchema = z.strictObject({ stream: streamNameSchema, head: cursorSeqSchema })

/** First message after the handshake: the streams this person may read and how far each has come. */
export const welcomeSchema = z.strictObject({
  person_id: entityIdSchema,
  epoch: epochSchema,
  streams: z.array(streamHeadSchema),
  server_time_ms: z.int(),
  beat_ms: z.int().positive(),
})
export type Welcome = z.infer<typeof welcomeSchema>

/** Sent to every reader of a stream each `beat_ms`: shows a lost last event within one beat. */
export const beatSchema = z.strictObject({
  stream: streamNameSchema,
  epoch: epochSchema,
  head: cursorSeqSchema,
  server_time_ms: z.int(),
})
export type Beat = z.infer<typeof beatSchema>

/** Why the server ends a session; the socket is closed right after. */
export const endedSchema = z.strictObject({
  code: z.enum(['unauthorised', 'permissions_changed', 'too_slow', 'shutting_down']),
  message: z.string(),
})
export type Ended = z.infer<typeof endedSchema>

/** Codes of a refused handshake, in `error.data`. `retry_after_ms` is null when trying again cannot help. */
export const handshakeRefusalSchema = z.strictObject({
  code: z.enum(['unauthorised', 'protocol_mismatch', 'invalid_handshake', 'too_many_requests', 'shutting_down']),
  message: z.string(),
  retry_after_ms: z.int().nullable(),
})
export type HandshakeRefusal = z.infer<typeof handshakeRefusalSchema>

export const subscribeSchema = z.strictObject({
  messages: z.array(z.enum(['quotation_update', 'expiring_alert'])).max(2),
})
/** A fresh access token for a session that is already open, so that it need not be broken off when the first runs out. */
export const renewSchema = z.strictObject({ token: z.string().min(1).max(4096) })
/** `unauthorised`: the token does not hold, or is another person's; the session goes on with the one it has. */
const notDone = z.strictObject({ ok: z.literal(false), code: z.string(), message: z.string() })
export const renewReplySchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), expires_at_ms: z.int() }),
  notDone,
])
export type RenewReply = z.infer<typeof renewReplySchema>

export const subscribeReplySchema = z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true) }), notDone])
export type SubscribeReply = z.infer<typeof subscribeReplySchema>
export const clockReplySchema = z.strictObject({ server_time_ms: z.int() })
export type ClockReply = z.infer<typeof clockReplySchema>

/** Everything the server says on the socket. `event` is a hint: the log is the truth. */
export interface ServerToClient {
  welcome: (welcome: Welcome) => void
  event: (event: StreamEvent) => void
  beat: (beat: Beat) => void
  ended: (ended: Ended) => void
  message: (message: QuotationUpdate | ExpiringAlert) => void
}

/** Everything a client may say on the socket; all of it is acknowledged. */
export interface ClientToServer {
  subscribe: (wish: z.infer<typeof subscribeSchema>, reply: (answer: SubscribeReply) => void) => void
  clock: (reply: (answer: ClockReply) => void) => void
  renew: (wish: z.infer<typeof renewSchema>, reply: (answer: RenewReply) => void) => void
}
