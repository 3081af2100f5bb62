import type { ReactNode } from 'react'
import type { Diagnostics } from '../../domain/rpc/alerts.ts'
import { type EngineRead, useEngineRead } from '../app/use-engine-read.ts'
import type { EngineClient } from '../engine-link/engine-client.ts'
import { clockWords } from '../words/connection.ts'
import { countWords } from '../words/money.ts'
import { sentence } from '../words/status.ts'
import { SettingsSection, SettingsWait } from './settings-section.tsx'

const readDiagnostics = (client: EngineClient, options: { signal: AbortSignal }) =>
  client.diagnostics.get(undefined, options)

const told = { on: 'on', off: 'off', unknown: 'not told by this desktop' } as const

/** What alerts depend on at this machine. */
export function SettingsDiagnostics() {
  const { value, problem }: EngineRead<Diagnostics> = useEngineRead(readDiagnostics)
  if (value === null) return <SettingsWait problem={problem} />
  const { time_zone_data: zones, toast_channel: channel, presence, server_offset_ms: offset } = value
  const clock = clockWords(offset)
  return (
    <SettingsSection
      title="Diagnostics"
      words="What alerts go by on this machine, for when something is not as expected."
    >
      <dl className="facts diagnostics">
        <Fact name="Time zone data">
          {zones.version}, {countWords(zones.age_days, 'day')} old
          {zones.warning !== null && <span className="warn">{zones.warning}</span>}
        </Fact>
        <Fact name="Zone of this machine">{value.machine_zone}</Fact>
        <Fact name="Toasts">
          {channel.kind === 'native'
            ? `By the desktop, through ${channel.via === 'dbus' ? 'D-Bus' : 'Electron'}`
            : 'Inside this window'}
          {channel.kind === 'in_window' && <span className="quiet">{sentence(channel.reason)}</span>}
        </Fact>
        <Fact name="Clock">
          {offset === null
            ? 'Not compared with the server’s yet'
            : clock === null && `As the server’s, within ${Math.abs(offset)} ms`}
          {clock !== null && <span className="warn">{clock}</span>}
        </Fact>
        <Fact name="Do not disturb">{told[presence.do_not_disturb]}</Fact>
        <Fact name="Full screen">{told[presence.full_screen]}</Fact>
        <Fact name="Calendar">{value.calendar_problem ?? 'In order'}</Fact>
      </dl>
    </SettingsSection>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
)
