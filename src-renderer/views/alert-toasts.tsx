import { useEffect, useRef } from 'react'
import { toast as show } from 'sonner'
import { useStore } from 'zustand'
import { useDesk } from '../app/desk-context.tsx'

/** Alerts that this window has to show itself: each stays until it is answered. */
export function AlertToasts() {
  const { alerts } = useDesk()
  const toasts = useStore(alerts.store, (state) => state.inWindow)
  const permission = useStore(alerts.store, (state) => state.permission)
  const drawn = useRef(new Set<string>())
  const asked = useRef(false)
  useEffect(() => {
    const present = new Set(toasts.map((toast) => toast.key))
    for (const key of drawn.current) if (!present.has(key)) show.dismiss(key)
    for (const toast of toasts) {
      show(toast.title, {
        id: toast.key,
        className: 'alert-toast',
        description: toast.body,
        duration: Number.POSITIVE_INFINITY,
        action: {
          label: toast.quote === null ? 'Show list' : 'Open',
          onClick: () => alerts.answer(toast, 'clicked'),
        },
        cancel: { label: 'Dismiss', onClick: () => alerts.answer(toast, 'closed') },
      })
    }
    drawn.current = present
    if (toasts.length > 0 && permission === 'not_asked' && !asked.current) {
      asked.current = true
      askOnce(() => void alerts.askPermission())
    }
  }, [alerts, toasts, permission])
  return null
}

/** Browsers want a click before they ask; people want to know first what for. */
function askOnce(allow: () => void) {
  show('See alerts also while you work in another window?', {
    className: 'alert-toast',
    duration: Number.POSITIVE_INFINITY,
    action: { label: 'Use notifications', onClick: allow },
    cancel: { label: 'Not now', onClick: () => {} },
  })
}
