import type { NotificationDoor, NotificationPermission } from './state/alert-toasts.ts'

const names = { granted: 'granted', denied: 'denied', default: 'not_asked' } as const

/** The browser's Notification API. The tag is the toast's key, so that several windows show it once. */
export function browserNotifications(page: Window & typeof globalThis): NotificationDoor {
  const available = 'Notification' in page
  // A notification nobody refers to may be collected, and its click with it.
  const alive = new Set<Notification>()
  const permission = (): NotificationPermission => (available ? names[page.Notification.permission] : 'unavailable')
  return {
    permission,
    ask: async () => {
      if (available) await page.Notification.requestPermission()
      return permission()
    },
    show: (toast, on) => {
      const notification = new page.Notification(toast.title, { body: toast.body, tag: toast.key })
      alive.add(notification)
      notification.addEventListener('show', () => on.shown())
      notification.addEventListener('click', () => {
        page.focus()
        on.clicked()
        notification.close()
      })
      notification.addEventListener('close', () => {
        alive.delete(notification)
        on.closed()
      })
      notification.addEventListener('error', () => {
        alive.delete(notification)
        on.failed()
      })
    },
  }
}
