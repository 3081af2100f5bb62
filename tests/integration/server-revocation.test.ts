import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Person } from '../../domain/directory.ts'
import { protocolVersion } from '../../domain/wire/protocol-version.ts'
import type { RenewReply } from '../../domain/wire/socket.ts'
import { renewReplySchema } from '../../domain/wire/socket.ts'
import { createAccessTokens } from '../../server/auth/access-tokens.ts'
import { hashPassword } from '../../server/auth/passwords.ts'
import { loadSigningKey } from '../../server/auth/signing-key.ts'
import { serverConfig, signingKeyFile } from '../../server/config.ts'
import { deactivatePerson, savePerson, setMemberships, voidSessions } from '../../server/people/commands.ts'
import { openStore, type Store } from '../../server/store/store.ts'
import { collect, next, refusal, startTestServer, type TestServer, type TestSocket } from './support/server.ts'
import { addDraft, emailOf } from './support/world.ts'

const password = 'a long enough password'
let server: TestServer
let other: Store
beforeEach(async () => {
  server = await startTestServer({ rightsCheckMs: 50 }, { passwordHash: await hashPassword(password) })
  // Another process, as the CLI is: all it shares with the server is the file.
  other = await openStore({ file: server.store.file, clock: server.clock })
})
afterEach(async () => {
  await other.close()
  await server.stop()
})

const signIn = async (person: Person) => {
  const { body } = await server.call('/auth/sign-in', { json: { email: emailOf(person), password } })
  return body as { access_token: string; refresh_token: string }
}
const connect = async (token: string) => {
  const socket = await server.connect({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })
  await next(socket, 'welcome')
  return socket
}
const gone = (socket: TestSocket) => new Promise((resolve) => socket.once('disconnect', resolve))
const renew = async (socket: TestSocket, token: unknown): Promise<RenewReply> =>
  renewReplySchema.parse(await socket.emitWithAck('renew', { token } as never))
const statusOf = async (token: string) => (await server.call('/me', { as: token })).status

describe('I16: a sign-in that was voided', () => {
  test.each<[string, (tokens: { refresh_token: string }) => Promise<unknown>]>([
    ['by signing out', ({ refresh_token }) => server.call('/auth/sign-out', { json: { refresh_token } })],
    [
      'by a refresh token used twice',
      async ({ refresh_token }) => {
        const second = await server.call('/auth/refresh', { json: { refresh_token } })
        await server.call('/auth/refresh', { json: { refresh_token: second.body.refresh_token } })
        await server.call('/auth/refresh', { json: { refresh_token } })
      },
    ],
    ['by another process', () => other.transact((tx) => voidSessions(tx, server.world.rob.id))],
  ])('%s holds at once for HTTP, and its sockets are cut', async (_how, voidIt) => {
    const tokens = await signIn(server.world.rob)
    const bystander = await connect((await signIn(server.world.vic)).access_token)
    const socket = await connect(tokens.access_token)
    const ended = next(socket, 'ended')
    const over = gone(socket)
    await voidIt(tokens)
    expect(await statusOf(tokens.access_token)).toBe(401)
    expect(await ended).toMatchObject({ code: 'unauthorised' })
    await over
    const again = await server.connect({
      token: tokens.access_token,
      protocol: protocolVersion,
      client_id: crypto.randomUUID(),
    })
    expect((await refusal(again)).data).toMatchObject({ code: 'unauthorised', retry_after_ms: null })
    expect(bystander.connected).toBe(true)
  })

  test('cuts its sockets also while a large import of another process is still being told of', async () => {
    const told = Promise.withResolvers<void>()
    const publishing = vi.spyOn(server.store, 'publishForeign').mockReturnValue(told.promise)
    const tokens = await signIn(server.world.rob)
    const socket = await connect(tokens.access_token)
    await other.transact((tx) => addDraft(tx, server.world))
    await vi.waitFor(() => expect(publishing).toHaveBeenCalled(), 10_000)
    try {
      await server.call('/auth/sign-out', { json: { refresh_token: tokens.refresh_token } })
      await vi.waitFor(() => expect(socket.connected).toBe(false), 10_000)
    } finally {
      told.resolve()
    }
  })

  test('ends only its own sockets: the same person signed in elsewhere stays', async () => {
    const here = await signIn(server.world.rob)
    const there = await signIn(server.world.rob)
    const [first, second] = [await connect(here.access_token), await connect(there.access_token)]
    const over = gone(first)
    await server.call('/auth/sign-out', { json: { refresh_token: here.refresh_token } })
    await over
    expect(await statusOf(there.access_token)).toBe(200)
    expect(await second.emitWithAck('clock')).toMatchObject({ server_time_ms: expect.any(Number) })
  })

  test('while a socket is being let in holds for that socket too', async () => {
    for (let round = 0; round < 10; round += 1) {
      const tokens = await signIn(server.world.rob)
      const socket = await server.connect({
        token: tokens.access_token,
        protocol: protocolVersion,
        client_id: crypto.randomUUID(),
      })
      const over = new Promise((resolve) => socket.once('disconnect', resolve).once('connect_error', resolve))
      if (round % 2 === 1) await new Promise((resolve) => socket.once('connect', () => resolve(null)))
      await other.transact((tx) => voidSessions(tx, server.world.rob.id))
      await over
      expect(socket.connected).toBe(false)
    }
  })
})

describe('I16: rights that another process changed', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['a team left', () => other.transact((tx) => setMemberships(tx, server.world.rob.id, []))],
    ['an account ended', () => other.transact((tx) => deactivatePerson(tx, server.world.rob.id))],
  ])('%s: the sockets are cut, and nothing committed afterwards reaches them', async (_what, revoke) => {
    const token = await server.tokenOf(server.world.rob)
    const socket = await connect(token)
    const events = collect(socket, 'event')
    const ended = next(socket, 'ended')
    const over = gone(socket)
    await revoke()
    await other.transact((tx) => addDraft(tx, server.world, { title: 'Not for Rob' }))
    await over
    expect(['permissions_changed', 'unauthorised']).toContain((await ended).code)
    expect(JSON.stringify(events)).not.toContain('Not for Rob')
  })

  test('rows changed without any event are noticed too', async () => {
    const socket = await connect(await server.tokenOf(server.world.rob))
    const over = gone(socket)
    await other.transact((tx) => tx.db.deleteFrom('memberships').where('person_id', '=', server.world.rob.id).execute())
    await over
    expect(socket.connected).toBe(false)
  })

  test('a change that takes nothing away cuts nobody off, and its events arrive', async () => {
    const socket = await connect(await server.tokenOf(server.world.rob))
    const event = next(socket, 'event')
    await other.transact((tx) => savePerson(tx, { ...server.world.rob, name: 'Robert' }))
    expect((await event).change).toMatchObject({ type: 'person.saved', data: { name: 'Robert' } })
    expect(await socket.emitWithAck('clock')).toMatchObject({ server_time_ms: expect.any(Number) })
  })

  test('more changes than are remembered make everybody be judged', async () => {
    const socket = await connect(await server.tokenOf(server.world.rob))
    const over = gone(socket)
    await other.transact(async (tx) => {
      await tx.db.deleteFrom('memberships').where('person_id', '=', server.world.rob.id).execute()
      const row = { person_id: server.world.vic.id, team_id: server.world.south.id, role: 'viewer' }
      for (let count = 0; count < 6_000; count += 1) {
        await tx.db.insertInto('memberships').values(row).execute()
        await tx.db
          .deleteFrom('memberships')
          .where('person_id', '=', row.person_id)
          .where('team_id', '=', row.team_id)
          .execute()
      }
    })
    await over
    expect(socket.connected).toBe(false)
  })
})

test.each(['snapshot?page=0', 'hash'])(
  'I16: a right taken away while a %s is being read keeps it from going out',
  async (what) => {
    const { rob, north } = server.world
    await server.store.transact((tx) => addDraft(tx, server.world))
    const open = server.store.openReadSession.bind(server.store)
    const asked = Promise.withResolvers<void>()
    const revoked = Promise.withResolvers<void>()
    vi.spyOn(server.store, 'openReadSession').mockImplementationOnce(async () => {
      asked.resolve()
      await revoked.promise
      return open()
    })
    const answer = server.call(`/sync/streams/${north.stream}/${what}`, { as: rob })
    await asked.promise
    await other.transact((tx) => setMemberships(tx, rob.id, []))
    await other.transact((tx) => addDraft(tx, server.world, { title: 'Not for Rob' }))
    revoked.resolve()
    const { status, text } = await answer
    expect(status).toBe(404)
    expect(text).not.toContain('Not for Rob')
  },
)

describe('renew', () => {
  const later = 15 * 60_000

  test('a live session goes on with a fresh token past the end of its first', async () => {
    const socket = await connect((await signIn(server.world.rob)).access_token)
    server.clock.advance(later - 1_000)
    const fresh = (await signIn(server.world.rob)).access_token
    const reply = await renew(socket, fresh)
    expect(reply).toEqual({ ok: true, expires_at_ms: server.clock.nowMs() + later })
    server.clock.advance(later - 1_000)
    const beats = collect(socket, 'beat')
    await vi.waitFor(() => expect(beats.length).toBeGreaterThan(3))
    expect(socket.connected).toBe(true)
  })

  test('without it the session ends a minute after its token', async () => {
    const socket = await connect((await signIn(server.world.rob)).access_token)
    server.clock.advance(later + 59_000)
    const beats = collect(socket, 'beat')
    await vi.waitFor(() => expect(beats.length).toBeGreaterThan(3))
    const ended = next(socket, 'ended')
    server.clock.advance(2_000)
    expect(await ended).toMatchObject({ code: 'unauthorised' })
  })

  test('another person’s token, a voided one and rubbish are refused, and the session goes on as it was', async () => {
    const socket = await connect((await signIn(server.world.rob)).access_token)
    const voided = await signIn(server.world.rob)
    await server.call('/auth/sign-out', { json: { refresh_token: voided.refresh_token } })
    const foreign = (await signIn(server.world.mia)).access_token
    for (const token of [foreign, voided.access_token, 'rubbish']) {
      expect(await renew(socket, token)).toMatchObject({ ok: false, code: 'unauthorised' })
    }
    for (const token of [7, null, '', 'x'.repeat(5_000)]) {
      expect(await renew(socket, token)).toMatchObject({ ok: false, code: 'invalid_request' })
    }
    expect(await socket.emitWithAck('clock')).toMatchObject({ server_time_ms: server.clock.nowMs() })
  })

  test('I16: the session then belongs to the sign-in of the fresh token', async () => {
    const first = await signIn(server.world.rob)
    const second = await signIn(server.world.rob)
    const socket = await connect(first.access_token)
    await renew(socket, second.access_token)
    await server.call('/auth/sign-out', { json: { refresh_token: first.refresh_token } })
    const beats = collect(socket, 'beat')
    await vi.waitFor(() => expect(beats.length).toBeGreaterThan(3))
    const over = gone(socket)
    await server.call('/auth/sign-out', { json: { refresh_token: second.refresh_token } })
    await over
  })
})

const tokens = () => createAccessTokens(loadSigningKey(signingKeyFile(server.dir)), server.clock)

describe('tokens', () => {
  test('of a sign-in that never was, or was somebody else’s, open nothing', async () => {
    const unknown = await tokens().issue({ person_id: server.world.rob.id, family: crypto.randomUUID() }, 60_000)
    expect(await statusOf(unknown)).toBe(401)
    await signIn(server.world.mia)
    const { family } = await server.store.read.selectFrom('refresh_families').select('family').executeTakeFirstOrThrow()
    expect(await statusOf(await tokens().issue({ person_id: server.world.sue.id, family }, 60_000))).toBe(401)
  })

  test('are never to be stored on the way', async () => {
    const answer = await server.call('/auth/sign-in', { json: { email: emailOf(server.world.rob), password } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const refreshed = await server.call('/auth/refresh', { json: { refresh_token: answer.body.refresh_token } })
    expect(refreshed.headers.get('cache-control')).toBe('no-store')
    expect(refreshed.status).toBe(200)
  })

  test('whoever refreshes for an account that was ended is told so; with a made-up token nothing', async () => {
    const { refresh_token } = await signIn(server.world.rob)
    await server.store.transact((tx) => deactivatePerson(tx, server.world.rob.id))
    const ended = await server.call('/auth/refresh', { json: { refresh_token } })
    expect(ended).toMatchObject({ status: 401, body: { code: 'unauthorised', data: { account: 'ended' } } })
    const made = await server.call('/auth/refresh', { json: { refresh_token: 'made up' } })
    expect(made.status).toBe(401)
    expect(made.body.data).toBeUndefined()
  })

  test('refreshing has a limit of its own, and what works is not counted', async () => {
    const { limits } = serverConfig({ dataDir: '' })
    const limited = await startTestServer(
      { limits: { ...limits, refreshAddress: { points: 3, periodMs: 60_000 } } },
      { passwordHash: await hashPassword(password) },
    )
    const signedIn = await limited.call('/auth/sign-in', { json: { email: emailOf(limited.world.rob), password } })
    let { refresh_token } = signedIn.body
    const refresh = (token: string) => limited.call('/auth/refresh', { json: { refresh_token: token } })
    for (let count = 0; count < 6; count += 1) ({ refresh_token } = (await refresh(refresh_token)).body)
    const statuses = []
    for (let count = 0; count < 5; count += 1) statuses.push((await refresh('made up')).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    await limited.stop()
  })
})
