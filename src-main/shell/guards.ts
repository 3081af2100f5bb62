import type { App, Event, Session, WebContents } from 'electron'
import { isPageUrl } from './app-protocol.ts'

/** The page needs nothing that Chromium asks permission for: toasts come from the main process. */
export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
}

function stay(event: { preventDefault(): void; url: string }): void {
  if (!isPageUrl(event.url)) event.preventDefault()
}

/** No window of this app ever shows, opens or embeds anything but the page. */
export function guardContents(app: App): void {
  app.on('web-contents-created', (_event: Event, contents: WebContents) => {
    contents.on('will-navigate', stay)
    contents.on('will-frame-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}
