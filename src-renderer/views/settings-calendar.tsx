import { type ReactNode, useId } from 'react'
import type { CalendarSettings } from '../../domain/calendar-settings.ts'
import { weekHoursSchema } from '../../domain/working-calendar.ts'
import { ErrorWords } from './form-field.tsx'
import { AwayField, DaysOffField } from './settings-days-off.tsx'
import { HolidayFields } from './settings-holidays.tsx'
import { WeekFields } from './settings-week.tsx'
import { ZoneBox } from './settings-zone.tsx'

interface Props {
  value: CalendarSettings
  onChange: (value: CalendarSettings) => void
  /** What a person's own directory entry says; null for a team's default, in which everybody keeps their own. */
  personZone: string | null
  machineZone: string
}

/** All that makes a calendar. */
export function CalendarFields({ value, onChange, personZone, machineZone }: Props) {
  const followId = useId()
  const set = (change: Partial<CalendarSettings>) => onChange({ ...value, ...change })
  const week = weekHoursSchema.safeParse(value.hours)
  const neverOpen = week.success ? null : (week.error.issues.find(({ path }) => path.length === 0)?.message ?? null)
  const noZone = personZone === null ? 'Everybody’s own' : `As in the directory: ${personZone}`
  return (
    <>
      <SettingRow label="Time zone">
        {(id) => (
          <>
            <ZoneBox
              id={id}
              value={value.time_zone}
              none={noZone}
              disabled={value.follow_machine}
              onChange={(time_zone) => set({ time_zone })}
            />
            <label className="check-line" htmlFor={followId}>
              <input
                id={followId}
                type="checkbox"
                checked={value.follow_machine}
                onChange={(event) => set({ follow_machine: event.target.checked })}
              />
              While travelling, follow the zone of the machine
              {personZone !== null && <span className="quiet"> (now {machineZone})</span>}
            </label>
          </>
        )}
      </SettingRow>
      <WeekFields hours={value.hours} onChange={(hours) => set({ hours })} />
      {neverOpen !== null && (
        <div role="alert">
          <ErrorWords>{neverOpen}</ErrorWords>
        </div>
      )}
      <HolidayFields value={value.holidays} onChange={(holidays) => set({ holidays })} />
      <DaysOffField days={value.days_off} onChange={(days_off) => set({ days_off })} />
      {personZone !== null && <AwayField until={value.away_until} onChange={(away_until) => set({ away_until })} />}
    </>
  )
}

interface RowProps {
  label: string
  hint?: ReactNode
  children: (id: string) => ReactNode
}

/** Its name at the left, the control at the right. */
export function SettingRow({ label, hint, children }: RowProps) {
  const id = useId()
  return (
    <div className="setting-row">
      <label htmlFor={id}>{label}</label>
      <div className="setting-control">
        {children(id)}
        {hint !== undefined && <p className="quiet">{hint}</p>}
      </div>
    </div>
  )
}
