import type { Logger } from 'pino'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import { type HandshakeRefusal, handshakeSchema } from '../../domain/wire/socket.ts'
import type { Deps } from '../deps.ts'
import { ProblemError } from '../http/problem-error.ts'
import { retryAfterSeconds } from '../http/to-problem.ts'
import type { ClientSocket } from './types.ts'

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

/** Socket.IO middleware: knows whom the socket is for, or refuses with what to do. */
export function admission(deps: Pick<Deps, 'identify' | 'limiters' | 'log'>, isStopping: () => boolean) {
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
    const identity = await deps.identify(token)
    if (!identity) {
      throw refuse('unauthorised', 'The access token does not hold (any more): refresh it or sign in again.')
    }
    await deps.limiters.handshakesByPerson.take(identity.caller.id)
    socket.data.person_id = identity.caller.id
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
    const seconds = retryAfterSeconds(error.problem)
    return refuse('too_many_requests', error.message, seconds === null ? null : Number(seconds) * 1000)
  }
  log.error({ err: error }, 'judging a handshake failed')
  return refuse('shutting_down', 'The server cannot judge this handshake now. Try again in a moment.', 5_000)
}
