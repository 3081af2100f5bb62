import type { Tokens } from '../../../domain/rest/contract.ts'
import type { Clock } from '../../../domain/time.ts'
import { failureWords, type RestClient, refusalOf } from './rest-client.ts'

/** The server no longer takes this sign-in: only signing in again helps. */
export class SessionEndedError extends Error {
  override name = 'SessionEndedError'
}

/** The server could not be asked just now; the sign-in may still be good. */
export class ServerAwayError extends Error {
  override name = 'ServerAwayError'
}

export interface TokenKeeper {
  /** A token that is good for another minute at least, refreshed when needed. @throws SessionEndedError, ServerAwayError */
  accessToken: () => Promise<string>
  /** The server refused the present token: the next one asked for is a fresh one. */
  invalidate: () => void
  /** What can be presented without asking anybody. */
  current: () => string | null
  refreshToken: () => string
}

interface Options {
  rest: Pick<RestClient, 'auth'>
  clock: Clock
  /** Access token and its end where sign-in has just given one. */
  start: { refreshToken: string; access: { token: string; untilMs: number } | null }
  /** Each refresh replaces the refresh token; the old one must not be used again. */
  onTokens: (tokens: Tokens) => void
}

const leewayMs = 60_000

/** Holds the tokens in memory only. Refreshing is single-flight: a refresh token works once. */
export function createTokenKeeper({ rest, clock, start, onTokens }: Options): TokenKeeper {
  let { refreshToken, access } = start
  let refreshing: Promise<string> | null = null

  const refresh = async (): Promise<string> => {
    try {
      const tokens = await rest.auth.refresh({ refresh_token: refreshToken })
      refreshToken = tokens.refresh_token
      access = accessOf(tokens, clock)
      onTokens(tokens)
      return tokens.access_token
    } catch (error) {
      if (refusalOf(error)?.status === 401) throw new SessionEndedError(failureWords(error), { cause: error })
      throw new ServerAwayError(failureWords(error), { cause: error })
    }
  }

  return {
    accessToken: () => {
      if (access && access.untilMs - leewayMs > clock.nowMs()) return Promise.resolve(access.token)
      refreshing ??= refresh().finally(() => {
        refreshing = null
      })
      return refreshing
    },
    invalidate: () => {
      access = null
    },
    current: () => access?.token ?? null,
    refreshToken: () => refreshToken,
  }
}

export function accessOf(tokens: Tokens, clock: Clock): { token: string; untilMs: number } {
  return { token: tokens.access_token, untilMs: clock.nowMs() + tokens.expires_in_ms }
}
