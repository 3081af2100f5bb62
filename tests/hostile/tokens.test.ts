import { generateKeyPairSync } from 'node:crypto'
import { exportJWK, type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { call, connect, handshake, startTarget, type Target } from './support/target.ts'

let target: Target
beforeAll(async () => {
  target = await startTarget()
})
afterAll(() => target.stop())

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const claims = (sid = target.families.mia) =>
  new SignJWT({ sid })
    .setIssuer('quotedesk')
    .setAudience('quotedesk')
    .setSubject(target.world.mia.id)
    .setIssuedAt()
    .setExpirationTime('1h')
const header = (given: Partial<JWTHeaderParameters> = {}): JWTHeaderParameters => ({
  alg: 'HS256',
  typ: 'JWT',
  ...given,
})
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const payloadOf = (token: string) => token.split('.')[1] ?? ''

const forgeries: [string, () => Promise<string> | string][] = [
  [
    'alg=none, unsigned',
    () =>
      new UnsecuredJWT({ sid: target.families.mia })
        .setIssuer('quotedesk')
        .setAudience('quotedesk')
        .setSubject(target.world.mia.id)
        .setExpirationTime('1h')
        .encode(),
  ],
  ...['none', 'None', 'NONE', 'nOnE'].map((alg): [string, () => string] => [
    `a true token whose header says ${alg}`,
    () => `${encoded({ alg, typ: 'JWT' })}.${payloadOf(target.tokens.mia)}.`,
  ]),
  [
    'a true token whose header says RS256, so that the secret would be a public key',
    () => `${encoded({ alg: 'RS256', typ: 'JWT' })}.${target.tokens.mia.split('.').slice(1).join('.')}`,
  ],
  [
    'RS256 with a key of their own',
    () =>
      claims()
        .setProtectedHeader(header({ alg: 'RS256' }))
        .sign(rsa.privateKey),
  ],
  [
    'RS256 with a key of their own that comes along',
    async () =>
      claims()
        .setProtectedHeader(header({ alg: 'RS256', jwk: await exportJWK(rsa.publicKey) }))
        .sign(rsa.privateKey),
  ],
  [
    'HS256 with their public key as the secret',
    () =>
      claims()
        .setProtectedHeader(header())
        .sign(Buffer.from(rsa.publicKey.export({ type: 'spki', format: 'pem' }) as string)),
  ],
  [
    'HS384 with the true key',
    () =>
      claims()
        .setProtectedHeader(header({ alg: 'HS384' }))
        .sign(longKey()),
  ],
  ['an empty secret’s neighbour', () => claims().setProtectedHeader(header()).sign(new Uint8Array(32))],
  [
    'a kid that is a path',
    () =>
      claims()
        .setProtectedHeader(header({ kid: '/dev/null' }))
        .sign(new Uint8Array(32)),
  ],
  [
    'another typ',
    () =>
      claims()
        .setProtectedHeader(header({ typ: 'refresh+JWT' }))
        .sign(target.key),
  ],
  ['an expired one', () => claims().setExpirationTime('-1s').setProtectedHeader(header()).sign(target.key)],
  ['one that does not hold yet', () => claims().setNotBefore('1h').setProtectedHeader(header()).sign(target.key)],
  [
    'a sign-in that is somebody else’s',
    () => claims(target.families.rob).setProtectedHeader(header()).sign(target.key),
  ],
  ['a sign-in that never was', () => claims(crypto.randomUUID()).setProtectedHeader(header()).sign(target.key)],
  ['a sign-in that is no id', () => claims(`' or 1=1 --`).setProtectedHeader(header()).sign(target.key)],
  [
    'somebody else’s claims under a true signature',
    () => {
      const [head, , signature] = target.tokens.rob.split('.')
      return `${head}.${payloadOf(target.tokens.mia)}.${signature}`
    },
  ],
  ['one with its last character changed', () => target.tokens.mia.replace(/.$/, (last) => (last === 'A' ? 'Q' : 'A'))],
  ['one without its signature', () => target.tokens.mia.replace(/[^.]+$/, '')],
  ['one with a fourth part', () => `${target.tokens.mia}.AAAA`],
  ['dots', () => '...'],
  ['a header that is deep JSON', () => `${encoded(deep(1_000))}.${payloadOf(target.tokens.mia)}.AAAA`],
]

function longKey(): Uint8Array {
  return Buffer.concat([target.key, Buffer.alloc(32)])
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

test.each(forgeries)('I16: no door opens to %s', async (_what, make) => {
  const token = await make()
  const { status, body } = await call(target, '/me', { token })
  expect(status).toBe(401)
  expect(body).toMatchObject({ code: 'unauthorised' })
  const pull = `/sync/streams/${target.world.org}/events?epoch=${target.epoch}&after=0`
  expect((await call(target, pull, { token })).status).toBe(401)
  const socket = connect(target, handshake(token))
  const error = await new Promise<Error & { data?: { code: string } }>((resolve, reject) => {
    socket.once('connect_error', resolve)
    socket.once('connect', () => reject(new Error('was let in')))
  })
  expect(error.data?.code).toBe('unauthorised')
  socket.disconnect()
})

test('the true token opens them', async () => {
  expect((await call(target, '/me', { token: target.tokens.mia })).status).toBe(200)
  expect(target.isAlive()).toBe(true)
})

test.each([
  ['in another scheme', (token: string) => `Basic ${token}`],
  ['twice', (token: string) => `Bearer ${token}, Bearer ${token}`],
  ['with spaces around', (token: string) => `Bearer  ${token}`],
  ['bare', (token: string) => token],
])('a token %s is none', async (_how, authorization) => {
  const { status } = await call(target, '/me', { headers: { authorization: authorization(target.tokens.mia) } })
  expect(status).toBe(401)
})
