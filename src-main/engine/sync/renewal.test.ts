import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RenewReply } from '../../../domain/wire/socket.ts'
import { type HandTime, handTime } from '../../../tests/support/engine-world.ts'
import { createLog } from '../log.ts'
import { type AccessLife, ServerAwayError, SessionEndedError } from '../session/tokens.ts'
import { keepRenewed } from './renewal.ts'

const minuteMs = 60_000

let time: HandTime
let stop: () => void
let presented: string[]
let said: string[]
let fresh: () => Promise<string>
let reply: () => Promise<RenewReply>
let life: AccessLife

const settle = async () => {
  for (let n = 0; n < 20; n += 1) await Promise.resolve()
}
const passMinutes = async (minutes: number) => {
  for (let n = 0; n < minutes * 4; n += 1) {
    time.advance(minuteMs / 4)
    await settle()
  }
}

beforeEach(() => {
  time = handTime()
  presented = []
  said = []
  const begin = () => {
    life = { from_ms: time.clock.nowMs(), until_ms: time.clock.nowMs() + 15 * minuteMs }
  }
  begin()
  fresh = () => {
    begin()
    return Promise.resolve(`token at ${time.clock.nowMs()}`)
  }
  reply = () => Promise.resolve({ ok: true, expires_at_ms: life.until_ms })
  stop = keepRenewed({
    ...time,
    link: {
      renew: (token) => {
        presented.push(token)
        return reply()
      },
    },
    tokens: {
      accessToken: () => Promise.resolve(''),
      freshToken: () => fresh(),
      accessLife: () => life,
      invalidate: () => {},
      current: () => null,
      refreshToken: () => '',
    },
    random: () => 0.5,
    log: createLog('silent'),
    onRefused: (message) => said.push(`refused: ${message}`),
    onEnded: (error) => said.push(`ended: ${error.message}`),
  })
})
afterEach(() => stop())

describe('a live session', () => {
  it('lives for two days: a fresh token goes over the link before each runs out', async () => {
    let latest = life.until_ms
    for (let hour = 0; hour < 48; hour += 1) {
      for (let n = 0; n < 60; n += 1) {
        await passMinutes(1)
        expect(time.clock.nowMs()).toBeLessThan(latest)
        latest = life.until_ms
      }
    }
    expect(presented.length).toBeGreaterThan(48 * 4)
    expect(presented.length).toBeLessThan(48 * 6)
    expect(said).toEqual([])
  })

  it('tries again soon when the server could not be asked, in time for the token that still holds', async () => {
    let away = 3
    const renewed = fresh
    fresh = () => {
      away -= 1
      return away >= 0 ? Promise.reject(new ServerAwayError('away')) : renewed()
    }
    await passMinutes(13)
    expect(presented).toHaveLength(1)
    expect(said).toEqual([])
  })

  it('is told when the server does not take the token, or the sign-in has ended', async () => {
    reply = () => Promise.resolve({ ok: false, code: 'unauthorised', message: 'No.' })
    await passMinutes(12)
    expect(said).toEqual(['refused: No.'])
    expect(time.timers()).toBe(0)
  })

  it('ends when the sign-in does', async () => {
    fresh = () => Promise.reject(new SessionEndedError('Sign in again.'))
    await passMinutes(12)
    expect(said).toEqual(['ended: Sign in again.'])
  })

  it('asks nothing any more once it was dropped', async () => {
    stop()
    await passMinutes(60)
    expect(presented).toEqual([])
    expect(time.timers()).toBe(0)
  })
})
