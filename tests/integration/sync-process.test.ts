import path from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineToHost, HostToEngine } from '../../domain/host/messages.ts'
import { type ChildEngine, forkEngine } from '../../src-main/browser-host/engine-process.ts'
import { orpcPort } from '../../src-main/engine/host-link/orpc-port.ts'
import { password, type RestartableServer, startRestartableServer } from './support/restartable-server.ts'
import type { EngineClient } from './support/test-engine.ts'
import { addDraft, emailOf } from './support/world.ts'

const entry = path.join(import.meta.dirname, '..', '..', 'src-main', 'engine', 'main.ts')

let server: RestartableServer
const running: ChildEngine[] = []

/** The engine as a process of its own, as a host forks it. */
function fork(secret: string | null = null) {
  const engine = forkEngine(entry)
  running.push(engine)
  const told: EngineToHost[] = []
  const exits: string[] = []
  engine.control.onMessage((message) => told.push(message as EngineToHost))
  engine.onExit((how) => exits.push(how))
  const tell = (message: HostToEngine) => engine.control.post(message)
  tell({
    kind: 'start',
    data_dir: `${server.dir}/rob`,
    server_url: server.url,
    toast_channel: { kind: 'native', via: 'dbus' },
    secret_keeping: { kind: 'kept' },
    secret,
    sample_accounts: [],
    log_level: 'silent',
  })
  const client: EngineClient = createORPCClient(new RPCLink({ port: orpcPort(engine.openWindow()) }))
  const secretKept = () => told.flatMap((message) => (message.kind === 'keep_secret' ? [message.secret] : [])).at(-1)
  return { engine, client, told, exits, tell, secret: () => secretKept() ?? null }
}

const total = async (client: EngineClient) => {
  const sort = { column: 'quote_id', direction: 'asc' } as const
  return (await client.quotes.page({ filter: {}, sort, offset: 0, limit: 10 })).total
}

beforeEach(async () => {
  server = await startRestartableServer()
})
afterEach(async () => {
  for (const engine of running.splice(0)) engine.kill()
  await server.dispose()
})

describe('the engine as a process', () => {
  it('serves a window, and goes on from its cache after it was killed', async () => {
    await server.store().transact((tx) => addDraft(tx, server.world))
    const first = fork()
    await first.client.session.signIn({ email: emailOf(server.world.rob), password })
    await expect.poll(() => total(first.client), { timeout: 10_000 }).toBe(1)
    expect(first.told[0]).toEqual({ kind: 'ready' })
    first.engine.kill()
    await expect.poll(() => first.exits, { timeout: 5_000 }).toEqual(['by signal SIGKILL'])
    await server.stop()
    const second = fork(first.secret())
    await expect.poll(() => total(second.client), { timeout: 10_000 }).toBe(1)
  })

  it('says that it has stopped and ends with its host', async () => {
    const { engine, exits, told, tell } = fork()
    await vi.waitFor(() => expect(told).toContainEqual({ kind: 'ready' }), { timeout: 10_000 })
    tell({ kind: 'stop' })
    await expect.poll(() => told).toContainEqual({ kind: 'stopped' })
    engine.release()
    await expect.poll(() => exits, { timeout: 5_000 }).toEqual(['with exit code 0'])
  })

  it('ends, and says why, when its host talks nonsense', async () => {
    const { engine, exits, told } = fork()
    await vi.waitFor(() => expect(told).toContainEqual({ kind: 'ready' }), { timeout: 10_000 })
    engine.control.post({ kind: 'dance' })
    await expect.poll(() => exits, { timeout: 5_000 }).toEqual(['with exit code 1'])
    expect(told.at(-1)).toMatchObject({ kind: 'failed' })
  })
})
