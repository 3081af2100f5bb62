import type { Logger } from 'pino'
import { retryDataSchema } from '../../domain/wire/problem.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import { type HandshakeRefusal, handshakeSchema } from '../../domain/wire/socket.ts'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import { createTurnstile } from '../http/turnstile.ts'
import { socketsIn } from './end.ts'
import { type ClientSocket, type Io, personRoom } from './types.ts'

/** A refusal whose `data` reaches the client in its connect error. */
class HandshakeError extends Error {
  readonly data: HandshakeRefusal

  constructor(data: HandshakeRefusal) {
    super(data.message)
    this.name = 'HandshakeError'
    this.data = data
  }
}

const refuse = (code: HandshakeRefusal['code'], message: string, retryAfterMs: number | null = null) =>
  new HandshakeError({ code, message, retry_after_ms: retryAfterMs })

/** Socket.IO middleware: knows whom the socket is for, or refuses with what to do. So many are judged at once. */
export function admission(
  io: Io,
  deps: Pick<Deps, 'identify' | 'limiters' | 'log' | 'config'>,
  isStopping: () => boolean,
) {
  const turnstile = createTurnstile(deps.config.atOnce.handshakes, 'connections')

  const judge = async (socket: ClientSocket): Promise<void> => {
    if (isStopping()) throw refuse('shutting_down', 'The server is stopping. Try again in a moment.', 1_000)
    const handshake = handshakeSchema.safeParse(socket.handshake.auth)
    if (!handshake.success) {
      const fields = handshake.error.issues.map((issue) => `${issue.path.join('.') || 'auth'}: ${issue.message}`)
      throw refuse('invalid_handshake', `The handshake is not as expected. ${fields.join('; ')}.`)
    }
    const { protocol, token } = handshake.data
    if (protocol !== protocolVersion) {
      const older = protocol < protocolVersion ? 'client' : 'server'
      throw refuse(
        'protocol_mismatch',
        `You speak protocol ${protocol}, this server ${protocolVersion}: update the ${older}.`,
      )
    }
    const identity = await turnstile.pass(() => deps.identify(token))
    if (!identity) {
      throw refuse('unauthorised', 'The access token does not hold (any more): refresh it or sign in again.')
    }
    await deps.limiters.handshakesByPerson.take(identity.caller.id)
    if (socketsIn(io, personRoom(identity.caller.id)).length >= deps.config.maxSocketsOfPerson) {
      throw refuse('too_many_requests', 'You have too many connections open: close some of them.', 60_000)
    }
    socket.data.person_id = identity.caller.id
    socket.data.family = identity.family
    socket.data.expires_at_ms = identity.expiresAtMs
    socket.data.streams = null
  }

  const answer = async (socket: ClientSocket, next: (error?: Error) => void): Promise<void> => {
    let refused: HandshakeError | undefined
    try {
      await judge(socket)
    } catch (error) {
      refused = toRefusal(error, deps.log)
    }
    next(refused)
  }

  return (socket: ClientSocket, next: (error?: Error) => void): void => {
    void answer(socket, next)
  }
}

function toRefusal(error: unknown, log: Logger): HandshakeError {
  if (error instanceof HandshakeError) return error
  if (error instanceof ProblemError) {
    const retry = retryDataSchema.safeParse(error.problem.data)
    return refuse('too_many_requests', error.message, retry.success ? retry.data.retry_after_ms : null)
  }
  log.error({ err: error }, 'judging a handshake failed')
  return refuse('shutting_down', 'The server cannot judge this handshake now. Try again in a moment.', 5_000)
}
