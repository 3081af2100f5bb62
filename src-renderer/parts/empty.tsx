import type { ReactNode } from 'react'

interface Props {
  title: string
  children: ReactNode
  action?: ReactNode
  role?: 'status' | 'alert'
}

/** A full-size word for a place that has nothing to show: what it is for, or what happened, and the next step. */
export function Empty({ title, children, action, role }: Props) {
  return (
    <div className="empty" role={role}>
      <h2>{title}</h2>
      <p>{children}</p>
      {action}
    </div>
  )
}
