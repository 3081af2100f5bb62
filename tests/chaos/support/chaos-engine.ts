import { type ChildProcess, fork } from 'node:child_process'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import type { ContractRouterClient } from '@orpc/contract'
import { ipcPort } from '../../../domain/host/ipc-port.ts'
import { engineToHostSchema, type HostToEngine } from '../../../domain/host/messages.ts'
import { Multiplexer } from '../../../domain/host/multiplex.ts'
import type { Port } from '../../../domain/host/port.ts'
import type { EngineContract } from '../../../domain/rpc/contract.ts'
import { orpcPort } from '../../../src-main/engine/host-link/orpc-port.ts'
import { killNow } from './kill.ts'

export type EngineClient = ContractRouterClient<EngineContract>

/** The run ended while something was asked of it: whether that was done, nobody knows. */
export class EngineGoneError extends Error {
  override name = 'EngineGoneError'
}

/** A device: a real engine process with its data folder, and its host's part played here. */
export interface ChaosEngine {
  readonly name: string
  readonly dataDir: string
  isUp: () => boolean
  /** Starts it and signs in where that is needed. */
  start: () => Promise<void>
  kill: () => Promise<void>
  /** Asks something of the running engine. @throws EngineGoneError when it is killed meanwhile */
  ask: <Answer>(question: (client: EngineClient) => Promise<Answer>) => Promise<Answer>
  kills: () => number
  /** Toasts that came twice though the engine was not killed in between. */
  shownTwice: () => string[]
  toasts: () => number
}

export interface ChaosEngineOptions {
  name: string
  /** `src-main/engine/main.ts`, or the built one. */
  entry: string
  dataDir: string
  serverUrl: string
  email: string
  password: string
}

export function createChaosEngine(options: ChaosEngineOptions): ChaosEngine {
  let run: { child: ChildProcess; client: EngineClient; gone: Promise<never> } | null = null
  let secret: string | null = null
  let kills = 0
  let toasts = 0
  const shownIn = new Map<string, number>()
  const shownTwice: string[] = []

  const current = () => {
    if (!run) throw new EngineGoneError(`${options.name} is down`)
    return run
  }
  const ask: ChaosEngine['ask'] = (question) => {
    const { client, gone } = current()
    return Promise.race([question(client), gone])
  }

  const spawn = () => {
    const child = fork(options.entry, [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const channels = new Multiplexer(ipcPort(child))
    const control = channels.open('control')
    const tell = (message: HostToEngine) => control.post(message)
    const runNumber = kills
    control.onMessage((message) => {
      const said = engineToHostSchema.parse(message)
      if (said.kind === 'keep_secret') secret = said.secret
      if (said.kind === 'failed') process.stderr.write(`${options.name}: ${said.message}\n`)
      if (said.kind !== 'show_toast') return
      const { key } = said.toast
      toasts += 1
      if (shownIn.get(key) === runNumber) shownTwice.push(key)
      shownIn.set(key, runNumber)
      tell({ kind: 'toast_event', key, event: 'shown', detail: null })
    })
    tell({
      kind: 'start',
      data_dir: options.dataDir,
      server_url: options.serverUrl,
      toast_channel: { kind: 'native', via: 'dbus' },
      secret_keeping: { kind: 'kept' },
      secret,
      sample_accounts: [],
      log_level: 'silent',
    })
    const gone = new Promise<never>((_resolve, reject) => {
      child.once('exit', () => reject(new EngineGoneError(`${options.name} was killed`)))
    })
    gone.catch(() => undefined)
    return {
      child,
      client: createORPCClient<EngineClient>(new RPCLink({ port: orpcPort(deaf(channels.open('window'))) })),
      gone,
    }
  }

  return {
    name: options.name,
    dataDir: options.dataDir,
    isUp: () => run !== null,
    start: async () => {
      run ??= spawn()
      const session = await ask((client) => firstOf(client.session.watch()))
      if (session.state === 'signed_in') return
      await ask((client) => client.session.signIn({ email: options.email, password: options.password }))
    },
    kill: async () => {
      const running = run
      run = null
      if (!running) return
      kills += 1
      await killNow(running.child)
    },
    ask,
    kills: () => kills,
    shownTwice: () => shownTwice,
    toasts: () => toasts,
  }
}

/**
 * oRPC throws, where nobody can catch it, when a port closes while something is being watched. Here the end of the process
 * is told by `gone`, so the port need not tell of it.
 */
const deaf = (port: Port): Port => ({
  post: (message) => port.post(message),
  onMessage: (listener) => port.onMessage(listener),
  onClose: () => {},
  close: () => port.close(),
})

/** The present value of something watched. */
export async function firstOf<Value>(watching: Promise<AsyncIterable<Value>>): Promise<Value> {
  for await (const value of await watching) return value
  throw new Error('nothing is watched')
}
