import type { ReactNode } from 'react'

interface Props {
  title: string
  children: ReactNode
  action?: ReactNode
  /** Told to screen readers when it appears: when there is time, or at once. */
  announce?: 'politely' | 'at_once'
  /** It is all there is in the window, so its title is the page's. */
  whole?: boolean
}

const roles = { politely: 'status', at_once: 'alert' } as const

/** A full-size word for a place that has nothing to show: what it is for, or what happened, and the next step. */
export function Empty({ title, children, action, announce, whole = false }: Props) {
  return (
    <div className="empty" role={announce && roles[announce]}>
      {whole ? <h1>{title}</h1> : <h2>{title}</h2>}
      <p>{children}</p>
      {action}
    </div>
  )
}
