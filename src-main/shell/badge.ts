import { app, type BrowserWindow, Menu, type NativeImage, nativeImage, Tray } from 'electron'
import { trayBitmap, unreadDotBitmap } from './badge-bitmaps.ts'

const size = 32

/** More than this is "99+": nobody counts further. */
const mostShown = 99

export function unreadText(count: number): string {
  const shown = count > mostShown ? `${mostShown}+` : String(count)
  return `${shown} unread ${count === 1 ? 'alert' : 'alerts'}`
}

const image = (bitmap: Buffer): NativeImage => nativeImage.createFromBitmap(bitmap, { width: size, height: size })

/**
 * The tray icon, which stays when the window is closed so that alerts go on, and how many alerts are unread: on the tray,
 * on the dock or launcher, and as a dot on the taskbar's button.
 */
export class Badge {
  private readonly tray: Tray
  private readonly platform: NodeJS.Platform

  constructor(platform: NodeJS.Platform, openWindow: () => void) {
    this.platform = platform
    this.tray = new Tray(image(trayBitmap(size, false)))
    this.tray.setToolTip('QuoteDesk')
    this.tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open QuoteDesk', click: openWindow },
        { type: 'separator' },
        { label: 'Quit QuoteDesk', click: () => app.quit() },
      ]),
    )
    this.tray.on('click', openWindow)
  }

  /** @param window whose button on the taskbar gets the dot, on Windows */
  show(count: number, window: BrowserWindow | null): void {
    this.tray.setImage(image(trayBitmap(size, count > 0)))
    this.tray.setToolTip(count > 0 ? `QuoteDesk: ${unreadText(count)}` : 'QuoteDesk')
    if (this.platform !== 'win32') app.setBadgeCount(count)
    else window?.setOverlayIcon(count > 0 ? image(unreadDotBitmap(size)) : null, count > 0 ? unreadText(count) : '')
  }

  remove(): void {
    this.tray.destroy()
  }
}
