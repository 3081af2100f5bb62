import { BrowserWindow } from 'electron'
import { pageUrl } from './app-protocol.ts'
import { keepWindowState, readWindowState } from './window-state.ts'

export interface MainWindowOptions {
  preloadFile: string
  stateFile: string
  log: (line: string) => void
}

/** The app's one window; made anew when it was closed and is asked for again. */
export class MainWindow {
  private readonly options: MainWindowOptions
  private window: BrowserWindow | null = null

  constructor(options: MainWindowOptions) {
    this.options = options
  }

  /** Brings the window to the front, wherever it is; opens one when there is none. */
  show(): void {
    if (!this.window) {
      this.window = this.open()
      return
    }
    if (this.window.isMinimized()) this.window.restore()
    this.window.show()
    this.window.focus()
  }

  /** Null while it is closed. */
  current(): BrowserWindow | null {
    return this.window
  }

  private open(): BrowserWindow {
    const { maximized, ...bounds } = readWindowState(this.options.stateFile)
    const window = new BrowserWindow({
      ...bounds,
      minWidth: 640,
      minHeight: 480,
      show: false,
      title: 'QuoteDesk',
      webPreferences: {
        preload: this.options.preloadFile,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        nodeIntegrationInWorker: false,
        nodeIntegrationInSubFrames: false,
        webSecurity: true,
        allowRunningInsecureContent: false,
        webviewTag: false,
        spellcheck: false,
      },
    })
    if (maximized) window.maximize()
    window.once('ready-to-show', () => window.show())
    window.on('close', () => keepWindowState(this.options.stateFile, window))
    window.on('closed', () => {
      this.window = null
    })
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit') return
      this.options.log(`The window's process ended (${reason}); loading it again.`)
      window.webContents.reload()
    })
    window.loadURL(pageUrl).catch((error: Error) => this.options.log(`The page did not load: ${error.message}`))
    return window
  }
}
