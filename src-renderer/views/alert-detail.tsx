import { Button } from '@radix-ui/themes'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import { openAlert } from '../app/alert-commands.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { SeverityMark } from '../parts/severity-mark.tsx'
import { Shape } from '../parts/shape.tsx'
import { isUnread, kindWords, standingWords, titleOf } from '../words/alerts.ts'
import { fullMoment, momentWords } from '../words/dates.ts'
import { capitalised, sentence } from '../words/status.ts'

/** The alert under the keyboard in full, as long as no quote is open beside the list. */
export function AlertDetail() {
  const { centre } = useDesk()
  const { alerts, active, leaving } = useStore(centre.store)
  const alert = alerts?.find(({ key }) => key === active)
  if (alert === undefined || leaving.has(alert.key)) return null
  return (
    <section className="alert-detail" aria-label="Alert">
      <Detail key={alert.key} alert={alert} />
    </section>
  )
}

function Detail({ alert }: { alert: ShownAlert }) {
  const desk = useDesk()
  const nowMs = useServerNowMs()
  const { timeZone, view } = desk
  const standing = standingWords(alert, nowMs, timeZone)
  return (
    <>
      <h2 className="selectable">{titleOf(alert)}</h2>
      {alert.body !== null && <p className="selectable">{alert.body}</p>}
      <p className="alert-facts">
        <SeverityMark severity={alert.severity} />
        <span>{kindWords(alert.kind)}</span>
        {isUnread(alert) && <span>unread</span>}
      </p>
      <div className="alert-detail-buttons">
        {alert.quote !== null && (
          <Button size="1" onClick={() => openAlert(desk, alert)}>
            Open {alert.quote_label ?? 'quote'}
            <kbd className="key in-button" aria-hidden="true">
              ↵
            </kbd>
          </Button>
        )}
        {alert.kind === 'day_summary' && (
          <Button size="1" onClick={() => openAlert(desk, alert)}>
            Show my day
          </Button>
        )}
      </div>
      <dl className="facts alert-times">
        <Fact name="Now">
          <span className="alert-standing">
            <Shape shape={standing.shape} />
            {standing.text}
          </span>
        </Fact>
        <Moment name="Came true" at={alert.due_at} />
        <Moment name="Told" at={alert.shown_at} />
        <Moment name="Read" at={alert.read_at} />
        <Moment name="Acknowledged" at={alert.acknowledged_at} />
        <Moment name="Passed on" at={alert.escalated_at} />
        <Moment name="Resolved" at={alert.resolved_at} />
        <Moment name="Dismissed" at={alert.dismissed_at} />
      </dl>
      {alert.reason !== '' && alert.reason !== 'shown' && <p className="quiet selectable">{sentence(alert.reason)}</p>}
      {alert.note !== null && alert.note !== '' && <blockquote className="alert-note">{alert.note}</blockquote>}
      {alert.escalated_from !== null && <Trail {...alert.escalated_from} />}
      <p>
        <button type="button" className="link" onClick={() => view.goSettings('rules')}>
          Change what you are told of
        </button>
      </p>
    </>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)

function Moment({ name, at }: { name: string; at: string | null }) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  if (at === null) return null
  return (
    <Fact name={name}>
      <time dateTime={at} title={fullMoment(at, timeZone)}>
        {momentWords(at, nowMs, timeZone)}
      </time>
    </Fact>
  )
}

/** Whose alert it was, and what became of it before it came here. */
function Trail({ person_name, trail }: NonNullable<ShownAlert['escalated_from']>) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const name = person_name ?? 'somebody who is gone'
  return (
    <section className="alert-trail" aria-label={`Escalated from ${name}`}>
      <h3>Escalated from {name}</h3>
      <ol>
        {trail.map(({ at, what }) => (
          <li key={`${at} ${what}`}>
            <time dateTime={at} title={fullMoment(at, timeZone)}>
              {momentWords(at, nowMs, timeZone)}
            </time>
            <span>{capitalised(what)}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
