import { DropdownMenu } from '@radix-ui/themes'
import { Bell, CalendarClock, ChevronsUpDown, List } from 'lucide-react'
import type { ReactNode } from 'react'
import { useStore } from 'zustand'
import { roles } from '../../domain/permissions.ts'
import type { Session } from '../../domain/rpc/session.ts'
import { useData, useDesk, useNowMs } from '../app/desk-context.tsx'
import { focusOn } from '../app/focus.ts'
import { MenuContent } from '../parts/menu-content.tsx'
import { themes } from '../state/preferences.ts'
import { noFilter } from '../state/view.ts'
import { badgeWords } from '../words/alerts.ts'
import { connectionWords } from '../words/connection.ts'
import { countWords, numberWords } from '../words/money.ts'
import { capitalised } from '../words/status.ts'
import { type Preset, presets } from './presets.ts'

type SignedIn = Extract<Session, { state: 'signed_in' }>

export function Sidebar({ session }: { session: SignedIn }) {
  const { view } = useDesk()
  const where = useStore(view.store, (state) => state.where)
  const filter = useStore(view.store, (state) => state.filter)
  const myDay = useData((data) => data.myDay)
  const present = (preset: Preset | null) =>
    where === 'quotes' && JSON.stringify(filter) === JSON.stringify({ ...noFilter, ...preset?.filter })
  const inPreset = presets.some(present)
  return (
    <nav className="sidebar" aria-label="Views">
      <p className="workspace">{session.workspace?.name ?? 'QuoteDesk'}</p>
      <ul>
        <Place
          present={where === 'my_day'}
          onClick={() => view.goMyDay()}
          icon={<CalendarClock size={15} aria-hidden />}
        >
          My day
          {myDay !== null && <MyDayCount count={myDay.expiring + myDay.expired} />}
        </Place>
        <Place
          present={where === 'quotes' && !inPreset}
          onClick={() => view.goQuotes()}
          icon={<List size={15} aria-hidden />}
        >
          Quotes
        </Place>
        <Place present={where === 'alerts'} onClick={() => view.goAlerts()} icon={<Bell size={15} aria-hidden />}>
          Alerts
          <UnreadCount />
        </Place>
      </ul>
      <h2>Quick filters</h2>
      <ul>
        {presets.map((preset) => (
          <Place key={preset.name} present={present(preset)} onClick={() => view.goQuotes(preset.filter, preset.sort)}>
            {preset.name}
          </Place>
        ))}
      </ul>
      <div className="sidebar-foot">
        <SyncLine />
        <Me session={session} />
      </div>
    </nav>
  )
}

interface PlaceProps {
  present: boolean
  onClick: () => void
  icon?: ReactNode
  children: ReactNode
}

function Place({ present, onClick, icon, children }: PlaceProps) {
  // Whoever chose a list goes on in it: the arrows move its rows at once.
  const go = () => {
    onClick()
    focusOn('grid')
  }
  return (
    <li>
      <button type="button" className="place" aria-current={present ? 'page' : undefined} onClick={go}>
        {icon}
        {children}
      </button>
    </li>
  )
}

function MyDayCount({ count }: { count: number }) {
  return (
    <span className="count">
      <span aria-hidden="true">{numberWords(count)}</span>
      <span className="sr-only">, {countWords(count, 'quote')} to look at</span>
    </span>
  )
}

/** What was told and not looked at yet. */
function UnreadCount() {
  const unread = useData((data) => data.alertCounts?.unread ?? 0)
  if (unread === 0) return null
  return (
    <span className="count badge">
      <span aria-hidden="true">{badgeWords(unread)}</span>
      <span className="sr-only">, {numberWords(unread)} unread</span>
    </span>
  )
}

function SyncLine() {
  const { ui, timeZone } = useDesk()
  const status = useData((data) => data.status)
  const nowMs = useNowMs()
  if (status === null) return null
  return (
    <button type="button" className="place" onClick={() => ui.setState({ sync: true })}>
      <span className="place-name">Sync</span>
      <span className="quiet ellipsis">{connectionWords(status.connection, nowMs, timeZone).text}</span>
    </button>
  )
}

/** The person's highest role, for a word under the name. */
function roleWord({ person }: SignedIn): string {
  const highest = roles.toReversed().find((role) => person.memberships.some((membership) => membership.role === role))
  return capitalised(highest ?? 'no team yet')
}

function Me({ session }: { session: SignedIn }) {
  const { ui, preferences, view } = useDesk()
  const theme = useStore(preferences, (state) => state.theme)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger>
        <button type="button" className="me">
          <span className="me-words">
            <span className="ellipsis">{session.person.name}</span>
            <span className="quiet ellipsis">{roleWord(session)}</span>
            <span className="sr-only">Account menu</span>
          </span>
          <ChevronsUpDown size={14} aria-hidden="true" />
        </button>
      </DropdownMenu.Trigger>
      <MenuContent side="top" align="start">
        <DropdownMenu.Label>Theme</DropdownMenu.Label>
        <DropdownMenu.RadioGroup
          value={theme}
          onValueChange={(value) => {
            const chosen = themes.find((candidate) => candidate === value)
            if (chosen) preferences.setState({ theme: chosen })
          }}
        >
          {themes.map((name) => (
            <DropdownMenu.RadioItem key={name} value={name}>
              {name === 'system' ? 'As the system' : capitalised(name)}
            </DropdownMenu.RadioItem>
          ))}
        </DropdownMenu.RadioGroup>
        <DropdownMenu.Separator />
        <DropdownMenu.Item onSelect={() => view.goSettings()}>Alerts & working hours</DropdownMenu.Item>
        <DropdownMenu.Item onSelect={() => ui.setState({ shortcuts: true })}>Keyboard shortcuts</DropdownMenu.Item>
        <DropdownMenu.Item onSelect={() => ui.setState({ signingOut: true })}>Sign out</DropdownMenu.Item>
      </MenuContent>
    </DropdownMenu.Root>
  )
}
