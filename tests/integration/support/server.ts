import { pino } from 'pino'
import { io, type Socket } from 'socket.io-client'
import type { Person } from '../../../domain/directory.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import type { ClientToServer, ServerToClient } from '../../../domain/wire/socket.ts'
import { createAccessTokens, type TokenSession } from '../../../server/auth/access-tokens.ts'
import { beginFamily } from '../../../server/auth/sessions.ts'
import { loadSigningKey } from '../../../server/auth/signing-key.ts'
import { type GivenConfig, serverConfig, signingKeyFile } from '../../../server/config.ts'
import { createServer } from '../../../server/server.ts'
import type { Gateway } from '../../../server/socket/gateway.ts'
import type { Store } from '../../../server/store/store.ts'
import { type HandClock, handClock, seedWorld, tempDataDir, type World } from './world.ts'

const yearMs = 365 * 86_400_000

export type TestSocket = Socket<ServerToClient, ClientToServer>

export interface Answer {
  status: number
  headers: Headers
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into many shapes, and expect() is the check
  body: any
}

/** A real server on a free port with real SQLite in a folder of its own. */
export interface TestServer {
  url: string
  dir: string
  store: Store
  gateway: Gateway
  world: World
  clock: HandClock
  /** A request with the person's token; objects go as JSON. */
  call(
    path: string,
    options?: { as?: Person | string; method?: string; json?: unknown; init?: RequestInit },
  ): Promise<Answer>
  tokenOf(person: Person, ttlMs?: number): Promise<string>
  connect(auth: Person | Record<string, unknown>, options?: { headers?: Record<string, string> }): Promise<TestSocket>
  stop(): Promise<void>
}

export async function startTestServer(
  given: Partial<GivenConfig> = {},
  options: { passwordHash?: string; clock?: HandClock } = {},
): Promise<TestServer> {
  const { dir, remove } = tempDataDir()
  const clock = options.clock ?? handClock()
  const config = serverConfig({ dataDir: dir, port: 0, beatMs: 100, ...given })
  const server = createServer(config, { clock, log: pino({ level: 'silent' }) })
  const { url, store, gateway } = await server.start()
  const world = await seedWorld(store, options.passwordHash ?? null)
  const tokens = createAccessTokens(loadSigningKey(signingKeyFile(dir)), clock)
  const families = new Map<string, Promise<TokenSession>>()
  const familyOf = (person: Person) => {
    const known = families.get(person.id) ?? store.transact((tx) => beginFamily(tx, person.id, yearMs))
    families.set(person.id, known)
    return known
  }
  const tokenOf = async (person: Person, ttlMs = 900_000) => tokens.issue(await familyOf(person), ttlMs)
  const sockets: TestSocket[] = []

  return {
    url,
    dir,
    store,
    gateway,
    world,
    clock,
    tokenOf,
    call: async (path, { as, method, json, init } = {}) => {
      const token = typeof as === 'object' ? await tokenOf(as) : as
      const response = await fetch(`${url}${path}`, {
        method: method ?? (json === undefined ? 'GET' : 'POST'),
        ...init,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(json === undefined ? {} : { 'content-type': 'application/json' }),
          ...(init?.headers as Record<string, string> | undefined),
        },
        ...(json === undefined ? {} : { body: JSON.stringify(json) }),
      })
      const text = await response.text()
      const isJson = response.headers.get('content-type')?.startsWith('application/json')
      return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : null }
    },
    connect: async (auth, { headers } = {}) => {
      const handshake =
        'memberships' in auth
          ? { token: await tokenOf(auth as Person), protocol: protocolVersion, client_id: crypto.randomUUID() }
          : auth
      const socket: TestSocket = io(url, {
        transports: ['websocket'],
        reconnection: false,
        forceNew: true,
        auth: handshake,
        ...(headers ? { extraHeaders: headers } : {}),
      })
      sockets.push(socket)
      return socket
    },
    stop: async () => {
      await server.stop()
      for (const socket of sockets) socket.disconnect()
      remove()
    },
  }
}

/** Socket.IO's types cannot follow a name that is itself a parameter. */
function untyped(socket: TestSocket): {
  [Listen in 'on' | 'once']: (name: string, listener: (value: unknown) => void) => void
} {
  return socket as never
}

type EventArgs<Name extends keyof ServerToClient> = Parameters<ServerToClient[Name]>[0]

/** The next message of that name, which must come within two seconds. */
export function next<Name extends keyof ServerToClient>(socket: TestSocket, name: Name): Promise<EventArgs<Name>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${name}" within 2 s`)), 2_000)
    untyped(socket).once(name, (value) => {
      clearTimeout(timer)
      resolve(value as EventArgs<Name>)
    })
  })
}

/** Everything of that name from now on. */
export function collect<Name extends keyof ServerToClient>(socket: TestSocket, name: Name): EventArgs<Name>[] {
  const all: EventArgs<Name>[] = []
  untyped(socket).on(name, (value) => void all.push(value as EventArgs<Name>))
  return all
}

/** The refusal of a connection, whether by the handshake's judge or before. */
export function refusal(
  socket: TestSocket,
): Promise<Error & { data?: { code: string; retry_after_ms: number | null } }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('neither refused nor connected within 2 s')), 2_000)
    socket.once('connect_error', (error) => {
      clearTimeout(timer)
      resolve(error)
    })
    socket.once('connect', () => {
      clearTimeout(timer)
      reject(new Error('was let in'))
    })
  })
}
