/* oxlint-disable jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- the grid has the keys of its rows */
import type { MouseEvent } from 'react'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { SeverityMark } from '../parts/severity-mark.tsx'
import { Shape } from '../parts/shape.tsx'
import { isUnread, kindWords, standingWords, titleOf } from '../words/alerts.ts'
import { agoWords, fullMoment } from '../words/dates.ts'

export const alertElementId = (key: string) => `alert-${key}`

interface Props {
  alert: ShownAlert
  index: number
  active: boolean
  chosen: boolean
  open: boolean
  onClick: (event: MouseEvent, alert: ShownAlert) => void
  onOpen: () => void
}

/** Unread by a dot and by weight, how grave, what, about whom, how it stands, when. */
export function AlertRow({ alert, index, active, chosen, open, onClick, onOpen }: Props) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const unread = isUnread(alert)
  const standing = standingWords(alert, nowMs, timeZone)
  const at = alert.shown_at ?? alert.due_at
  const about = [alert.customer_name ?? alert.quote_label, alert.escalated_from?.person_name].filter(Boolean)
  return (
    <div
      id={alertElementId(alert.key)}
      role="row"
      className="alert-row"
      tabIndex={-1}
      aria-rowindex={index + 1}
      aria-selected={chosen || (active && open)}
      data-alert={alert.key}
      data-active={active}
      data-chosen={chosen}
      data-unread={unread}
      onClick={(event) => onClick(event, alert)}
      onDoubleClick={onOpen}
    >
      <span role="gridcell" className="alert-mark">
        {chosen ? <Tick /> : unread && <UnreadDot />}
        <span className="sr-only">{[chosen && 'chosen', unread && 'unread'].filter(Boolean).join(', ')}</span>
      </span>
      <span role="gridcell" className="alert-severity">
        <SeverityMark severity={alert.severity} />
      </span>
      <span role="gridcell" className="alert-title" title={titleOf(alert)}>
        {titleOf(alert)}
      </span>
      <span role="gridcell" className="alert-about ellipsis" title={about.join(' · ') || kindWords(alert.kind)}>
        {about.length === 0 ? <span className="faint">{kindWords(alert.kind)}</span> : about.join(' · ')}
      </span>
      <span role="gridcell" className="alert-standing" data-open={standing.text === 'open'}>
        <Shape shape={standing.shape} />
        <span className="ellipsis">{standing.text}</span>
      </span>
      <span role="gridcell" className="alert-when">
        <time dateTime={at} title={fullMoment(at, timeZone)}>
          {agoWords(at, nowMs, timeZone)}
        </time>
      </span>
    </div>
  )
}

const UnreadDot = () => (
  <svg className="unread-dot" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
    <circle cx="4" cy="4" r="4" />
  </svg>
)

const Tick = () => (
  <svg className="shape" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true">
    <path d="M1.8 6.4 4.6 9.2 10.2 3" strokeWidth="1.8" />
  </svg>
)
