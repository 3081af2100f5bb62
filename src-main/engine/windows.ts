import type { Toast } from '../../domain/host/messages.ts'
import { type Cell, createCell } from './cell.ts'
import { doNothing } from './scheduler.ts'

/** What a window is asked to open. */
export interface OpenWish {
  open_quote: string | null
  expiring_list: boolean
  /** With `open_quote`: its form, at this field. */
  edit: 'valid_until' | null
  /** The alert centre. */
  alerts: boolean
  /** What could not be done, in words for the person. */
  problem: string | null
}

export const noWish: OpenWish = { open_quote: null, expiring_list: false, edit: null, alerts: false, problem: null }

/** One attached window, as the engine sees it. */
export interface Window {
  /** Takes wishes while the window watches; what was asked before anybody watched comes first. */
  watchWishes: (listener: (wish: OpenWish) => void) => () => void
  watchToasts: (listener: (toast: Toast) => void) => () => void
  /** Keys of toasts that are to go. */
  watchClosedToasts: (listener: (closed: { key: string }) => void) => () => void
  /** Whether a person looks at it. */
  setFocused: (focused: boolean) => void
  /** The window is gone. */
  detach: () => void
}

/** The windows that are open, latest last. Wishes and toasts go to one of them, never to all. */
export interface Windows {
  attach: () => Window
  /** To the window given, else to the latest that listens; kept for the next one when there is none. */
  open: (wish: OpenWish, window?: Window) => void
  /** @returns false when no window can show it */
  showToast: (toast: Toast) => boolean
  /** Takes a toast back wherever a window shows it. */
  closeToast: (key: string) => void
  /** Whether a person looks at one of them. */
  readonly focused: Cell<boolean>
  /** A window has begun to listen for toasts. */
  onToastListener: (listener: () => void) => void
}

interface Attached {
  window: Window
  wishes: ((wish: OpenWish) => void) | null
  toasts: ((toast: Toast) => void) | null
  closedToasts: ((closed: { key: string }) => void) | null
  focused: boolean
}

export function createWindows(): Windows {
  const attached: Attached[] = []
  let waiting: OpenWish | null = null
  let onToastListener = doNothing
  const focused = createCell(false)
  const lookAtFocus = () => focused.set(attached.some((entry) => entry.focused))

  return {
    attach: () => {
      const entry: Attached = {
        wishes: null,
        toasts: null,
        closedToasts: null,
        focused: false,
        window: {
          watchWishes: (listener) => {
            entry.wishes = listener
            const wish = waiting
            waiting = null
            if (wish) listener(wish)
            return () => {
              if (entry.wishes === listener) entry.wishes = null
            }
          },
          watchToasts: (listener) => {
            entry.toasts = listener
            onToastListener()
            return () => {
              if (entry.toasts === listener) entry.toasts = null
            }
          },
          watchClosedToasts: (listener) => {
            entry.closedToasts = listener
            return () => {
              if (entry.closedToasts === listener) entry.closedToasts = null
            }
          },
          setFocused: (isFocused) => {
            entry.focused = isFocused
            lookAtFocus()
          },
          detach: () => {
            const index = attached.indexOf(entry)
            if (index !== -1) attached.splice(index, 1)
            lookAtFocus()
          },
        },
      }
      attached.push(entry)
      return entry.window
    },
    open: (wish, window) => {
      const chosen =
        attached.find((entry) => entry.window === window && entry.wishes) ?? attached.findLast((entry) => entry.wishes)
      if (chosen?.wishes) chosen.wishes(wish)
      else waiting = wish
    },
    showToast: (toast) => {
      const show = attached.findLast((entry) => entry.toasts)?.toasts
      show?.(toast)
      return show !== undefined
    },
    closeToast: (key) => {
      for (const entry of attached) entry.closedToasts?.({ key })
    },
    focused,
    onToastListener: (listener) => {
      onToastListener = listener
    },
  }
}
