import { Button, DropdownMenu } from '@radix-ui/themes'
import { CheckCheck, ListFilter, Settings2 } from 'lucide-react'
import { useStore } from 'zustand'
import { severities } from '../../domain/alert-rule.ts'
import type { AlertFilter } from '../../domain/rpc/alerts.ts'
import { snoozeChoices } from '../../domain/snooze.ts'
import { acknowledge, askNote, dismiss, markAllRead, markRead, snooze } from '../app/alert-commands.ts'
import { useData, useDesk, useUi } from '../app/desk-context.tsx'
import { focusOn } from '../app/focus.ts'
import { MenuContent } from '../parts/menu-content.tsx'
import { SeverityMark } from '../parts/severity-mark.tsx'
import { isNarrowed } from '../state/alert-centre.ts'
import { alertKinds, isOpenAlert, isUnread, kindWords, snoozeWords, stateChoices } from '../words/alerts.ts'
import { countWords, numberWords } from '../words/money.ts'
import { SyncChip } from './sync-chip.tsx'

/** Title, what is listed, what can be done with what is chosen. */
export function AlertHead() {
  const desk = useDesk()
  const { view } = desk
  const unread = useData((data) => data.alertCounts?.unread ?? 0)
  return (
    <>
      <header className="list-head">
        <div className="title">
          <h1>Alerts</h1>
          <output className="count">{unread === 0 ? 'all read' : `${numberWords(unread)} unread`}</output>
        </div>
        <div className="head-end">
          <Button
            size="1"
            variant="ghost"
            color="gray"
            highContrast
            disabled={unread === 0}
            onClick={() => void markAllRead(desk)}
          >
            <CheckCheck size={14} aria-hidden="true" />
            <span className="in-wide">Mark all read</span>
            <span className="in-narrow">All read</span>
          </Button>
          <Button size="1" variant="ghost" color="gray" highContrast onClick={() => view.goSettings('hours')}>
            <Settings2 size={14} aria-hidden="true" />
            Settings
          </Button>
          <SyncChip />
        </div>
      </header>
      <AlertBar />
    </>
  )
}

const states = ['open', 'waiting', 'history', 'all'] as const satisfies readonly AlertFilter['state'][]

function AlertBar() {
  const { centre } = useDesk()
  const filter = useStore(centre.store, (state) => state.filter)
  const held = useData((data) => data.alertCounts?.held ?? 0)
  return (
    <div className="alert-bar">
      <fieldset className="my-day-tabs" aria-label="Which alerts">
        {states.map((state) => (
          <button
            key={state}
            type="button"
            aria-pressed={filter.state === state}
            onClick={() => {
              void centre.narrow({ state })
              focusOn('alerts')
            }}
          >
            {stateChoices[state]}{' '}
            {state === 'waiting' && held > 0 && <span className="count">{numberWords(held)}</span>}
          </button>
        ))}
      </fieldset>
      <FilterMenu filter={filter} />
      <Actions />
    </div>
  )
}

const toggled = <Value,>(values: readonly Value[], value: Value): Value[] =>
  values.includes(value) ? values.filter((other) => other !== value) : [...values, value]

/** Several may be chosen before the menu closes. */
const keepOpen = (event: Event) => event.preventDefault()

function FilterMenu({ filter }: { filter: AlertFilter }) {
  const { centre } = useDesk()
  const count = (filter.unread ? 1 : 0) + filter.severities.length + filter.kinds.length
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger>
        <Button size="1" variant={count > 0 ? 'soft' : 'ghost'} color="gray" highContrast className="filter-button">
          <ListFilter size={14} aria-hidden="true" />
          Filter{count > 0 ? ` · ${count}` : ''}
        </Button>
      </DropdownMenu.Trigger>
      <MenuContent align="start">
        <DropdownMenu.CheckboxItem
          checked={filter.unread}
          onSelect={keepOpen}
          onCheckedChange={(unread) => void centre.narrow({ unread })}
        >
          Unread only
        </DropdownMenu.CheckboxItem>
        <DropdownMenu.Separator />
        <DropdownMenu.Label>Severity</DropdownMenu.Label>
        {severities.toReversed().map((severity) => (
          <DropdownMenu.CheckboxItem
            key={severity}
            checked={filter.severities.includes(severity)}
            onSelect={keepOpen}
            onCheckedChange={() => void centre.narrow({ severities: toggled(filter.severities, severity) })}
          >
            <SeverityMark severity={severity} />
          </DropdownMenu.CheckboxItem>
        ))}
        <DropdownMenu.Separator />
        <DropdownMenu.Label>Kind</DropdownMenu.Label>
        {alertKinds.map((kind) => (
          <DropdownMenu.CheckboxItem
            key={kind}
            checked={filter.kinds.includes(kind)}
            onSelect={keepOpen}
            onCheckedChange={() => void centre.narrow({ kinds: toggled(filter.kinds, kind) })}
          >
            {kindWords(kind)}
          </DropdownMenu.CheckboxItem>
        ))}
        {isNarrowed(filter) && (
          <>
            <DropdownMenu.Separator />
            <DropdownMenu.Item onSelect={() => void centre.narrow({ unread: false, severities: [], kinds: [] })}>
              Clear filters
            </DropdownMenu.Item>
          </>
        )}
      </MenuContent>
    </DropdownMenu.Root>
  )
}

/** The keyboard goes on in the list. */
const back = (run: () => void) => () => {
  run()
  focusOn('alerts')
}

/** Buttons for what is chosen, else for the alert under the keyboard; each says its key. */
function Actions() {
  const desk = useDesk()
  const { centre, ui } = desk
  const { alerts, active, chosen, leaving } = useStore(centre.store)
  const snoozing = useUi((state) => state.snoozing)
  const targets = (alerts ?? []).filter(
    ({ key }) => !leaving.has(key) && (chosen.size > 0 ? chosen.has(key) : key === active),
  )
  const may = targets.some(isOpenAlert)
  return (
    <fieldset className="alert-actions" aria-label="For what is chosen">
      {chosen.size > 0 && (
        <output className="quiet">
          {countWords(chosen.size, 'alert')} chosen{' '}
          <button type="button" className="link" onClick={back(centre.chooseNone)}>
            Choose none
          </button>
        </output>
      )}
      {targets.some(isUnread) && (
        <Action onClick={back(() => void markRead(desk))} disabled={false}>
          Mark read
        </Action>
      )}
      <Action keys="A" disabled={!may} onClick={back(() => void acknowledge(desk))}>
        Acknowledge
      </Action>
      <Action keys="R" disabled={!may} onClick={() => askNote(desk)}>
        Resolve…
      </Action>
      <DropdownMenu.Root modal={false} open={snoozing && may} onOpenChange={(open) => ui.setState({ snoozing: open })}>
        <DropdownMenu.Trigger disabled={!may}>
          <Button size="1" variant="soft" color="gray" aria-keyshortcuts="z">
            Snooze
            <Key>Z</Key>
          </Button>
        </DropdownMenu.Trigger>
        <MenuContent
          align="end"
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            focusOn('alerts')
          }}
        >
          {snoozeChoices.map((choice) => (
            <DropdownMenu.Item key={choice} onSelect={() => void snooze(desk, choice)}>
              {snoozeWords[choice]}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Separator />
          <DropdownMenu.Label>Always comes back in working hours</DropdownMenu.Label>
        </MenuContent>
      </DropdownMenu.Root>
      <Action keys="Del" disabled={!may} onClick={back(() => dismiss(desk))}>
        Dismiss
      </Action>
    </fieldset>
  )
}

const Key = ({ children }: { children: string }) => (
  <kbd className="key in-button in-wide" aria-hidden="true">
    {children}
  </kbd>
)

interface ActionProps {
  keys?: string
  disabled: boolean
  onClick: () => void
  children: string
}

const shortcutOf: Readonly<Record<string, string>> = { A: 'a', R: 'r', Del: 'Delete Backspace' }

function Action({ keys, disabled, onClick, children }: ActionProps) {
  return (
    <Button
      size="1"
      variant="soft"
      color="gray"
      disabled={disabled}
      aria-keyshortcuts={keys && shortcutOf[keys]}
      onClick={onClick}
    >
      {children}
      {keys !== undefined && <Key>{keys}</Key>}
    </Button>
  )
}
