/**
 * As much of Electron as the shell calls, for Node: it records calls and lets a test play the user, the system and
 * the page. It proves what the shell asks of Electron, not what Electron then does.
 */
import { EventEmitter } from 'node:events'
import { MessageChannelDouble } from './port-double.ts'
import { forkUtility, type UtilityDouble } from './utility-double.ts'

export interface DoubleSettings {
  storageBackend: string
  encryption: boolean
  notifications: boolean
  firstInstance: boolean
}

/** Everything the shell has done, for the test to look at. */
export const record = {
  calls: [] as Array<{ call: string; args: unknown[] }>,
  windows: [] as BrowserWindow[],
  notifications: [] as Notification[],
  engines: [] as UtilityDouble[],
  protocolHandler: null as ((request: Request) => Response | Promise<Response>) | null,
  permissionRequest: null as
    | ((contents: unknown, permission: string, answer: (granted: boolean) => void) => void)
    | null,
  permissionCheck: null as (() => boolean) | null,
  devicePermission: null as (() => boolean) | null,
}

export const settings: DoubleSettings = {
  storageBackend: 'gnome_libsecret',
  encryption: true,
  notifications: true,
  firstInstance: true,
  ...(JSON.parse(process.env['DOUBLE_SETTINGS'] ?? '{}') as Partial<DoubleSettings>),
}

const note = (call: string, ...args: unknown[]) => void record.calls.push({ call, args })

/** An event whose default can be prevented, as Electron passes it. */
export function event(fields: Record<string, unknown> = {}) {
  const made = { ...fields, defaultPrevented: false, preventDefault: () => void (made.defaultPrevented = true) }
  return made
}

class AppDouble extends EventEmitter {
  isPackaged = false
  setPath(name: string, path: string) {
    note('app.setPath', name, path)
  }
  requestSingleInstanceLock() {
    note('app.requestSingleInstanceLock')
    return settings.firstInstance
  }
  enableSandbox() {
    note('app.enableSandbox')
  }
  whenReady() {
    return new Promise<void>((resolve) => setImmediate(resolve))
  }
  setBadgeCount(count: number) {
    note('app.setBadgeCount', count)
    return true
  }
  quit() {
    note('app.quit')
    const quitting = event()
    this.emit('before-quit', quitting)
    if (!quitting.defaultPrevented) process.exit(0)
  }
  exit(code: number) {
    process.exit(code)
  }
}
export const app = new AppDouble()

export const protocol = {
  registerSchemesAsPrivileged: (schemes: unknown) => note('protocol.registerSchemesAsPrivileged', schemes),
  handle: (scheme: string, handler: NonNullable<typeof record.protocolHandler>) => {
    note('protocol.handle', scheme)
    record.protocolHandler = handler
  },
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler: NonNullable<typeof record.permissionRequest>) => {
      record.permissionRequest = handler
    },
    setPermissionCheckHandler: (handler: () => boolean) => {
      record.permissionCheck = handler
    },
    setDevicePermissionHandler: (handler: () => boolean) => {
      record.devicePermission = handler
    },
  },
}

export class WebContents extends EventEmitter {
  mainFrame = { url: 'app://quotedesk/' }
  windowOpenHandler: ((details: { url: string }) => { action: string }) | null = null
  setWindowOpenHandler(handler: NonNullable<WebContents['windowOpenHandler']>) {
    this.windowOpenHandler = handler
  }
  reload() {
    note('webContents.reload')
  }
}

export class BrowserWindow extends EventEmitter {
  readonly options: Record<string, unknown>
  readonly webContents = new WebContents()
  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
    note('new BrowserWindow', options)
    record.windows.push(this)
    app.emit('web-contents-created', event(), this.webContents)
  }
  loadURL(url: string) {
    note('window.loadURL', url)
    return Promise.resolve()
  }
  show() {
    note('window.show')
  }
  focus() {
    note('window.focus')
  }
  restore() {
    note('window.restore')
  }
  maximize() {
    note('window.maximize')
  }
  isMinimized() {
    return true
  }
  isMaximized() {
    return false
  }
  getNormalBounds() {
    return { x: 11, y: 12, width: 1000, height: 700 }
  }
}

export class Notification extends EventEmitter {
  static isSupported() {
    return settings.notifications
  }
  readonly options: Record<string, unknown>
  shown = false
  closed = false
  constructor(options: Record<string, unknown>) {
    super()
    this.options = options
    record.notifications.push(this)
  }
  show() {
    this.shown = true
  }
  close() {
    this.closed = true
  }
}

export class Tray extends EventEmitter {
  setToolTip(text: string) {
    note('tray.setToolTip', text)
  }
  setImage(image: { bytes: number }) {
    note('tray.setImage', image.bytes)
  }
  setContextMenu(menu: unknown) {
    note('tray.setContextMenu', menu)
  }
  destroy() {
    note('tray.destroy')
  }
}
export const nativeImage = {
  createFromBitmap: (bitmap: Uint8Array, { width, height }: { width: number; height: number }) => {
    if (bitmap.length !== width * height * 4) throw new Error('a bitmap has four bytes a pixel')
    return { bytes: bitmap.length }
  },
}

/** No encryption, but not the text itself either. */
const mirrored = (bytes: Uint8Array) => Buffer.from(bytes.toReversed())

export const safeStorage = {
  getSelectedStorageBackend: () => settings.storageBackend,
  isAsyncEncryptionAvailable: () => Promise.resolve(settings.encryption),
  encryptStringAsync: (text: string) => Promise.resolve(mirrored(Buffer.from(text))),
  decryptStringAsync: (encrypted: Buffer) =>
    Promise.resolve({ result: mirrored(encrypted).toString(), shouldReEncrypt: false }),
}

class PowerMonitorDouble extends EventEmitter {}
export const powerMonitor = new PowerMonitorDouble()
export const net = { isOnline: () => true }
export const screen = { getDisplayMatching: () => ({ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }) }
export const dialog = { showErrorBox: (title: string, text: string) => note('dialog.showErrorBox', title, text) }
export const Menu = {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: (menu: unknown) => note('Menu.setApplicationMenu', menu),
}
export const ipcMain = new EventEmitter()
export const MessageChannelMain = MessageChannelDouble
export const utilityProcess = {
  fork: (file: string, _args: string[], options: unknown) => {
    note('utilityProcess.fork', file, options)
    const engine = forkUtility(process.env['DOUBLE_ENGINE'] ?? file)
    record.engines.push(engine)
    return engine
  },
}
