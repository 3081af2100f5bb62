/** The test's hands inside the booted shell: orders come by IPC, each is answered with its result as JSON. */

import { app, event, ipcMain, Notification, powerMonitor, record } from './electron-double.ts'
import type { MessagePortDouble } from './port-double.ts'

export type Ask =
  | { do: 'calls' }
  | { do: 'fetch'; url: string; method?: string }
  | { do: 'permissions' }
  | { do: 'navigate'; event: 'will-navigate' | 'will-frame-navigate' | 'will-redirect'; url: string }
  | { do: 'attach_webview' }
  | { do: 'open_window'; url: string }
  | { do: 'request_port'; url: string; subframe: boolean }
  | { do: 'post'; message: unknown }
  | { do: 'toasts' }
  | { do: 'toast_event'; index: number; event: string; args: unknown[] }
  | { do: 'app_event'; event: string }
  | { do: 'power_event'; event: string }
  | { do: 'window_event'; event: string }
  | { do: 'quit' }

let pagePort: MessagePortDouble | null = null

function contents() {
  const window = record.windows.at(-1)
  if (!window) throw new Error('the shell has no window')
  return window.webContents
}

async function carryOut(ask: Ask): Promise<unknown> {
  switch (ask.do) {
    case 'calls':
      return record.calls
    case 'fetch': {
      const request = { url: ask.url, method: ask.method ?? 'GET' } as Request
      const response = await record.protocolHandler?.(request)
      return {
        status: response?.status,
        headers: Object.fromEntries(response?.headers ?? []),
        body: await response?.text(),
      }
    }
    case 'permissions': {
      let granted: boolean | null = null
      record.permissionRequest?.({}, 'media', (answer) => {
        granted = answer
      })
      return { request: granted, check: record.permissionCheck?.(), device: record.devicePermission?.() }
    }
    case 'navigate': {
      const navigation = event({ url: ask.url })
      contents().emit(ask.event, navigation)
      return navigation.defaultPrevented
    }
    case 'attach_webview': {
      const attaching = event()
      contents().emit('will-attach-webview', attaching)
      return attaching.defaultPrevented
    }
    case 'open_window':
      return contents().windowOpenHandler?.({ url: ask.url })
    case 'request_port': {
      const { mainFrame } = contents()
      const given: MessagePortDouble[] = []
      const postMessage = (_channel: string, _message: unknown, ports: MessagePortDouble[]) => given.push(...ports)
      const frame = Object.assign(ask.subframe ? {} : mainFrame, { url: ask.url, postMessage })
      ipcMain.emit('quotedesk:request-engine-port', { sender: { mainFrame }, senderFrame: frame })
      const port = given[0]
      if (!port) return false
      pagePort = port
      port.on('message', ({ data }: { data: unknown }) => process.send?.({ page: data }))
      port.on('close', () => process.send?.({ page_closed: true }))
      port.start()
      return true
    }
    case 'post':
      pagePort?.postMessage(ask.message)
      return null
    case 'toasts':
      return record.notifications.map(({ options, shown, closed }) => ({ options, shown, closed }))
    case 'toast_event': {
      const notification = record.notifications[ask.index]
      if (!(notification instanceof Notification)) throw new Error(`there is no toast ${ask.index}`)
      return notification.emit(ask.event, ...ask.args)
    }
    case 'app_event':
      return app.emit(ask.event, event())
    case 'power_event':
      return powerMonitor.emit(ask.event)
    case 'window_event':
      return record.windows.at(-1)?.emit(ask.event)
    case 'quit':
      app.quit()
  }
  return null
}

process.on('message', ({ id, ask }: { id: number; ask: Ask }) => {
  carryOut(ask).then(
    (result) => process.send?.({ id, result: result === undefined ? null : result }),
    (error: Error) => process.send?.({ id, error: error.message }),
  )
})
// Only now does an order reach anybody.
process.send?.({ listening: true })
