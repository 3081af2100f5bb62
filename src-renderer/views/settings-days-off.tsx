import { Button } from '@radix-ui/themes'
import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { addDays, localDate } from '../../domain/expiry.ts'
import { plainDateSchema } from '../../domain/time.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { readDays, stretches } from '../form/working-times.ts'
import { plainDateWords } from '../words/dates.ts'
import { countWords } from '../words/money.ts'

interface Props {
  days: readonly string[]
  onChange: (days: string[]) => void
}

/** Single days and stretches of them. */
export function DaysOffField({ days, onChange }: Props) {
  const { timeZone } = useDesk()
  const year = Number(localDate(useServerNowMs(), timeZone).slice(0, 4))
  const id = useId()
  const [from, setFrom] = useState('')
  const [to, setTo] = useState('')
  const read = readDays(to === '' ? from : `${from}..${to}`)
  const add = () => {
    if (read === null) return
    onChange([...new Set([...days, ...read])].sort())
    setFrom('')
    setTo('')
  }
  const without = ({ first, last }: { first: string; last: string }) =>
    onChange(days.filter((day) => day < first || day > last))
  return (
    <div className="setting-row">
      <label htmlFor={id}>Days off</label>
      <div className="setting-control">
        {days.length > 0 && (
          <ul className="day-chips" aria-label="Days off">
            {stretches(days).map((stretch) => {
              const words =
                stretch.first === stretch.last
                  ? plainDateWords(stretch.first, year)
                  : `${plainDateWords(stretch.first, year)} – ${plainDateWords(stretch.last, year)}`
              return (
                <li key={stretch.first} className="chip">
                  <span>{words}</span>
                  <button type="button" aria-label={`Work on ${words}`} onClick={() => without(stretch)}>
                    <X size={12} aria-hidden="true" />
                  </button>
                </li>
              )
            })}
          </ul>
        )}
        <div className="setting-pair days-off">
          <input
            id={id}
            className="input"
            type="date"
            aria-label="First day off"
            max="9999-12-31"
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
          –
          <input
            className="input"
            type="date"
            aria-label="Last day off, if there are several"
            min={from}
            max="9999-12-31"
            value={to}
            onChange={(event) => setTo(event.target.value)}
          />
          <Button type="button" size="1" variant="soft" color="gray" disabled={read === null} onClick={add}>
            Add {read !== null && read.length > 1 ? countWords(read.length, 'day') : ''}
          </Button>
        </div>
      </div>
    </div>
  )
}

/** Off until the day of return, without counting days. */
export function AwayField({ until, onChange }: { until: string | null; onChange: (until: string | null) => void }) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const today = localDate(nowMs, timeZone)
  const id = useId()
  return (
    <div className="setting-row">
      <label htmlFor={id}>Away until</label>
      <div className="setting-control">
        <div className="setting-pair days-off">
          <input
            id={id}
            className="input"
            type="date"
            min={addDays(today, 1)}
            max="9999-12-31"
            value={until ?? ''}
            onChange={(event) => {
              const date = event.target.value
              onChange(plainDateSchema.safeParse(date).success ? date : null)
            }}
          />
          {until !== null && (
            <button type="button" className="link" onClick={() => onChange(null)}>
              I am here
            </button>
          )}
        </div>
        <p className="quiet">
          {until === null
            ? 'The day you are back. Until then everything waits.'
            : until <= today
              ? 'You are back already: this holds nothing any more.'
              : `Everything waits until ${plainDateWords(until, Number(today.slice(0, 4)))}, when you are back.`}
        </p>
      </div>
    </div>
  )
}
