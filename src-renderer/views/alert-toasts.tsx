import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { toast as show } from 'sonner'
import { useStore } from 'zustand'
import type { Toast } from '../../domain/host/messages.ts'
import { useDesk } from '../app/desk-context.tsx'

/** Alerts that this window has to show itself: each stays until it is answered. */
export function AlertToasts() {
  const { alerts } = useDesk()
  const toasts = useStore(alerts.store, (state) => state.inWindow)
  const permission = useStore(alerts.store, (state) => state.permission)
  const problem = useStore(alerts.store, (state) => state.problem)
  const drawn = useRef(new Set<string>())
  const asked = useRef(false)
  useEffect(() => {
    const present = new Set(toasts.map((toast) => toast.key))
    for (const key of drawn.current) if (!present.has(key)) show.dismiss(key)
    for (const toast of toasts) {
      show.custom(
        () => <AlertCard toast={toast} />,
        // Only its own buttons end it: a swipe would not be told to anybody.
        { id: toast.key, className: 'alert-card-frame', duration: Number.POSITIVE_INFINITY, dismissible: false },
      )
    }
    drawn.current = present
    if (toasts.length > 0 && permission === 'not_asked' && !asked.current) {
      asked.current = true
      askOnce(() => void alerts.askPermission())
    }
  }, [alerts, toasts, permission])
  useEffect(() => {
    if (problem === null) return
    show.error('That could not be done', { description: problem, duration: 12_000 })
    alerts.problemTold()
  }, [alerts, problem])
  return null
}

const urgencyWords = { low: 'Alert', normal: 'Alert', critical: 'Urgent alert' } as const

/** The same words and buttons as a toast of the desktop. */
function AlertCard({ toast }: { toast: Toast }) {
  const { alerts } = useDesk()
  const [first, ...others] = toast.actions
  const openLabel = toast.quote === null ? 'Show list' : 'Open'
  return (
    <article
      className="alert-card"
      data-urgency={toast.urgency}
      aria-label={`${urgencyWords[toast.urgency]}: ${toast.title}`}
    >
      <button
        type="button"
        className="icon-button card-close"
        aria-label="Dismiss"
        onClick={() => alerts.answer(toast, 'dismissed')}
      >
        <X size={14} aria-hidden="true" />
      </button>
      <p className="alert-card-title">{toast.title}</p>
      <p className="quiet">{toast.body}</p>
      <div className="alert-card-buttons">
        <button type="button" className="card-button" data-first="true" onClick={() => alerts.answer(toast, 'clicked')}>
          {first?.id === 'open' ? (toast.quote === null ? openLabel : first.label) : openLabel}
        </button>
        {(first?.id === 'open' ? others : toast.actions).map(({ id, label }) => (
          <button key={id} type="button" className="card-button" onClick={() => void alerts.act(toast, id)}>
            {label}
          </button>
        ))}
      </div>
    </article>
  )
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
