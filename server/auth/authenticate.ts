import { ProblemError } from '../http/problem-error.ts'
import { findPerson } from '../people/queries.ts'
import type { Store } from '../store/store.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Caller } from './caller.ts'
import { isLive } from './sessions.ts'

/** Who is behind an access token, which sign-in it came from, and when it runs out (epoch ms). */
export interface Identity {
  caller: Caller
  family: string
  expiresAtMs: number
}

/** @returns null when the token does not hold (any more), its sign-in was voided or its person is not active */
export type IdentifyToken = (token: string) => Promise<Identity | null>

export function createIdentifyToken(store: Store, tokens: AccessTokens): IdentifyToken {
  return async (token) => {
    const claims = await tokens.verify(token)
    if (!claims || !(await isLive(store.read, claims))) return null
    const caller = await findPerson(store.read, claims.person_id)
    return caller?.active ? { caller, family: claims.family, expiresAtMs: claims.expiresAtMs } : null
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
