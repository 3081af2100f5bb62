import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Port } from '../../../domain/host/port.ts'
import { coverageEnv } from '../../support/coverage.ts'
import { eventually } from '../../support/eventually.ts'
import type { Ask } from './double-remote.ts'
import type { DoubleSettings } from './electron-double.ts'

const projectRoot = fileURLToPath(new URL('../../..', import.meta.url))
const preload = fileURLToPath(new URL('./register-double.ts', import.meta.url))
export const scriptedEngine = fileURLToPath(new URL('./scripted-engine.ts', import.meta.url))

const endBoundMs = 8_000

export interface BootOptions {
  settings?: Partial<DoubleSettings>
  /** Instead of the built engine. */
  engine?: string
  /** An earlier run's folder, to start on what it left. */
  dataDir?: string
  args?: string[]
}

type Reply =
  | { listening: true }
  | { id: number; result?: unknown; error?: string }
  | { page: unknown }
  | { page_closed: true }

/** The built shell in a process of its own, with a double for Electron. */
export class BootedShell {
  readonly dataDir: string
  private readonly child: ChildProcess
  private readonly waiting = new Map<number, (reply: Reply) => void>()
  private readonly pageListeners: Array<(message: unknown) => void> = []
  private readonly pageCloseListeners: Array<() => void> = []
  private readonly listening = Promise.withResolvers<void>()
  private nextId = 1
  output = ''

  private constructor(dataDir: string, options: BootOptions) {
    this.dataDir = dataDir
    const env = {
      ...process.env,
      ...coverageEnv(),
      DOUBLE_SETTINGS: JSON.stringify(options.settings ?? {}),
      ...(options.engine ? { DOUBLE_ENGINE: options.engine } : {}),
    }
    const args = ['--server', 'http://127.0.0.1:9', '--data', dataDir, ...(options.args ?? [])]
    this.child = fork(join(projectRoot, 'out/main/index.js'), args, {
      cwd: projectRoot,
      env,
      execArgv: ['--import', preload],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString()
      })
    }
    this.child.on('message', (reply: Reply) => {
      if ('listening' in reply) this.listening.resolve()
      else if ('page' in reply) for (const listener of this.pageListeners) listener(reply.page)
      else if ('page_closed' in reply) for (const listener of this.pageCloseListeners) listener()
      else this.waiting.get(reply.id)?.(reply)
    })
  }

  static async boot(options: BootOptions = {}): Promise<BootedShell> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'quotedesk-shell-')))
    return new BootedShell(dataDir, options)
  }

  /** Boots and waits until the window is there. */
  static async ready(options: BootOptions = {}): Promise<BootedShell> {
    const shell = await BootedShell.boot(options)
    await shell.listening.promise
    await eventually(async () => {
      if (!(await shell.calls('window.loadURL')).length) throw new Error(`no window yet\n${shell.output}`)
    })
    return shell
  }

  async ask<T>(ask: Ask): Promise<T> {
    const id = this.nextId
    this.nextId += 1
    const reply = await new Promise<Reply>((resolve, reject) => {
      this.waiting.set(id, resolve)
      this.child.send({ id, ask }, (error) => {
        if (error) reject(new Error(`the shell is gone: ${this.output}`))
      })
    })
    if ('error' in reply) throw new Error(reply.error)
    return (reply as { result: T }).result
  }

  /** The arguments of every call of that name so far. */
  async calls(call: string): Promise<unknown[][]> {
    const calls = await this.ask<Array<{ call: string; args: unknown[] }>>({ do: 'calls' })
    return calls.filter((made) => made.call === call).map(({ args }) => args)
  }

  /** The port that the page gets when it asks for one. */
  async pagePort(): Promise<Port> {
    await eventually(async () => {
      const given = await this.ask<boolean>({ do: 'request_port', url: 'app://quotedesk/', subframe: false })
      if (!given) throw new Error('no port was given')
    })
    return {
      post: (message) => void this.ask({ do: 'post', message }),
      onMessage: (listener) => void this.pageListeners.push(listener),
      onClose: (listener) => void this.pageCloseListeners.push(listener),
      close: () => undefined,
    }
  }

  /** Resolves with the exit code when it has ended by itself. */
  async exit(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode
    const [code] = (await once(this.child, 'exit')) as [number | null]
    return code
  }

  async dispose(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit')
      // In order, as Ctrl-C would; V8 writes its coverage then.
      this.child.kill('SIGTERM')
      const bound = setTimeout(() => this.child.kill('SIGKILL'), endBoundMs)
      await exit
      clearTimeout(bound)
    }
    await rm(this.dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}
