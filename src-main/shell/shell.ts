import { join } from 'node:path'
import { app, Menu, session } from 'electron'
import type { EngineToHost } from '../../domain/host/messages.ts'
import { EngineSupervisor } from '../host/engine-supervisor.ts'
import type { HostArguments } from '../host/host-arguments.ts'
import { readRendererFiles } from '../host/renderer-files.ts'
import { readSampleAccounts } from '../host/sample-accounts.ts'
import { readServerUrl } from '../host/server-address.ts'
import { servePage } from './app-protocol.ts'
import { Badge } from './badge.ts'
import { handOutEnginePorts } from './engine-ports.ts'
import { forkUtilityEngine, type UtilityEngine } from './engine-process.ts'
import { denyPermissions } from './guards.ts'
import { MainWindow } from './main-window.ts'
import { appMenu } from './menu.ts'
import { watchPower } from './power.ts'
import { judgeSecretKeeping, SecretStore } from './secrets.ts'
import { Toasts, toastChannel } from './toasts.ts'

export interface Shell {
  showWindow(): void
  stop(): Promise<void>
}

/**
 * Wires the engine to Electron, once the app is ready.
 * @param builtDir the folder `out/`
 * @throws Error for people, when the page is not built or a settings file cannot be read
 */
export async function startShell(args: HostArguments, builtDir: string, log: (line: string) => void): Promise<Shell> {
  const clientDir = join(args.dataDir, 'client')
  servePage(await readRendererFiles(join(builtDir, 'renderer')))
  denyPermissions(session.defaultSession)
  Menu.setApplicationMenu(appMenu(process.platform, app.isPackaged))

  const serverUrl = await readServerUrl(args.server, args.dataDir)
  const sampleAccounts = await readSampleAccounts(args.sampleFile)
  const secretKeeping = await judgeSecretKeeping(process.platform)
  const secrets = await SecretStore.open(join(clientDir, 'token'), secretKeeping)
  const window = new MainWindow({
    preloadFile: join(builtDir, 'preload', 'index.cjs'),
    stateFile: join(clientDir, 'window.json'),
    log,
  })
  const toasts = new Toasts(process.platform, (message) => supervisor.send(message))
  const badge = new Badge(process.platform, () => window.show())
  const supervisor = new EngineSupervisor<UtilityEngine>({
    launch: () => forkUtilityEngine(join(builtDir, 'main', 'engine.js')),
    startMessage: () => ({
      kind: 'start',
      data_dir: args.dataDir,
      server_url: serverUrl,
      toast_channel: toastChannel(),
      secret_keeping: secretKeeping,
      secret: secrets.current(),
      sample_accounts: sampleAccounts,
      log_level: 'warn',
    }),
    onMessage: (message) => receive(message),
    // The windows' ports close with it, so they know and ask for new ones.
    onCrash: (how, retryMs) => log(`The engine ended ${how}; starting it again in ${retryMs} ms.`),
    stopBoundMs: 5_000,
    healthyMs: 60_000,
  })

  function receive(message: EngineToHost): void {
    if (message.kind === 'show_toast') toasts.show(message.toast)
    if (message.kind === 'close_toast') toasts.close(message.key)
    if (message.kind === 'badge') badge.show(message.count, window.current())
    if (message.kind === 'focus_window') window.show()
    if (message.kind === 'failed') log(`The engine reports: ${message.message}`)
    if (message.kind === 'keep_secret') {
      secrets.keep(message.secret).catch((error: Error) => log(`The sign-in could not be kept: ${error.message}`))
    }
  }

  handOutEnginePorts(
    () => supervisor.current()?.openWindow() ?? null,
    (url) => log(`Refused a port to the engine to ${url}.`),
  )
  supervisor.start()
  const unwatchPower = watchPower((event) => supervisor.send({ kind: 'power', event }))
  window.show()
  return {
    showWindow: () => window.show(),
    stop: async () => {
      unwatchPower()
      badge.remove()
      await supervisor.stop()
    },
  }
}
