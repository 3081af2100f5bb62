import { implement } from '@orpc/server'
import { restContract } from '../../domain/rest/contract.ts'
import { authenticate } from '../auth/authenticate.ts'
import type { Deps } from '../deps.ts'

/** What a request brings besides its input. */
export interface RestContext {
  address: string
  authorization: string | undefined
  setHeader(name: string, value: string): void
}

/** The contract to be implemented by whoever asks: for everybody. */
export function openRest() {
  return implement(restContract).$context<RestContext>()
}

/** The contract to be implemented for people who are signed in: handlers find them as `context.caller`. */
export function signedInRest({ identify, limiters }: Pick<Deps, 'identify' | 'limiters'>) {
  return openRest().use(async ({ context, next }) => {
    const caller = await authenticate(identify, context.authorization)
    await limiters.requestsByPerson.take(caller.id)
    return next({ context: { caller } })
  })
}

export type OpenRest = ReturnType<typeof openRest>
export type SignedInRest = ReturnType<typeof signedInRest>
