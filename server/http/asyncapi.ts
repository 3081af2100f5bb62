import { z } from 'zod'
import { expiringAlertSchema, quotationUpdateSchema } from '../../domain/wire/messages.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import {
  beatSchema,
  clockReplySchema,
  endedSchema,
  handshakeSchema,
  renewReplySchema,
  renewSchema,
  subscribeReplySchema,
  subscribeSchema,
  welcomeSchema,
} from '../../domain/wire/socket.ts'
import { streamEventSchema } from '../../domain/wire/stream-event.ts'

interface SocketMessage {
  summary: string
  payload: z.ZodType
  /** What its acknowledgement carries, of messages that a client sends. */
  reply?: z.ZodType
}

/** Said by the server. The names are Socket.IO's event names. */
const fromServer: Record<string, SocketMessage> = {
  welcome: { summary: 'First, once: the streams this person may read and their heads', payload: welcomeSchema },
  event: { summary: 'An event of a stream you read was committed', payload: streamEventSchema },
  beat: { summary: 'The head of one stream, each beat_ms', payload: beatSchema },
  ended: { summary: 'Why the server ends this session, before it does', payload: endedSchema },
  message: {
    summary: 'Only after subscribe: messages in the form that other systems already speak',
    payload: z.discriminatedUnion('type', [quotationUpdateSchema, expiringAlertSchema]),
  },
}

/** Said by a client; each is acknowledged. */
const fromClient: Record<string, SocketMessage> = {
  subscribe: { summary: 'Exactly these messages from now on', payload: subscribeSchema, reply: subscribeReplySchema },
  renew: { summary: 'A fresh access token for this session', payload: renewSchema, reply: renewReplySchema },
  clock: { summary: 'What time is it on the server?', payload: z.null(), reply: clockReplySchema },
}

/** AsyncAPI's own schema format is draft 7 plus a little. */
const toSchema = (schema: z.ZodType): object => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-7' })
  return rest
}

const reference = (path: string) => ({ $ref: `#/${path}` })

const inChannel = (name: string) => reference(`channels/live/messages/${name}`)

/**
 * The live link as an AsyncAPI 3 document, generated from the schemas that also validate. HTTP stands in the OpenAPI
 * document, the rules of both in PROTOCOL.md.
 */
export function generateAsyncApi(): object {
  const messages = { ...fromServer, ...fromClient }
  const replies = Object.entries(fromClient).flatMap(([name, { reply }]) => (reply ? [[`${name}_reply`, reply]] : []))
  const componentMessages = Object.fromEntries([
    ...Object.entries(messages).map(([name, { summary, payload }]) => [
      name,
      { name, summary, payload: toSchema(payload) },
    ]),
    ...(replies as [string, z.ZodType][]).map(([name, payload]) => [
      name,
      { name, summary: 'The acknowledgement', payload: toSchema(payload) },
    ]),
  ]) as Record<string, object>
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'QuoteDesk live link',
      version: String(protocolVersion),
      description: 'Socket.IO 4 over WebSocket. A hint only: what it loses is pulled over HTTP (see PROTOCOL.md).',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      quotedesk: {
        host: '127.0.0.1:3002',
        protocol: 'ws',
        pathname: '/socket.io/',
        description: 'Socket.IO, websocket',
      },
    },
    channels: {
      live: {
        address: '/',
        description: 'The default namespace of Socket.IO; each message is an event of that name.',
        messages: Object.fromEntries(
          Object.keys(componentMessages).map((name) => [name, reference(`components/messages/${name}`)]),
        ),
        bindings: { ws: { query: { type: 'object', properties: { transport: { const: 'websocket' } } } } },
      },
    },
    operations: {
      ...Object.fromEntries(
        Object.keys(fromServer).map((name) => [
          name,
          { action: 'send', channel: reference('channels/live'), messages: [inChannel(name)] },
        ]),
      ),
      ...Object.fromEntries(
        Object.keys(fromClient).map((name) => [
          name,
          {
            action: 'receive',
            channel: reference('channels/live'),
            messages: [inChannel(name)],
            reply: { channel: reference('channels/live'), messages: [inChannel(`${name}_reply`)] },
          },
        ]),
      ),
    },
    components: {
      messages: componentMessages,
      schemas: { handshake: { ...toSchema(handshakeSchema), description: "Socket.IO's auth object" } },
    },
  }
}
