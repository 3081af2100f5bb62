import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { vi } from 'vitest'
import type { z } from 'zod'
import type { EngineToHost, HostToEngine, SampleAccount } from '../../../domain/host/messages.ts'
import { Multiplexer } from '../../../domain/host/multiplex.ts'
import type { EngineContract } from '../../../domain/rpc/contract.ts'
import { quoteFilterSchema, type quotePageSchema } from '../../../domain/rpc/quotes.ts'
import type { SyncStatus } from '../../../domain/rpc/session.ts'
import type { Clock } from '../../../domain/time.ts'
import type { PageQuery } from '../../../src-main/engine/cache/quote-pages.ts'
import { createEngine } from '../../../src-main/engine/engine.ts'
import { createHostChannel } from '../../../src-main/engine/host-link/host-channel.ts'
import { orpcPort } from '../../../src-main/engine/host-link/orpc-port.ts'
import { createLog } from '../../../src-main/engine/log.ts'
import { systemScheduler } from '../../../src-main/engine/scheduler.ts'
import type { OpenLink } from '../../../src-main/engine/sync/link.ts'
import { openSocketLink } from '../../../src-main/engine/sync/socket-link.ts'
import { portPair } from '../../contract/support/port-pair.ts'

export type EngineClient = ContractRouterClient<EngineContract>

/** What a test may put between engine and world, and what the host has kept. */
export interface EngineSetting {
  serverUrl: string
  dataDir: string
  clock: Clock
  secret?: string | null
  sampleAccounts?: SampleAccount[]
  openLink?: OpenLink
  fetch?: typeof fetch
  /** The zone that the machine is set to; Europe/Berlin unless told. */
  machineZone?: string
}

/** A whole engine in this process behind real Ports, with one window on it. */
export interface TestEngine {
  client: EngineClient
  /** Everything the engine has told its host. */
  told: EngineToHost[]
  /** The newest secret the engine gave its host to keep. */
  secret: () => string | null
  tell: (message: HostToEngine) => void
  openWindow: () => { client: EngineClient; close(): void }
  status: () => Promise<SyncStatus>
  page: (
    query?: Partial<Omit<PageQuery, 'filter'>> & { filter?: z.input<typeof quoteFilterSchema> },
  ) => Promise<z.infer<typeof quotePageSchema>>
  /** Resolves once the connection chip says so. */
  becomes: (state: SyncStatus['connection']['state']) => Promise<void>
  stop: () => Promise<void>
}

export function startTestEngine(setting: EngineSetting): TestEngine {
  const engine = createEngine({
    clock: setting.clock,
    scheduler: systemScheduler,
    fetch: setting.fetch ?? fetch,
    openLink: setting.openLink ?? openSocketLink,
    // No jitter: retries are as late as they can be, so nothing passes by luck.
    random: () => 0.2,
    locale: 'en',
    machineZone: () => setting.machineZone ?? 'Europe/Berlin',
    createLog,
  })
  const pipe = portPair()
  const host = new Multiplexer(pipe.near)
  new Multiplexer(pipe.far).onOpen((name, port) => {
    if (name === 'control') engine.serve(createHostChannel(port))
    else engine.attachWindow(port)
  })
  const told: EngineToHost[] = []
  const control = host.open('control')
  control.onMessage((message) => told.push(message as EngineToHost))
  const tell = (message: HostToEngine) => control.post(message)
  tell({
    kind: 'start',
    data_dir: setting.dataDir,
    server_url: setting.serverUrl,
    toast_channel: { kind: 'native', via: 'dbus' },
    secret_keeping: { kind: 'kept' },
    secret: setting.secret ?? null,
    sample_accounts: setting.sampleAccounts ?? [],
    log_level: process.env['ENGINE_LOG'] === 'debug' ? 'debug' : 'silent',
  })
  const openWindow = () => {
    const port = host.open('window')
    const client: EngineClient = createORPCClient(new RPCLink({ port: orpcPort(port) }))
    return { client, close: () => port.close() }
  }
  const { client } = openWindow()
  const status = async () => {
    for await (const value of await client.status.watch()) return value
    throw new Error('the engine gave no status')
  }
  return {
    client,
    told,
    secret: () => told.flatMap((message) => (message.kind === 'keep_secret' ? [message.secret] : [])).at(-1) ?? null,
    tell,
    openWindow,
    status,
    page: ({ filter = {}, ...query } = {}) =>
      client.quotes.page({
        filter: quoteFilterSchema.parse(filter),
        sort: { column: 'quote_id', direction: 'asc' },
        offset: 0,
        limit: 100,
        ...query,
      }),
    becomes: (state) =>
      vi.waitFor(
        async () => {
          const { connection } = await status()
          if (connection.state !== state) throw new Error(`expected ${state}, is ${JSON.stringify(connection)}`)
        },
        { timeout: 10_000, interval: 20 },
      ),
    stop: async () => {
      tell({ kind: 'stop' })
      await vi.waitFor(() => {
        if (!told.some((message) => message.kind === 'stopped')) throw new Error('has not stopped')
      })
      pipe.cut()
    },
  }
}
