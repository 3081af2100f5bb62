import type { EngineToHost, Toast, ToastChannel, ToastEvent } from '../../../domain/host/messages.ts'
import type { Cell } from '../cell.ts'
import { noWish, type Window, type Windows } from '../windows.ts'

/** Brings toasts to wherever this machine can show them, and what became of them back. */
export interface Notifier {
  /** @param place `in_app`: in a window whatever the channel, because a person is looking at one */
  show: (toast: Toast, place?: 'native' | 'in_app') => void
  close: (key: string) => void
  /** @param window the window that showed it, when one did */
  event: (key: string, event: ToastEvent, detail: string | null, window?: Window) => void
  /** Told of each toast that was shown or could not be. */
  onOutcome: (listener: (key: string, shown: boolean, detail: string | null) => void) => () => void
  /** Told of each toast that a person has clicked or closed: they have seen it. */
  onSeen: (listener: (key: string, how: 'clicked' | 'dismissed') => void) => () => void
}

interface Options {
  channel: Cell<ToastChannel>
  windows: Windows
  send: (message: EngineToHost) => void
}

/** What the key of a summary begins with that is not of expiries alone. */
export const mixedSummary = 'alerts:'

/** So many toasts are remembered for their clicks; they stand in the desktop's list long after they were shown. */
const rememberedToasts = 200

export function createNotifier({ channel, windows, send }: Options): Notifier {
  const listeners = new Set<(key: string, shown: boolean, detail: string | null) => void>()
  const seenListeners = new Set<(key: string, how: 'clicked' | 'dismissed') => void>()
  const targets = new Map<string, Toast>()
  const tell = (key: string, shown: boolean, detail: string | null) => {
    for (const listener of listeners) listener(key, shown, detail)
  }
  return {
    show: (toast, place = 'native') => {
      targets.delete(toast.key)
      targets.set(toast.key, toast)
      const oldest = targets.keys().next().value
      if (targets.size > rememberedToasts && oldest !== undefined) targets.delete(oldest)
      if (place === 'in_app' && windows.showToast(toast)) return
      if (channel.get().kind === 'native') send({ kind: 'show_toast', toast })
      else if (!windows.showToast(toast)) tell(toast.key, false, 'no window is open that could show it')
    },
    close: (key) => {
      windows.closeToast(key)
      if (channel.get().kind === 'native') send({ kind: 'close_toast', key })
    },
    event: (key, event, detail, window) => {
      if (event === 'shown') tell(key, true, detail)
      if (event === 'failed') tell(key, false, detail)
      if (event !== 'clicked' && event !== 'dismissed') return
      // Whoever clicked has seen it, even if its "shown" was lost.
      tell(key, true, detail)
      for (const listener of seenListeners) listener(key, event)
      if (event === 'dismissed') return
      const quote = targets.get(key)?.quote ?? quoteOfKey(key)
      // A summary opens what it is of: the list of what expires, or the alerts themselves.
      const alerts = quote === null && key.startsWith(mixedSummary)
      windows.open({ ...noWish, open_quote: quote, expiring_list: quote === null && !alerts, alerts }, window)
      if (!window) send({ kind: 'focus_window' })
    },
    onOutcome: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    onSeen: (listener) => {
      seenListeners.add(listener)
      return () => void seenListeners.delete(listener)
    },
  }
}

/** A toast of an earlier run may still be clicked: its key says which quote it was about. */
export function quoteOfKey(key: string): string | null {
  return /^([0-9a-f-]{36}):/.exec(key)?.[1] ?? null
}
