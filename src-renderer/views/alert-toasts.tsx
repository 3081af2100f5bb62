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
  useEffect(() => {
    const present = new Set(toasts.map((toast) => toast.key))
    for (const key of drawn.current) if (!present.has(key)) show.dismiss(key)
    for (const toast of toasts) {
      show(toast.title, {
        id: toast.key,
        description: toast.body,
        duration: Number.POSITIVE_INFINITY,
        closeButton: true,
        action: {
          label: toast.quote === null ? 'Show list' : 'Open',
          onClick: () => alerts.answer(toast, 'clicked'),
        },
        onDismiss: () => alerts.answer(toast, 'closed'),
        ...(permission === 'not_asked'
          ? { cancel: { label: 'Use notifications', onClick: () => void alerts.askPermission() } }
          : {}),
      })
    }
    drawn.current = present
  }, [alerts, toasts, permission])
  return null
}
