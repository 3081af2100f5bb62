import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Toast, ToastActionId, ToastEvent } from '../../domain/host/messages.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { problemWords } from '../words/refusals.ts'

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

export interface AlertToastsState {
  inWindow: readonly Toast[]
  permission: NotificationPermission
  /** What could not be done from a toast; until it was told. */
  problem: string | null
}

export interface AlertToasts {
  store: StoreApi<AlertToastsState>
  show: (toast: Toast) => void
  /** The person opened or closed a toast that the window shows itself. */
  answer: (toast: Toast, event: 'clicked' | 'dismissed') => void
  /** A button of it; what cannot be done is told by the engine, in words. */
  act: (toast: Toast, action: ToastActionId) => Promise<void>
  /** It was dealt with elsewhere. */
  takeBack: (key: string) => void
  problemTold: () => void
  forget: () => void
  askPermission: () => Promise<void>
}

interface Needs {
  engine: () => EngineClient
  notifications: NotificationDoor
  /** Whoever looks at the window is told inside it. */
  isLookedAt: () => boolean
  openFrom: (quote: string) => void
}

/** Alerts that the host cannot show: through the browser's notifications when allowed, else inside the window. */
export function createAlertToasts({ engine, notifications, isLookedAt, openFrom }: Needs): AlertToasts {
  const store = createStore<AlertToastsState>(() => ({
    inWindow: [],
    permission: notifications.permission(),
    problem: null,
  }))

  const report = (toast: Toast, event: ToastEvent) => void engine().window.toastEvent({ key: toast.key, event })

  const open = (toast: Toast) => {
    report(toast, 'clicked')
    // What several are gathered in leads to a list that the engine knows: it asks this window to open it.
    if (toast.quote !== null) openFrom(toast.quote)
  }

  const remove = (key: string) =>
    store.setState(({ inWindow }) => ({ inWindow: inWindow.filter((toast) => toast.key !== key) }))

  const showInWindow = (toast: Toast) => {
    remove(toast.key)
    store.setState(({ inWindow }) => ({ inWindow: [...inWindow, toast] }))
    report(toast, 'shown')
  }

  return {
    store,
    show: (toast) => {
      if (isLookedAt() || notifications.permission() !== 'granted') {
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
      remove(toast.key)
      if (event === 'clicked') open(toast)
      else report(toast, 'dismissed')
    },
    act: async (toast, action) => {
      if (action === 'open') {
        remove(toast.key)
        open(toast)
        return
      }
      try {
        await engine().window.toastAction({ key: toast.key, action })
        remove(toast.key)
      } catch (error) {
        // The toast stays: what was wanted of it is not done.
        store.setState({ problem: problemWords(error) })
      }
    },
    takeBack: remove,
    problemTold: () => store.setState({ problem: null }),
    forget: () => store.setState({ inWindow: [], problem: null }),
    askPermission: async () => store.setState({ permission: await notifications.ask() }),
  }
}
