import { Notification, type NotificationCloseEventParams } from 'electron'
import type { HostToEngine, Toast, ToastChannel } from '../../domain/host/messages.ts'
import { escapeMarkup } from '../host/escape-markup.ts'

type Outcome = Extract<HostToEngine, { kind: 'toast_event' }>['event']

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
  private readonly tell: (key: string, event: Outcome, detail: string | null) => void
  private readonly platform: NodeJS.Platform

  constructor(platform: NodeJS.Platform, tell: (key: string, event: Outcome, detail: string | null) => void) {
    this.platform = platform
    this.tell = tell
  }

  /** Shows a toast in place of an earlier one with the same key. */
  show(toast: Toast): void {
    this.close(toast.key)
    const { key, title } = toast
    const body = this.platform === 'linux' ? escapeMarkup(toast.body) : toast.body
    const notification = new Notification({ id: key, title, body, timeoutType: 'default' })
    this.shown.set(key, notification)
    this.forgetOldest()
    notification.on('show', () => this.tell(key, 'shown', null))
    notification.on('click', () => this.tell(key, 'clicked', null))
    notification.on('failed', (_event, error) => {
      this.forget(key, notification)
      this.tell(key, 'failed', error)
    })
    notification.on('close', (details: Partial<NotificationCloseEventParams> | undefined) => {
      if (details?.reason === 'timedOut') return
      this.forget(key, notification)
      this.tell(key, 'closed', details?.reason ?? null)
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

  private forget(key: string, notification: Notification): void {
    if (this.shown.get(key) === notification) this.shown.delete(key)
  }

  private forgetOldest(): void {
    const oldest = this.shown.keys().next()
    if (this.shown.size > mostKept && !oldest.done) this.shown.delete(oldest.value)
  }
}
