import { expiryWords } from '../words/dates.ts'

interface Props {
  expiresOn: string | null
  timeZone: string
  closed: boolean
  nowMs: number
}

/** Valid until, for a table cell: short words, ▲ when it is urgent, everything on hover and to a screen reader. */
export function ExpiryCell({ expiresOn, timeZone, closed, nowMs }: Props) {
  if (expiresOn === null) return <span className="faint">no date</span>
  const words = expiryWords({ expires_on: expiresOn, time_zone: timeZone }, closed, nowMs)
  return (
    <span className="expiry" data-urgency={words.urgency} title={words.full}>
      <span aria-hidden="true">{words.short}</span>
      {words.urgency !== 'none' && <UrgentMark />}
      <span className="sr-only">{words.full}</span>
    </span>
  )
}

export function UrgentMark() {
  return (
    <svg className="urgent-mark" viewBox="0 0 8 8" width="8" height="8" aria-hidden="true">
      <path d="M4 .8 7.6 7.2H.4z" />
    </svg>
  )
}
