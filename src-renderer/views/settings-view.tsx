import { useStore } from 'zustand'
import type { Session } from '../../domain/rpc/session.ts'
import { useDesk } from '../app/desk-context.tsx'
import { focusTargets } from '../app/focus.ts'
import { SettingsDiagnostics } from './settings-diagnostics.tsx'
import { SettingsEverybody } from './settings-everybody.tsx'
import { SettingsHours } from './settings-hours.tsx'
import { SettingsRules } from './settings-rules.tsx'

type SignedIn = Extract<Session, { state: 'signed_in' }>

/** When this person works, what they are told of, and, for those who may, the same for everybody. */
export function SettingsView({ session }: { session: SignedIn }) {
  const { view } = useDesk()
  const section = useStore(view.store, (state) => state.section)
  return (
    <div id={focusTargets.settings} className="settings" tabIndex={-1}>
      <div className="settings-page" key={`${session.person.id} ${section}`}>
        {section === 'hours' && <SettingsHours />}
        {section === 'rules' && <SettingsRules />}
        {section === 'everybody' && <SettingsEverybody session={session} />}
        {section === 'diagnostics' && <SettingsDiagnostics />}
      </div>
    </div>
  )
}
