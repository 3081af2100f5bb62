import { Copy, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { type WeekHours, weekdays } from '../../domain/working-calendar.ts'
import {
  copiedToWorkdays,
  isOverMidnight,
  nextRange,
  type Range,
  rangesProblem,
  readTime,
  type Weekday,
} from '../form/working-times.ts'
import { capitalised } from '../words/status.ts'
import { ErrorWords } from './form-field.tsx'

interface Props {
  hours: WeekHours
  onChange: (hours: WeekHours) => void
}

const maxRanges = 8

/** Hours per weekday: none, one range or several, over midnight too. */
export function WeekFields({ hours, onChange }: Props) {
  return (
    <div className="setting-row">
      <span id="week-label">Hours</span>
      <ul className="week" aria-labelledby="week-label">
        {weekdays.map((day) => (
          <DayFields
            key={day}
            day={day}
            ranges={hours[day]}
            onChange={(ranges) => onChange({ ...hours, [day]: ranges })}
            onCopy={() => onChange(copiedToWorkdays(hours, day))}
          />
        ))}
      </ul>
    </div>
  )
}

interface DayProps {
  day: Weekday
  ranges: readonly Range[]
  onChange: (ranges: Range[]) => void
  onCopy: () => void
}

function DayFields({ day, ranges, onChange, onCopy }: DayProps) {
  const name = capitalised(day)
  const problem = rangesProblem(ranges)
  const set = (index: number, range: Range) => onChange(ranges.map((other, at) => (at === index ? range : other)))
  return (
    <li className="week-day">
      <span className="week-name">{name}</span>
      <div className="week-ranges">
        {ranges.length === 0 && <span className="quiet week-closed">closed</span>}
        {ranges.map((range, index) => (
          // Ranges have no identity of their own: their place is it.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={index} className="week-range">
            <TimeBox
              label={`${name}, range ${index + 1}, from`}
              value={range.from}
              onChange={(from) => set(index, { ...range, from })}
            />
            –
            <TimeBox
              label={`${name}, range ${index + 1}, to`}
              value={range.to}
              onChange={(to) => set(index, { ...range, to })}
            />
            {isOverMidnight(range) && <span className="quiet">(next day)</span>}
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove range ${index + 1} of ${name}`}
              onClick={() => onChange(ranges.filter((_, at) => at !== index))}
            >
              <X size={13} aria-hidden="true" />
            </button>
          </span>
        ))}
        <span className="week-buttons">
          {ranges.length < maxRanges && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Add a range to ${name}`}
              title="Add a range"
              onClick={() => onChange([...ranges, nextRange(ranges)])}
            >
              <Plus size={14} aria-hidden="true" />
            </button>
          )}
          {ranges.length > 0 && (
            <button
              type="button"
              className="icon-button"
              aria-label={`Use the hours of ${name} for all working days`}
              title="The same on all working days"
              onClick={onCopy}
            >
              <Copy size={13} aria-hidden="true" />
            </button>
          )}
        </span>
        {problem !== null && <ErrorWords>{problem}</ErrorWords>}
      </div>
    </li>
  )
}

/** A time that may be typed as one likes; read when it is left. */
function TimeBox({ label, value, onChange }: { label: string; value: string; onChange: (time: string) => void }) {
  /** What is typed, until it could be read. */
  const [text, setText] = useState<string | null>(null)
  const read = readTime(text ?? value)
  const take = () => {
    if (read === null) return
    setText(null)
    if (read !== value) onChange(read)
  }
  return (
    <input
      className="input time-box"
      aria-label={label}
      aria-invalid={read === null ? true : undefined}
      title={read === null ? 'A time such as 9, 9:30 or 17:00' : undefined}
      inputMode="numeric"
      maxLength={5}
      value={text ?? value}
      onChange={(event) => setText(event.target.value)}
      onBlur={take}
      onKeyDown={(event) => {
        if (event.key === 'Enter') take()
      }}
    />
  )
}
