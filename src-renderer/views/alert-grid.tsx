/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a row is one thing to choose and act on, which table elements do not offer */
import { Button } from '@radix-ui/themes'
import { type KeyboardEvent, type MouseEvent, useEffect } from 'react'
import { useStore } from 'zustand'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import { acknowledge, askNote, dismiss, openAlert } from '../app/alert-commands.ts'
import { useDesk } from '../app/desk-context.tsx'
import { focusOn, focusTargets } from '../app/focus.ts'
import { movedIndex } from '../list/moved-index.ts'
import { numberWords } from '../words/money.ts'
import { AlertRow, alertElementId } from './alert-row.tsx'

/** How far Page up and down go. */
const rowsInSight = 15

/** The alerts, a row each; the keyboard chooses and acts on them. */
export function AlertGrid({ alerts }: { alerts: readonly ShownAlert[] }) {
  const desk = useDesk()
  const { centre, page } = desk
  const { active, chosen, leaving, total, loading } = useStore(centre.store)
  const openQuote = useStore(page.store, (state) => state.id)
  const rows = alerts.filter(({ key }) => !leaving.has(key))
  const index = Math.max(
    0,
    rows.findIndex(({ key }) => key === active),
  )
  useEffect(() => {
    if (document.activeElement === document.body) focusOn('alerts')
  }, [])
  useEffect(() => {
    if (active !== null) document.getElementById(alertElementId(active))?.scrollIntoView({ block: 'nearest' })
  }, [active])

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isOwn(event)) return
    const next = movedIndex(event.key, index, rows.length, rowsInSight)
    const row = next === null ? undefined : rows[next]
    if (row !== undefined) {
      event.preventDefault()
      if (event.shiftKey) centre.choose(row.key, 'to')
      else centre.setActive(row.key)
      return
    }
    if (act(desk, event.key, rows[index])) event.preventDefault()
  }
  const onRow = (event: MouseEvent, alert: ShownAlert) => {
    focusOn('alerts')
    if (event.ctrlKey || event.metaKey) centre.choose(alert.key, 'one')
    else if (event.shiftKey) centre.choose(alert.key, 'to')
    else {
      centre.chooseNone()
      centre.setActive(alert.key)
    }
  }
  return (
    <div
      id={focusTargets.alerts}
      role="grid"
      className="alert-grid"
      tabIndex={0}
      aria-label="Alerts"
      aria-multiselectable
      aria-rowcount={total}
      aria-busy={loading}
      aria-activedescendant={active === null ? undefined : alertElementId(active)}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup">
        {rows.map((alert, at) => (
          <AlertRow
            key={alert.key}
            alert={alert}
            index={at}
            active={at === index}
            chosen={chosen.has(alert.key)}
            open={openQuote !== null && alert.quote === openQuote}
            onClick={onRow}
            onOpen={() => openAlert(desk, alert)}
          />
        ))}
      </div>
      {alerts.length < total && (
        <div className="alert-more">
          <Button size="1" variant="soft" color="gray" disabled={loading} onClick={() => void centre.more()}>
            {loading ? 'Reading…' : `Show more · ${numberWords(total - alerts.length)} older`}
          </Button>
        </div>
      )}
    </div>
  )
}

/** Not a key of a button within. */
const isOwn = ({ target }: KeyboardEvent) => !(target instanceof HTMLElement && target.closest('button') !== null)

/** @returns whether the key meant something here */
function act(desk: ReturnType<typeof useDesk>, key: string, alert: ShownAlert | undefined): boolean {
  const { ui, centre, preferences } = desk
  if (key === 'Enter') {
    if (alert !== undefined) openAlert(desk, alert)
    return true
  }
  if (key === ' ') {
    if (alert !== undefined) centre.choose(alert.key, 'one')
    return true
  }
  if (key === 'Escape' && centre.store.getState().chosen.size > 0) {
    centre.chooseNone()
    return true
  }
  if (key === 'Delete' || key === 'Backspace') {
    dismiss(desk)
    return true
  }
  // After G the next letter is a place to go to.
  if (!preferences.getState().singleKeys || ui.getState().going) return false
  switch (key.toLowerCase()) {
    case 'a':
      void acknowledge(desk)
      return true
    case 'r':
      askNote(desk)
      return true
    case 'z':
      ui.setState({ snoozing: true })
      return true
    default:
      return false
  }
}
