import type { Clock } from '../../domain/time.ts'
import { type RenewReply, renewSchema, type SubscribeReply, subscribeSchema } from '../../domain/wire/socket.ts'
import type { Deps } from '../deps.ts'
import { cutOff, endSocket, signedOut } from './end.ts'
import { type ClientSocket, messageRoom } from './types.ts'

type Needs = Pick<Deps, 'clock' | 'limiters' | 'log' | 'identify'>
type Reply = (answer: unknown) => void

/**
 * Everything a client may say goes through here, whatever its name, so that no message can reach a handler unguarded:
 * counted, checked, answered; a throw would end the process.
 */
export function createIncoming(deps: Needs) {
  return (socket: ClientSocket, name: unknown, args: readonly unknown[]): void => {
    handle(deps, socket, name, args).catch((error: unknown) => {
      // Above its limit a client is not answered, only cut off: it has been told its limits by being refused before.
      deps.log.debug({ err: error, person_id: socket.data.person_id }, 'a socket said too much')
      cutOff(socket)
    })
  }
}

async function handle(
  { clock, limiters, identify }: Needs,
  socket: ClientSocket,
  name: unknown,
  args: readonly unknown[],
): Promise<void> {
  await limiters.socketEvents.take(socket.id)
  const reply = replyOf(args)
  if (name === 'clock') tellTime(clock, reply)
  else if (name === 'subscribe') reply(subscribe(socket, args[0]))
  else if (name === 'renew') reply(await renew(socket, args[0], identify))
  else {
    const message = 'Unknown event: a client may say subscribe, renew and clock.'
    reply({ ok: false, code: 'invalid_request', message })
  }
}

/** The session goes on for as long as the fresh token holds; one that does not hold changes nothing. */
async function renew(socket: ClientSocket, wish: unknown, identify: Needs['identify']): Promise<RenewReply> {
  const parsed = renewSchema.safeParse(wish)
  if (!parsed.success) return { ok: false, code: 'invalid_request', message: 'Expected {"token": "<access token>"}.' }
  const { token } = parsed.data
  const identity = await identify(token)
  if (identity?.caller.id !== socket.data.person_id) {
    const message = 'The token does not hold, or is not yours: the session goes on with the one it has.'
    return { ok: false, code: 'unauthorised', message }
  }
  socket.data.family = identity.family
  socket.data.expires_at_ms = Math.max(socket.data.expires_at_ms, identity.expiresAtMs)
  // I16: had its sign-in been voided just before it became this socket's, nobody would have cut the socket off.
  if (!(await identify(token))) endSocket(socket, 'unauthorised', signedOut)
  return { ok: true, expires_at_ms: socket.data.expires_at_ms }
}

function tellTime(clock: Clock, reply: Reply): void {
  reply({ server_time_ms: clock.nowMs() })
}

/** From now on exactly the named messages, of exactly the streams the socket reads. */
function subscribe(socket: ClientSocket, wish: unknown): SubscribeReply {
  const parsed = subscribeSchema.safeParse(wish)
  if (!parsed.success) {
    return { ok: false, code: 'invalid_request', message: 'Expected {"messages": [...]} of the two known messages.' }
  }
  const { streams } = socket.data
  if (!streams) return { ok: false, code: 'conflict', message: 'Subscribe after the welcome.' }
  const { messages } = parsed.data
  for (const message of subscribeSchema.shape.messages.element.options) {
    for (const stream of streams) {
      const room = messageRoom(message, stream)
      if (messages.includes(message)) void socket.join(room)
      else void socket.leave(room)
    }
  }
  return { ok: true }
}

const silence: Reply = () => undefined

function replyOf(args: readonly unknown[]): Reply {
  const last = args.at(-1)
  return isReply(last) ? last : silence
}

/** Socket.IO appends a function exactly when the client asked for an answer; JSON cannot hold one. */
function isReply(value: unknown): value is Reply {
  return typeof value === 'function'
}
