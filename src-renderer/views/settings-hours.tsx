import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import { toast } from 'sonner'
import { type CalendarSettings, calendarSettingsSchema } from '../../domain/calendar-settings.ts'
import type { CalendarView } from '../../domain/rpc/alerts.ts'
import { weekdays } from '../../domain/working-calendar.ts'
import { useDesk } from '../app/desk-context.tsx'
import { useCalendarTrial } from '../app/use-calendar-trial.ts'
import { type EngineRead, useEngineRead } from '../app/use-engine-read.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { rangesProblem } from '../form/working-times.ts'
import { problemWords } from '../words/refusals.ts'
import { BreakThrough } from './settings-break-through.tsx'
import { CalendarFields } from './settings-calendar.tsx'
import { PreviewWords, TrialWords } from './settings-preview.tsx'
import { SettingsSection, SettingsWait } from './settings-section.tsx'

const readCalendar = (client: EngineClient, options: { signal: AbortSignal }) => client.calendar.get(undefined, options)

/** When this person works, and what may disturb them when they do not. */
export function SettingsHours() {
  const calendar: EngineRead<CalendarView> = useEngineRead(readCalendar)
  if (calendar.value === null) return <SettingsWait problem={calendar.problem} />
  return (
    <>
      <Hours view={calendar.value} />
      <BreakThrough />
    </>
  )
}

function Hours({ view }: { view: CalendarView }) {
  /** As it is being changed; null while nothing was. */
  const [draft, setDraft] = useState<CalendarSettings | null>(null)
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { engine } = useDesk()
  const own = view.own !== null || draft !== null
  const shown = draft ?? view.effective
  const changed = draft !== null && JSON.stringify(draft) !== JSON.stringify(view.own)
  const valid =
    calendarSettingsSchema.safeParse(shown).success && weekdays.every((day) => rangesProblem(shown.hours[day]) === null)
  const trial = useCalendarTrial(changed && valid ? shown : null)
  const save = async (settings: CalendarSettings | null, words: string) => {
    setSaving(true)
    setProblem(null)
    try {
      await engine().calendar.save({ settings })
      setDraft(null)
      toast(words, { duration: 4_000 })
    } catch (error) {
      setProblem(problemWords(error))
    } finally {
      setSaving(false)
    }
  }
  return (
    <SettingsSection
      title="Working hours"
      words="What comes true outside these hours is held and judged again when they begin. The same on all your devices."
    >
      <fieldset className="choice-lines" aria-label="Whose hours">
        <label className="check-line">
          <input
            type="radio"
            name="whose-hours"
            checked={!own}
            onChange={() => {
              if (view.own === null) setDraft(null)
              else void save(null, 'Your team’s hours hold for you again')
            }}
          />
          As my team
        </label>
        <label className="check-line">
          <input type="radio" name="whose-hours" checked={own} onChange={() => setDraft(view.effective)} />
          My own
        </label>
      </fieldset>
      {own && (
        <CalendarFields
          value={shown}
          onChange={setDraft}
          personZone={view.person_zone}
          machineZone={view.machine_zone}
        />
      )}
      {view.problem !== null && (
        <p className="warn" role="alert">
          {view.problem}
        </p>
      )}
      {!valid ? null : changed ? <TrialWords trial={trial} /> : <Present view={view} />}
      {problem !== null && (
        <p className="field-error" role="alert">
          Not saved: {problem} What you chose is still here.
        </p>
      )}
      {own && (
        <div className="settings-save">
          <Button
            disabled={!changed || !valid || saving || trial?.ok === false}
            onClick={() => void save(shown, 'Working hours saved')}
          >
            {saving ? 'Saving…' : 'Save hours'}
          </Button>
          {draft !== null && (
            <Button variant="soft" color="gray" disabled={saving} onClick={() => setDraft(null)}>
              Discard changes
            </Button>
          )}
        </div>
      )}
    </SettingsSection>
  )
}

function Present({ view }: { view: CalendarView }) {
  return (
    <output className="calendar-preview">
      {view.preview === null ? (
        <span className="quiet">Looking up the public holidays…</span>
      ) : (
        <PreviewWords preview={view.preview} />
      )}
    </output>
  )
}
