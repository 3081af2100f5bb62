import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import type { AlertPolicy } from '../../domain/alert-policy.ts'
import {
  type CalendarSettings,
  calendarSettingsSchema,
  defaultCalendarSettings,
} from '../../domain/calendar-settings.ts'
import { useDesk, useDirectory } from '../app/desk-context.tsx'
import { useCalendarTrial } from '../app/use-calendar-trial.ts'
import { CalendarFields } from './settings-calendar.tsx'
import { TrialWords } from './settings-preview.tsx'
import { SettingsSection } from './settings-section.tsx'

interface Props {
  calendars: AlertPolicy['calendars']
  onChange: (calendars: AlertPolicy['calendars']) => void
}

/** What holds for the people of a team who have no hours of their own. */
export function TeamCalendars({ calendars, onChange }: Props) {
  const { teams } = useDirectory()
  const without = (id: string) =>
    onChange(Object.fromEntries(Object.entries(calendars).filter(([team]) => team !== id)))
  return (
    <SettingsSection
      title="Hours of teams"
      words="For people who have no hours of their own. A team without any works Monday to Friday, 09:00–17:00."
    >
      <ul className="rules">
        {teams.map(({ id, name }) => (
          <TeamCalendar
            key={id}
            name={name}
            calendar={calendars[id] ?? null}
            onChange={(calendar) => (calendar === null ? without(id) : onChange({ ...calendars, [id]: calendar }))}
          />
        ))}
      </ul>
    </SettingsSection>
  )
}

interface TeamProps {
  name: string
  calendar: CalendarSettings | null
  onChange: (calendar: CalendarSettings | null) => void
}

function TeamCalendar({ name, calendar, onChange }: TeamProps) {
  const { timeZone } = useDesk()
  const [open, setOpen] = useState(false)
  const valid = calendar !== null && calendarSettingsSchema.safeParse(calendar).success
  const trial = useCalendarTrial(open && valid ? calendar : null)
  return (
    <li className="rule">
      <div className="rule-head">
        <span className="rule-name">{name}</span>
        <span className="rule-buttons">
          <span className="quiet">{calendar === null ? 'office hours' : 'hours of its own'}</span>
          {calendar !== null && (
            <button type="button" className="link" onClick={() => onChange(null)}>
              Use office hours
            </button>
          )}
          <Button
            type="button"
            size="1"
            variant="soft"
            color="gray"
            aria-expanded={open}
            aria-label={`${open ? 'Close' : 'Change'} the hours of ${name}`}
            onClick={() => {
              setOpen(!open)
              if (!open && calendar === null) onChange(defaultCalendarSettings)
            }}
          >
            {open ? 'Close' : 'Change'}
          </Button>
        </span>
      </div>
      {open && calendar !== null && (
        <div className="team-calendar">
          <CalendarFields value={calendar} onChange={onChange} personZone={null} machineZone={timeZone} />
          {valid && <TrialWords trial={trial} />}
        </div>
      )}
    </li>
  )
}
