import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Tokens } from '../../../domain/rest/contract.ts'
import { type HandTime, handTime, rob, workspace } from '../../../tests/support/engine-world.ts'
import { createTokenKeeper, ServerAwayError, SessionEndedError, type TokenKeeper } from './tokens.ts'

let time: HandTime
let asked: string[]
let kept: string[]
let keeper: TokenKeeper
let answer: (refreshToken: string) => Promise<Tokens>

const tokens = (n: number): Tokens => ({
  access_token: `access-${n}`,
  refresh_token: `refresh-${n}`,
  expires_in_ms: 900_000,
  person: rob,
  workspace,
})

beforeEach(() => {
  time = handTime()
  asked = []
  kept = []
  answer = () => Promise.resolve(tokens(asked.length))
  const refresh = ({ refresh_token }: { refresh_token: string }) => {
    asked.push(refresh_token)
    return answer(refresh_token)
  }
  const rest = { auth: { refresh } } as unknown as Parameters<typeof createTokenKeeper>[0]['rest']
  const start = { refreshToken: 'refresh-0', access: null }
  keeper = createTokenKeeper({ rest, clock: time.clock, start, onTokens: (fresh) => kept.push(fresh.refresh_token) })
})

describe('tokens', () => {
  it('are refreshed once however many ask, because a refresh token works once', async () => {
    const all = await Promise.all([keeper.accessToken(), keeper.accessToken(), keeper.accessToken()])
    expect(all).toEqual(['access-1', 'access-1', 'access-1'])
    expect(asked).toEqual(['refresh-0'])
    expect(kept).toEqual(['refresh-1'])
  })

  it('are used until a minute before they end, then the newest refresh token is', async () => {
    await keeper.accessToken()
    time.advance(13 * 60_000)
    expect(await keeper.accessToken()).toBe('access-1')
    time.advance(2 * 60_000)
    expect(await keeper.accessToken()).toBe('access-2')
    expect(asked).toEqual(['refresh-0', 'refresh-1'])
    keeper.invalidate()
    expect(await keeper.accessToken()).toBe('access-3')
  })

  it('a server that is away is no reason to sign out', async () => {
    answer = () => Promise.reject(new TypeError('fetch failed'))
    await expect(keeper.accessToken()).rejects.toThrow(ServerAwayError)
    answer = () => Promise.reject(new ORPCError('internal', { status: 500, message: 'Broken.' }))
    await expect(keeper.accessToken()).rejects.toThrow(ServerAwayError)
    answer = () => Promise.resolve(tokens(7))
    expect(await keeper.accessToken()).toBe('access-7')
  })

  it('a refused refresh token ends the session', async () => {
    answer = () => Promise.reject(new ORPCError('unauthorised', { status: 401, message: 'Sign in again.' }))
    await expect(keeper.accessToken()).rejects.toThrow(SessionEndedError)
  })
})
