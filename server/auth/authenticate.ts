import { ProblemError } from '../http/problem-error.ts'
import { findPerson } from '../people/queries.ts'
import type { Store } from '../store/store.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Caller } from './caller.ts'

/** @returns the active person behind an access token and when it runs out (epoch ms), or null */
export type IdentifyToken = (token: string) => Promise<{ caller: Caller; expiresAtMs: number } | null>

export function createIdentifyToken(store: Store, tokens: AccessTokens): IdentifyToken {
  return async (token) => {
    const claims = await tokens.verify(token)
    if (!claims) return null
    const caller = await findPerson(store.read, claims.personId)
    return caller?.active ? { caller, expiresAtMs: claims.expiresAtMs } : null
  }
}

/** @throws ProblemError unauthorised */
export async function authenticate(identify: IdentifyToken, authorization: string | undefined): Promise<Caller> {
  const token = /^Bearer ([\w.~+/-]+=*)$/i.exec(authorization ?? '')?.[1]
  const identity = token === undefined ? null : await identify(token)
  if (!identity) {
    throw new ProblemError(
      'unauthorised',
      'This needs a valid access token: send "Authorization: Bearer <token>", and refresh or sign in when it has run out.',
    )
  }
  return identity.caller
}
