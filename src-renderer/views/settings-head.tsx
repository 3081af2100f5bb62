import { useStore } from 'zustand'
import type { Person } from '../../domain/directory.ts'
import { teamsWith } from '../../domain/permissions.ts'
import { useDesk } from '../app/desk-context.tsx'
import type { SettingsSection } from '../state/view.ts'
import { SyncChip } from './sync-chip.tsx'

const names: Record<SettingsSection, string> = {
  hours: 'My hours',
  rules: 'What I am told of',
  everybody: 'For everybody',
  diagnostics: 'Diagnostics',
}

/** Whether the person decides for others, too. */
const maySetForAll = (person: Person) => teamsWith(person.memberships, 'alerts:manage').length > 0

export function SettingsHead({ me }: { me: Person }) {
  const { view } = useDesk()
  const section = useStore(view.store, (state) => state.section)
  const sections = (Object.keys(names) as SettingsSection[]).filter((name) => name !== 'everybody' || maySetForAll(me))
  return (
    <>
      <header className="list-head">
        <div className="title">
          <h1>Alerts & working hours</h1>
        </div>
        <div className="head-end">
          <SyncChip />
        </div>
      </header>
      <nav className="my-day-tabs" aria-label="Settings">
        {sections.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={section === name ? 'page' : undefined}
            aria-pressed={section === name}
            onClick={() => view.goSettings(name)}
          >
            {names[name]}
          </button>
        ))}
      </nav>
    </>
  )
}
