import type { EngineToHost, SampleAccount, SecretKeeping } from '../../domain/host/messages.ts'
import { EngineSupervisor } from '../host/engine-supervisor.ts'
import { readRendererFiles } from '../host/renderer-files.ts'
import { lockDataFolder } from './data-lock.ts'
import { type ChildEngine, forkEngine } from './engine-process.ts'
import { createToken, LoopbackGuard } from './loopback-guard.ts'
import { listenOnLoopback, pageHandler } from './page-server.ts'
import { ToastDesk } from './toast-desk.ts'
import { acceptWindows } from './window-sockets.ts'

export interface BrowserHostOptions {
  /** The built engine and the folder of the built page. */
  engineFile: string
  rendererDir: string
  dataDir: string
  serverUrl: string
  sampleAccounts: SampleAccount[]
  /** 0 takes a free port. */
  port: number
  /** null where there is no session bus. */
  busAddress: string | null
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** One line for whoever started the host. */
  log: (line: string) => void
  /** A toast was clicked while no window is open. */
  openPage: (url: string) => void
}

export interface BrowserHost {
  /** The page with its token; whoever has it may use the engine. */
  url: string
  stop(): Promise<void>
}

const secretKeeping: SecretKeeping = {
  kind: 'session_only',
  reason: 'QuoteDesk runs in a browser here, where no key store can be reached: sign in again after a restart',
}

/**
 * Runs an engine and serves its window to a browser of this machine.
 * @throws Error when the page is not built, the port is taken or another host has the data folder
 */
export async function startBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const release = await lockDataFolder(options.dataDir)
  try {
    const host = await startLocked(options)
    return {
      url: host.url,
      stop: async () => {
        try {
          await host.stop()
        } finally {
          await release()
        }
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

async function startLocked(options: BrowserHostOptions): Promise<BrowserHost> {
  const files = await readRendererFiles(options.rendererDir)
  const { server, port } = await listenOnLoopback(options.port)
  const token = createToken()
  const guard = new LoopbackGuard(port, token)
  const url = `${guard.origin}/#token=${token}`
  // Lives as long as this process: an engine that crashed goes on in the session it had.
  let secret: string | null = null

  const toasts = new ToastDesk(options.busAddress, (message) => supervisor.send(message))
  const supervisor = new EngineSupervisor<ChildEngine>({
    launch: () => forkEngine(options.engineFile),
    startMessage: () => ({
      kind: 'start',
      data_dir: options.dataDir,
      server_url: options.serverUrl,
      toast_channel: toasts.current(),
      secret_keeping: secretKeeping,
      secret,
      sample_accounts: options.sampleAccounts,
      log_level: options.logLevel,
    }),
    onMessage: (message) => receive(message),
    onCrash: (how, retryMs) => {
      options.log(`The engine ended ${how}; starting it again in ${retryMs} ms.`)
      windows.dropAll('the engine ended and is being started again')
    },
    stopBoundMs: 5_000,
    healthyMs: 60_000,
  })
  const windows = acceptWindows(server, guard, () => supervisor.current()?.openWindow() ?? null)
  server.on('request', pageHandler(files, guard))

  function receive(message: EngineToHost): void {
    if (message.kind === 'ready') toasts.tellPresence()
    if (message.kind === 'show_toast') toasts.show(message.toast)
    if (message.kind === 'close_toast') toasts.close(message.key)
    if (message.kind === 'keep_secret') secret = message.secret
    if (message.kind === 'failed') options.log(`The engine reports: ${message.message}`)
    // An open window comes to the front by itself as far as its browser lets it; a closed one has to be opened.
    if (message.kind === 'focus_window' && windows.count() === 0) options.openPage(url)
  }

  await toasts.start()
  supervisor.start()
  return {
    url,
    stop: async () => {
      toasts.stop()
      await supervisor.stop()
      windows.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
