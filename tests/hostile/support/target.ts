import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { io, type Socket } from 'socket.io-client'
import type { Person } from '../../../domain/directory.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import { createAccessTokens } from '../../../server/auth/access-tokens.ts'
import { hashPassword } from '../../../server/auth/passwords.ts'
import { beginFamily } from '../../../server/auth/sessions.ts'
import { loadSigningKey } from '../../../server/auth/signing-key.ts'
import { systemClock } from '../../../server/clock.ts'
import { databaseFile, signingKeyFile } from '../../../server/config.ts'
import { openStore } from '../../../server/store/store.ts'
import { addDraft, seedWorld, tempDataDir, type World } from '../../integration/support/world.ts'

export const password = 'a long enough password'

/** The server as it ships, in a process of its own: what it needs and whether it lives can be seen from outside. */
export interface Target {
  url: string
  port: number
  dir: string
  key: Uint8Array
  epoch: string
  world: World
  /** A quote of team North; Rob may see it, Sue may not. */
  quoteId: string
  tokens: Record<'rob' | 'sue' | 'mia' | 'vic', string>
  families: Record<'rob' | 'sue' | 'mia' | 'vic', string>
  /** Memory of the server's process in bytes. */
  rssBytes(): number
  isAlive(): boolean
  stop(): Promise<void>
}

const hourMs = 3_600_000
const main = fileURLToPath(new URL('../../../server/cli/main.ts', import.meta.url))

export async function startTarget(...args: string[]): Promise<Target> {
  const { dir, remove } = tempDataDir()
  const store = await openStore({ file: databaseFile(dir), clock: systemClock })
  const world = await seedWorld(store, await hashPassword(password))
  const quoteId = await store.transact(async (tx) => (await addDraft(tx, world)).id)
  const key = loadSigningKey(signingKeyFile(dir))
  const issuer = createAccessTokens(key, systemClock)
  const session = async (person: Person) => {
    const begun = await store.transact((tx) => beginFamily(tx, person.id, hourMs))
    return { token: await issuer.issue(begun, hourMs), family: begun.family }
  }
  const sessions = {
    rob: await session(world.rob),
    sue: await session(world.sue),
    mia: await session(world.mia),
    vic: await session(world.vic),
  }
  await store.close()

  const serve = ['serve', '--data', dir, '--port', '0', '--log-level', 'error', '--beat-ms', '1000', ...args]
  const child: ChildProcess = fork(main, serve, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [message] = (await once(child, 'message')) as [{ url: string }]
  const pick = <Key extends 'token' | 'family'>(name: Key) => ({
    rob: sessions.rob[name],
    sue: sessions.sue[name],
    mia: sessions.mia[name],
    vic: sessions.vic[name],
  })
  return {
    url: message.url,
    port: Number(new URL(message.url).port),
    dir,
    key,
    epoch: store.epoch,
    world,
    quoteId,
    tokens: pick('token'),
    families: pick('family'),
    rssBytes: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM')
        await once(child, 'exit')
      }
      remove()
    },
  }
}

export interface Answer {
  status: number
  headers: Headers
  body: { code?: string; message?: string; data?: { retry_after_ms?: number } } | null
}

export async function call(target: Target, path: string, init: RequestInit & { token?: string } = {}): Promise<Answer> {
  const { token, headers, ...rest } = init
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const all = new Headers(headers)
  for (const [name, value] of Object.entries(authorization)) all.set(name, value)
  const response = await fetch(`${target.url}${path}`, { ...rest, headers: all })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null }
}

export const handshake = (token: string) => ({ token, protocol: protocolVersion, client_id: crypto.randomUUID() })

export function connect(target: Target, auth: unknown, extraHeaders: Record<string, string> = {}): Socket {
  return io(target.url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    auth: auth as Record<string, unknown>,
    extraHeaders,
  })
}
