import { jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { entityIdSchema } from '../../domain/ids.ts'
import type { Clock } from '../../domain/time.ts'

const issuer = 'quotedesk'
const audience = 'quotedesk'
const algorithm = 'HS256'

const claimsSchema = z.object({ sub: entityIdSchema, exp: z.int() })

export interface AccessTokens {
  issue(personId: string, ttlMs: number): Promise<string>
  /** @returns who it is for and until when (epoch ms), or null for anything that is not a live token of ours */
  verify(token: string): Promise<{ personId: string; expiresAtMs: number } | null>
}

/** Access tokens say who somebody is, never what they may do: that is read from the database each time. */
export function createAccessTokens(key: Uint8Array, clock: Clock): AccessTokens {
  return {
    issue: (personId, ttlMs) => {
      const nowMs = clock.nowMs()
      return new SignJWT()
        .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(personId)
        .setIssuedAt(Math.floor(nowMs / 1000))
        .setExpirationTime(Math.floor((nowMs + ttlMs) / 1000))
        .sign(key)
    },
    verify: async (token) => {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          issuer,
          audience,
          typ: 'JWT',
          // oxlint-disable-next-line no-restricted-globals -- jose takes the injected clock's instant as a Date only
          currentDate: new Date(clock.nowMs()),
        })
        const claims = claimsSchema.parse(payload)
        return { personId: claims.sub, expiresAtMs: claims.exp * 1000 }
      } catch {
        // Why a token does not hold is nothing to tell its bearer.
        return null
      }
    },
  }
}
