import type { Clock } from '../../domain/time.ts'
import { ProblemError } from '../http/problem-error.ts'
import { findPerson } from '../people/queries.ts'
import type { Store } from '../store/store.ts'
import type { AccessTokens } from './access-tokens.ts'
import type { Caller } from './caller.ts'
import { newestRightsChange } from './rights-changes.ts'
import { isLive } from './sessions.ts'

/** Who is behind an access token, which sign-in it came from, and when it runs out (epoch ms). */
export interface Identity {
  caller: Caller
  family: string
  expiresAtMs: number
}

/** @returns null when the token does not hold (any more), its sign-in was voided or its person is not active */
export type IdentifyToken = (token: string) => Promise<Identity | null>

/** Everybody who is at work at once; more than that are read again each time. */
const maxKnown = 10_000

/**
 * What was read of a person is used again as long as the database notes no change of anybody's rights: that is asked with
 * every request, so a right that is taken away, by whatever process, holds with the next one.
 */
export function createIdentifyToken(store: Store, tokens: AccessTokens, clock: Clock): IdentifyToken {
  const known = new Map<string, Identity>()
  let knownAt = -1

  const read = async (token: string): Promise<Identity | null> => {
    const claims = await tokens.verify(token)
    if (!claims || !isLive(store.read, claims)) return null
    const caller = await findPerson(store.read, claims.person_id)
    return caller?.active ? { caller, family: claims.family, expiresAtMs: claims.expiresAtMs } : null
  }

  return async (token) => {
    const version = newestRightsChange(store.read)
    if (version !== knownAt) known.clear()
    knownAt = version
    const kept = known.get(token)
    if (kept && kept.expiresAtMs > clock.nowMs()) return kept
    const identity = await read(token)
    // Read before a change that was noted meanwhile, it must not be taken for what holds after it.
    const isCurrent = newestRightsChange(store.read) === version && knownAt === version
    if (identity && isCurrent) {
      // The oldest makes room: tokens that ran out must not fill the place for ever.
      const oldest = known.size >= maxKnown ? known.keys().next().value : undefined
      if (oldest !== undefined) known.delete(oldest)
      known.set(token, identity)
    }
    return identity
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
