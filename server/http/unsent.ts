import type { Response } from 'express'
import { ProblemError } from './problem-error.ts'

export interface UnsentLimits {
  ofPerson: number
  inAll: number
}

/** Answers of megabytes stay in memory until they are read: so many bytes of them, of one person and of all. */
export interface Unsent {
  /** @throws ProblemError too_many_requests with retry_after_ms; whoever has nothing unread gets any one answer */
  send(response: Pick<Response, 'send' | 'once'>, personId: string, answer: Buffer): void
}

const soonestMs = 250
const spreadMs = 1_000

/** @param random uniform in [0, 1): those refused together do not come back together */
export function createUnsent(limits: UnsentLimits, random: () => number = Math.random): Unsent {
  const ofPerson = new Map<string, number>()
  let inAll = 0

  const add = (personId: string, bytes: number) => {
    inAll += bytes
    const unread = (ofPerson.get(personId) ?? 0) + bytes
    if (unread > 0) ofPerson.set(personId, unread)
    else ofPerson.delete(personId)
  }

  return {
    send: (response, personId, answer) => {
      const bytes = answer.length
      const unread = ofPerson.get(personId) ?? 0
      if (unread > 0 && (unread + bytes > limits.ofPerson || inAll + bytes > limits.inAll)) {
        throw new ProblemError(
          'too_many_requests',
          'Too much that was asked for before is not read yet. Read it, and try again a little later.',
          { retry_after_ms: Math.round(soonestMs + random() * spreadMs) },
        )
      }
      add(personId, bytes)
      response.once('close', () => add(personId, -bytes))
      response.send(answer)
    },
  }
}
