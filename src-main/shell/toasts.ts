import { Notification, type NotificationCloseEventParams } from 'electron'
import type { HostToEngine, Toast, ToastChannel, ToastEvent } from '../../domain/host/messages.ts'
import { escapeMarkup } from '../host/escape-markup.ts'

/** Old toasts lie in the system's list and can still be clicked, but not without bound. */
const mostKept = 200

export function toastChannel(): ToastChannel {
  if (Notification.isSupported()) return { kind: 'native', via: 'electron' }
  return { kind: 'in_window', reason: 'this system has no notification service' }
}

/**
 * Toasts of the operating system. A notification nobody refers to is collected, and its clicks with it: each is kept
 * until it was dismissed, taken back or failed. One that timed out lies in the system's list and can still be clicked.
 */
export class Toasts {
  private readonly shown = new Map<string, Notification>()
  private readonly tell: (message: HostToEngine) => void
  private readonly platform: NodeJS.Platform

  constructor(platform: NodeJS.Platform, tell: (message: HostToEngine) => void) {
    this.platform = platform
    this.tell = tell
  }

  /** Shows a toast in place of an earlier one with the same key. */
  show(toast: Toast): void {
    this.close(toast.key)
    const { key, title } = toast
    const body = this.platform === 'linux' ? escapeMarkup(toast.body) : toast.body
    const buttons = this.hasButtons() ? toast.actions : []
    const notification = new Notification({
      id: key,
      title,
      body,
      timeoutType: toast.urgency === 'critical' ? 'never' : 'default',
      urgency: toast.urgency,
      actions: buttons.map(({ label }) => ({ type: 'button', text: label })),
    })
    const event = (what: ToastEvent, detail: string | null = null) =>
      this.tell({ kind: 'toast_event', key, event: what, detail })
    this.shown.set(key, notification)
    this.forgetOldest()
    notification.on('show', () => event('shown'))
    notification.on('click', () => event('clicked'))
    notification.on('action', ({ actionIndex }) => {
      const pressed = buttons[actionIndex]
      if (pressed) this.tell({ kind: 'toast_action', key, action: pressed.id })
    })
    notification.on('failed', (_event, error) => {
      this.forget(key, notification)
      event('failed', error)
    })
    notification.on('close', (details: Partial<NotificationCloseEventParams> | undefined) => {
      if (details?.reason === 'timedOut') return
      this.forget(key, notification)
      // Only Windows tells why; elsewhere whoever closed it may not have been a person.
      event(details?.reason === 'userCanceled' ? 'dismissed' : 'closed', details?.reason ?? null)
    })
    notification.show()
  }

  /** Takes a toast back, if it is still there; not told as closed, because nobody closed it. */
  close(key: string): void {
    const notification = this.shown.get(key)
    if (!notification) return
    this.shown.delete(key)
    notification.removeAllListeners()
    notification.close()
  }

  /** Linux shows one default action and no buttons through Electron; there the click opens the quote with the same ones. */
  private hasButtons(): boolean {
    return this.platform === 'darwin' || this.platform === 'win32'
  }

  private forget(key: string, notification: Notification): void {
    if (this.shown.get(key) === notification) this.shown.delete(key)
  }

  private forgetOldest(): void {
    const oldest = this.shown.keys().next()
    if (this.shown.size > mostKept && !oldest.done) this.shown.delete(oldest.value)
  }
}
