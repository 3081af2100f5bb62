import { join } from 'node:path'
import { app, dialog, Notification } from 'electron'
import { registerPageScheme } from './app-protocol.ts'
import { guardContents } from './guards.ts'
import { type Shell, startShell } from './shell.ts'
import { shellArguments } from './shell-arguments.ts'

/** Fixed for ever: Windows finds the app that a toast belongs to by these two. */
const appUserModelId = 'com.quotedesk.desktop'
const toastActivatorClsid = '{6F2C1B0E-5A0D-4C8B-9B7E-2E9C54D1A7F3}'

const log = (line: string) => process.stderr.write(`${line}\n`)

function main(): void {
  const args = shellArguments(process.argv)
  // One instance for each data folder: two engines on one cache would fight over it.
  app.setPath('userData', join(args.dataDir, 'client', 'electron'))
  if (!app.requestSingleInstanceLock()) {
    log('QuoteDesk is already running with this data folder; its window comes to the front.')
    app.quit()
    return
  }
  app.enableSandbox()
  registerPageScheme()
  guardContents(app)
  if (process.platform === 'win32') {
    app.setAppUserModelId(appUserModelId)
    app.setToastActivatorCLSID(toastActivatorClsid)
  }

  let shell: Shell | null = null
  let stopped = false
  const stop = async () => {
    await shell?.stop()
    stopped = true
    app.quit()
  }
  app.on('second-instance', () => shell?.showWindow())
  app.on('activate', () => shell?.showWindow())
  // Alerts go on without a window: the tray opens it again, and quits.
  app.on('window-all-closed', () => undefined)
  app.on('before-quit', (event) => {
    // The engine finishes its writes first; `stop` quits again.
    if (stopped) return
    event.preventDefault()
    stop().catch(fail)
  })
  // Ctrl-C and the end of whoever started us mean the same as the menu's Quit.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())

  const start = async () => {
    await app.whenReady()
    const started = await startShell(args, join(import.meta.dirname, '..'), log)
    shell = started
    // A click on a toast of an earlier run starts the app; there is only the window to show then.
    if (process.platform === 'win32') Notification.handleActivation(() => started.showWindow())
  }
  start().catch(fail)
}

function fail(error: Error): void {
  log(`QuoteDesk cannot start: ${error.message}`)
  dialog.showErrorBox('QuoteDesk cannot start', error.message)
  app.exit(1)
}

main()
