import type { CalendarPreview } from '../../domain/calendar-settings.ts'
import { localDate } from '../../domain/expiry.ts'
import type { CalendarTrial } from '../../domain/rpc/alerts.ts'
import { useServerNowMs } from '../app/desk-context.tsx'
import { openingWords } from '../words/calendar.ts'
import { plainDateWords, zoneCity } from '../words/dates.ts'
import { ErrorWords } from './form-field.tsx'

/** What the calendar means from now on, or why it cannot be. */
export function TrialWords({ trial }: { trial: CalendarTrial | null }) {
  return (
    <output className="calendar-preview">
      {trial === null ? (
        <span className="quiet">Working out when it opens…</span>
      ) : trial.ok ? (
        <PreviewWords preview={trial.preview} />
      ) : (
        <ErrorWords>{trial.message}</ErrorWords>
      )}
    </output>
  )
}

export function PreviewWords({ preview }: { preview: CalendarPreview }) {
  const nowMs = useServerNowMs()
  const year = Number(localDate(nowMs, preview.time_zone).slice(0, 4))
  return (
    <>
      <strong>{openingWords(preview, nowMs)}</strong>
      <span className="quiet">Times of {zoneCity(preview.time_zone)}.</span>
      {preview.next_holidays.length > 0 && (
        <span className="preview-holidays">
          <span className="quiet">Next holidays: </span>
          {preview.next_holidays.map(({ date, name }) => `${plainDateWords(date, year)} ${name}`).join(' · ')}
        </span>
      )}
    </>
  )
}
