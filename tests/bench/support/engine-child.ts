import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { ipcPort } from '../../../domain/host/ipc-port.ts'
import { engineToHostSchema, type HostToEngine } from '../../../domain/host/messages.ts'
import { Multiplexer } from '../../../domain/host/multiplex.ts'
import type { EngineContract } from '../../../domain/rpc/contract.ts'
import { orpcPort } from '../../../src-main/engine/host-link/orpc-port.ts'

export type EngineClient = ContractRouterClient<EngineContract>

/** The real engine in a process of its own, and one window on it. */
export interface EngineChild {
  client: EngineClient
  process: ChildProcess
  /** The refresh token the engine last gave its host to keep. */
  secret(): string | null
  stop(): Promise<void>
}

/** The built engine, as it ships: `npm run bench` builds it when it is stale. */
const main = path.resolve(import.meta.dirname, '../../../out/main/engine.js')

export function startEngine(dataDir: string, serverUrl: string, secret: string | null = null): EngineChild {
  const child = fork(main, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const channels = new Multiplexer(ipcPort(child))
  const control = channels.open('control')
  control.post({
    kind: 'start',
    data_dir: dataDir,
    server_url: serverUrl,
    toast_channel: { kind: 'in_window', reason: 'a bench has no desktop' },
    secret_keeping: { kind: 'session_only', reason: 'a bench keeps nothing' },
    secret,
    sample_accounts: [],
    log_level: 'error',
  } satisfies HostToEngine)
  let kept: string | null = null
  let onStopped: (() => void) | null = null
  control.onMessage((message) => {
    const said = engineToHostSchema.parse(message)
    if (said.kind === 'keep_secret') kept = said.secret
    if (said.kind === 'failed') process.stderr.write(`engine: ${said.message}\n`)
    if (said.kind === 'stopped') onStopped?.()
  })
  const link = new RPCLink({ port: orpcPort(channels.open('window')) })
  return {
    client: createORPCClient(link),
    process: child,
    secret: () => kept,
    stop: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      onStopped = () => child.disconnect()
      control.post({ kind: 'stop' } satisfies HostToEngine)
      await exited
    },
  }
}

/** Resolves when the engine says it is live. */
export async function untilLive(client: EngineClient): Promise<void> {
  for await (const { connection } of await client.status.watch()) if (connection.state === 'live') return
}
