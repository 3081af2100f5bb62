import type { Tokens } from '../../../domain/rest/contract.ts'
import type { Clock } from '../../../domain/time.ts'
import { unauthorisedDataSchema } from '../../../domain/wire/problem.ts'
import { failureWords, type RestClient, refusalOf } from './rest-client.ts'

/** The server no longer takes this sign-in: only signing in again helps. */
export class SessionEndedError extends Error {
  override name = 'SessionEndedError'
  /** The account itself was ended: nothing of what it could see may stay here. */
  readonly accountEnded: boolean

  constructor(message: string, options?: ErrorOptions & { accountEnded?: boolean }) {
    super(message, options)
    this.accountEnded = options?.accountEnded ?? false
  }
}

/** The server could not be asked just now; the sign-in may still be good. */
export class ServerAwayError extends Error {
  override name = 'ServerAwayError'
}

export interface TokenKeeper {
  /** A token that is good for another minute at least, refreshed when needed. @throws SessionEndedError, ServerAwayError */
  accessToken: () => Promise<string>
  /** As `accessToken`, but refreshed already when half of its life is over. */
  freshToken: () => Promise<string>
  /** From when until when the present access token is good, on this machine's clock. */
  accessLife: () => AccessLife | null
  /** The server refused the present token: the next one asked for is a fresh one. */
  invalidate: () => void
  /** What can be presented without asking anybody. */
  current: () => string | null
  refreshToken: () => string
}

export interface AccessLife {
  from_ms: number
  until_ms: number
}

export type AccessToken = AccessLife & { token: string }

export interface TokenStart {
  refreshToken: string
  access: AccessToken | null
}

interface Options {
  rest: Pick<RestClient, 'auth'>
  clock: Clock
  /** With an access token where sign-in has just given one. */
  start: TokenStart
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
      const refusal = refusalOf(error)
      if (refusal?.status === 401) {
        const accountEnded = unauthorisedDataSchema.safeParse(refusal.data).data?.account === 'ended'
        throw new SessionEndedError(failureWords(error), { cause: error, accountEnded })
      }
      throw new ServerAwayError(failureWords(error), { cause: error })
    }
  }

  const goodFor = (leftMs: number): Promise<string> => {
    if (access && access.until_ms - leftMs > clock.nowMs()) return Promise.resolve(access.token)
    refreshing ??= refresh().finally(() => {
      refreshing = null
    })
    return refreshing
  }

  return {
    accessToken: () => goodFor(leewayMs),
    freshToken: () => goodFor(access ? (access.until_ms - access.from_ms) / 2 : leewayMs),
    accessLife: () => access && { from_ms: access.from_ms, until_ms: access.until_ms },
    invalidate: () => {
      access = null
    },
    current: () => access?.token ?? null,
    refreshToken: () => refreshToken,
  }
}

export function accessOf(tokens: Tokens, clock: Clock): AccessToken {
  const fromMs = clock.nowMs()
  return { token: tokens.access_token, from_ms: fromMs, until_ms: fromMs + tokens.expires_in_ms }
}
