import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Toast } from '../../domain/host/messages.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'

export type NotificationPermission = 'granted' | 'denied' | 'not_asked' | 'unavailable'

export interface NotificationEvents {
  shown: () => void
  clicked: () => void
  closed: () => void
  failed: () => void
}

/** The browser's own notifications, by parameter: absent in some windows and in tests. */
export interface NotificationDoor {
  permission: () => NotificationPermission
  ask: () => Promise<NotificationPermission>
  show: (toast: Toast, on: NotificationEvents) => void
}

export interface AlertToasts {
  store: StoreApi<{ inWindow: readonly Toast[]; permission: NotificationPermission }>
  show: (toast: Toast) => void
  /** The person opened or closed a toast that the window shows itself. */
  answer: (toast: Toast, event: 'clicked' | 'closed') => void
  askPermission: () => Promise<void>
}

interface Needs {
  engine: () => EngineClient
  notifications: NotificationDoor
  /** null: a summary of several, which opens the list of what expires. */
  openFrom: (quote: string | null) => void
}

/** Alerts that the host cannot show: through the browser's notifications when allowed, else inside the window. */
export function createAlertToasts({ engine, notifications, openFrom }: Needs): AlertToasts {
  const store = createStore<{ inWindow: readonly Toast[]; permission: NotificationPermission }>(() => ({
    inWindow: [],
    permission: notifications.permission(),
  }))

  const report = (toast: Toast, event: 'shown' | 'clicked' | 'closed' | 'failed') =>
    void engine().window.toastEvent({ key: toast.key, event })

  const open = (toast: Toast) => {
    report(toast, 'clicked')
    openFrom(toast.quote)
  }

  const remove = (toast: Toast) =>
    store.setState(({ inWindow }) => ({ inWindow: inWindow.filter((other) => other.key !== toast.key) }))

  const showInWindow = (toast: Toast) => {
    remove(toast)
    store.setState(({ inWindow }) => ({ inWindow: [...inWindow, toast] }))
    report(toast, 'shown')
  }

  return {
    store,
    show: (toast) => {
      if (notifications.permission() !== 'granted') {
        showInWindow(toast)
        return
      }
      notifications.show(toast, {
        shown: () => report(toast, 'shown'),
        clicked: () => open(toast),
        closed: () => report(toast, 'closed'),
        // The person still has to learn of it.
        failed: () => showInWindow(toast),
      })
    },
    answer: (toast, event) => {
      remove(toast)
      if (event === 'clicked') open(toast)
      else report(toast, 'closed')
    },
    askPermission: async () => store.setState({ permission: await notifications.ask() }),
  }
}
