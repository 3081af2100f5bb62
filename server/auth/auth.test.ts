import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { SignJWT, UnsecuredJWT } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type HandClock,
  handClock,
  seedWorld,
  tempDataDir,
  tempStore,
  type World,
} from '../../tests/integration/support/world.ts'
import type { Store } from '../store/store.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createGate } from './gate.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { beginSession, continueSession, endSession } from './sessions.ts'
import { loadSigningKey } from './signing-key.ts'

describe('passwords', () => {
  test('are kept as salted argon2id and only the right one matches', async () => {
    const [first, second] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')])
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(first).not.toBe(second)
    expect(await verifyPassword('correct horse', first)).toBe(true)
    expect(await verifyPassword('correct horsE', first)).toBe(false)
    expect(await verifyPassword('', first)).toBe(false)
  })

  test('a stored text that is no hash of ours is damage, not a wrong password', async () => {
    await expect(verifyPassword('x', 'plain text')).rejects.toThrow(/not argon2id/)
  })

  test('a flood of sign-ins is worked off two at a time, so that threads remain for everybody else', async () => {
    const gate = createGate(2)
    let running = 0
    const seen: number[] = []
    const work = async (index: number) => {
      running += 1
      seen.push(running)
      await Promise.resolve()
      running -= 1
      if (index % 3 === 0) throw new Error('damaged')
      return index
    }
    const ends = await Promise.allSettled(Array.from({ length: 9 }, (_, index) => gate(() => work(index))))
    expect(seen).toHaveLength(9)
    expect(Math.max(...seen)).toBe(2)
    expect(ends.filter(({ status }) => status === 'rejected')).toHaveLength(3)
  })
})

describe('access tokens', () => {
  const key = new Uint8Array(32).fill(7)
  const id = '01960000-0000-7000-8000-000000000001'
  const clock = handClock()
  const tokens = createAccessTokens(key, clock)
  const forged = () =>
    new SignJWT({ sid: crypto.randomUUID() })
      .setIssuer('quotedesk')
      .setAudience('quotedesk')
      .setSubject(id)
      .setIssuedAt(0)
      .setExpirationTime('100y')

  test('hold until they run out, by the injected clock', async () => {
    const own = handClock()
    const mine = createAccessTokens(key, own)
    const session = { person_id: id, family: crypto.randomUUID() }
    const token = await mine.issue(session, 900_000)
    expect(await mine.verify(token)).toEqual({ ...session, expiresAtMs: own.nowMs() + 900_000 })
    own.advance(899_000)
    expect(await mine.verify(token)).not.toBeNull()
    own.advance(2_000)
    expect(await mine.verify(token)).toBeNull()
  })

  test.each([
    [
      'without a signature (alg none)',
      () =>
        new UnsecuredJWT({ sub: id })
          .setIssuer('quotedesk')
          .setAudience('quotedesk')
          .setExpirationTime('100y')
          .encode(),
    ],
    [
      'signed with another key',
      () => forged().setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(new Uint8Array(32)),
    ],
    [
      'of another algorithm',
      () => forged().setProtectedHeader({ alg: 'HS512', typ: 'JWT' }).sign(new Uint8Array(64).fill(7)),
    ],
    [
      'for another audience',
      () => forged().setAudience('other').setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),
    ],
    ['of another issuer', () => forged().setIssuer('other').setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key)],
    [
      'for something that is no person',
      () => forged().setSubject('root').setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(key),
    ],
    [
      'of no sign-in',
      () =>
        new SignJWT()
          .setIssuer('quotedesk')
          .setAudience('quotedesk')
          .setSubject(id)
          .setExpirationTime('100y')
          .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
          .sign(key),
    ],
    [
      'that never runs out',
      () =>
        new SignJWT({ sid: crypto.randomUUID() })
          .setIssuer('quotedesk')
          .setAudience('quotedesk')
          .setSubject(id)
          .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
          .sign(key),
    ],
    ['that is rubbish', () => 'a.b.c'],
  ])('refuses a token %s', async (_what, make) => {
    expect(await tokens.verify(await make())).toBeNull()
  })
})

describe('the signing key', () => {
  const { dir, remove } = tempDataDir()
  afterEach(remove)

  test('is made once, for this user alone, and refused when others may read it or it is damaged', () => {
    const file = `${dir}/server/signing.key`
    const key = loadSigningKey(file)
    expect(key).toHaveLength(32)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(loadSigningKey(file)).toEqual(key)
    chmodSync(file, 0o644)
    expect(() => loadSigningKey(file)).toThrow(/other users may read it: run chmod 600/)
    chmodSync(file, 0o600)
    writeFileSync(file, readFileSync(file, 'utf8').slice(1))
    expect(() => loadSigningKey(file)).toThrow(/damaged/)
  })
})

describe('refresh tokens', () => {
  const times = { refreshTtlMs: 3_600_000, refreshLeewayMs: 60_000 }
  let clock: HandClock
  let store: Store
  let world: World
  let close: () => Promise<void>
  beforeEach(async () => {
    clock = handClock()
    ;({ store, close } = await tempStore(clock))
    world = await seedWorld(store)
  })
  afterEach(() => close())

  const begin = async () => (await store.transact((tx) => beginSession(tx, world.rob.id, times))).token
  const refresh = (token: string) => store.transact((tx) => continueSession(tx, token, times))
  const refreshed = async (token: string) => {
    const session = await refresh(token)
    if (!session) throw new Error('expected the token to hold')
    return session.token
  }

  test('are stored as hashes only', async () => {
    const token = await begin()
    const rows = await store.read.selectFrom('refresh_tokens').selectAll().execute()
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('work once each, in a chain', async () => {
    const first = await begin()
    const second = await refreshed(first)
    const third = await refreshed(second)
    expect(new Set([first, second, third]).size).toBe(3)
  })

  test('using one again after its successor was used voids the whole family', async () => {
    const first = await begin()
    const second = await refreshed(first)
    const third = await refreshed(second)
    expect(await refresh(first)).toBeNull()
    expect(await refresh(third)).toBeNull()
  })

  test('using one again later than the leeway voids the whole family', async () => {
    const first = await begin()
    const second = await refreshed(first)
    clock.advance(60_001)
    expect(await refresh(first)).toBeNull()
    expect(await refresh(second)).toBeNull()
  })

  test('an answer that got lost may be asked for again at once; the lost successor does not hold', async () => {
    const first = await begin()
    const lost = await refreshed(first)
    const again = await refreshed(first)
    expect(await refresh(lost)).toBeNull()
    await refreshed(again)
  })

  test('signing out and running out end them', async () => {
    const first = await begin()
    const second = await refreshed(first)
    expect(await store.transact((tx) => endSession(tx, second))).toBe(true)
    expect(await refresh(second)).toBeNull()
    const other = await begin()
    clock.advance(3_600_001)
    expect(await refresh(other)).toBeNull()
  })
})
