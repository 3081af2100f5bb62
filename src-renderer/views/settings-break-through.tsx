import { useId } from 'react'
import { useDesk } from '../app/desk-context.tsx'
import { useAlertSettings } from '../app/use-alert-settings.ts'
import { SettingsSection } from './settings-section.tsx'

/** What rules that are marked so may disturb: nothing, unless the person says so here. */
export function BreakThrough() {
  const { view } = useDesk()
  const { value, save } = useAlertSettings()
  const hoursId = useId()
  const disturbId = useId()
  if (value === null) return null
  const { settings } = value
  const set = (change: Partial<typeof settings.break_through>) =>
    void save({ ...settings, break_through: { ...settings.break_through, ...change } })
  return (
    <SettingsSection
      title="What may break through"
      words={
        <>
          Only rules that are marked “may break through” in{' '}
          <button type="button" className="link" onClick={() => view.goSettings('rules')}>
            what I am told of
          </button>
          .
        </>
      }
    >
      <label className="check-line" htmlFor={hoursId}>
        <input
          id={hoursId}
          type="checkbox"
          checked={settings.break_through.hours}
          onChange={(event) => set({ hours: event.target.checked })}
        />
        They may come outside my working hours
      </label>
      <label className="check-line" htmlFor={disturbId}>
        <input
          id={disturbId}
          type="checkbox"
          checked={settings.break_through.do_not_disturb}
          onChange={(event) => set({ do_not_disturb: event.target.checked })}
        />
        Critical and emergency ones may come through do-not-disturb and full screen
      </label>
    </SettingsSection>
  )
}
