import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { entityIdSchema } from '../../domain/ids.ts'
import type { Clock } from '../../domain/time.ts'

const issuer = 'quotedesk'
const audience = 'quotedesk'
const algorithm = 'HS256'

const claimsSchema = z.object({ sub: entityIdSchema, sid: z.uuid(), exp: z.int() })

export interface AccessTokens {
  /** @param session whose it is: the person, and the family of tokens that the sign-in began */
  issue(session: TokenSession, ttlMs: number): Promise<string>
  /** @returns whose it is and until when (epoch ms), or null for anything that is not a live token of ours */
  verify(token: string): Promise<(TokenSession & { expiresAtMs: number }) | null>
}

/** A token dies with its family: by signing out, a new password, being deactivated, or a refresh token used twice. */
export interface TokenSession {
  person_id: string
  family: string
}

/** Tokens whose signature was checked are remembered, so many of them: checking one costs more than a small query. */
const maxChecked = 10_000

/** Access tokens say who somebody is, never what they may do: that is read from the database. */
export function createAccessTokens(key: Uint8Array, clock: Clock): AccessTokens {
  const checked = new Map<string, TokenSession & { expiresAtMs: number }>()

  const check = async (token: string) => {
    const { payload } = await jwtVerify(token, key, {
      algorithms: [algorithm],
      issuer,
      audience,
      typ: 'JWT',
      // oxlint-disable-next-line no-restricted-globals -- jose takes the injected clock's instant as a Date only
      currentDate: new Date(clock.nowMs()),
    })
    const claims = claimsSchema.parse(payload)
    return { person_id: claims.sub, family: claims.sid, expiresAtMs: claims.exp * 1000 }
  }

  return {
    issue: ({ person_id, family }, ttlMs) => {
      const nowMs = clock.nowMs()
      return new SignJWT({ sid: family })
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(person_id)
        .setIssuedAt(Math.floor(nowMs / 1000))
        .setExpirationTime(Math.floor((nowMs + ttlMs) / 1000))
        .sign(key)
    },
    verify: async (token) => {
      const known = checked.get(token)
      if (known && known.expiresAtMs > clock.nowMs()) return known
      checked.delete(token)
      try {
        const session = await check(token)
        const oldest = checked.size >= maxChecked ? checked.keys().next().value : undefined
        if (oldest !== undefined) checked.delete(oldest)
        checked.set(token, session)
        return session
      } catch {
        // Why a token does not hold is nothing to tell its bearer.
        return null
      }
    },
  }
}
