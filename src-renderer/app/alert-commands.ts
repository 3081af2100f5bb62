import { toast } from 'sonner'
import type { AlertMark } from '../../domain/alert-state.ts'
import type { ShownAlert } from '../../domain/rpc/alerts.ts'
import type { SnoozeChoice } from '../../domain/snooze.ts'
import type { Desk } from '../state/desk.ts'
import { aheadWords, isOpenAlert, isUnread, titleOf } from '../words/alerts.ts'
import { countWords } from '../words/money.ts'
import { tellRefusal } from './told-change.ts'

type PlainMark = Exclude<AlertMark, { mark: 'snoozed' }>

const undoForMs = 6_000

const open = (alerts: readonly ShownAlert[]) => alerts.filter(isOpenAlert)
const keysOf = (alerts: readonly ShownAlert[]) => alerts.map(({ key }) => key)
const named = (alerts: readonly ShownAlert[]) =>
  alerts[0] !== undefined && alerts.length === 1 ? titleOf(alerts[0]) : countWords(alerts.length, 'alert')

async function mark(desk: Desk, alerts: readonly ShownAlert[], what: PlainMark, failure: string): Promise<boolean> {
  if (alerts.length === 0) return false
  try {
    await desk.engine().alerts.mark({ keys: keysOf(alerts), mark: what })
    return true
  } catch (error) {
    tellRefusal(failure, error)
    return false
  }
}

/** Opening is reading: nobody has to say so. */
export function openAlert(desk: Desk, alert: ShownAlert): void {
  if (isUnread(alert)) void mark(desk, [alert], { mark: 'read' }, 'It could not be marked read')
  if (alert.quote !== null) {
    void desk.page.open(alert.quote)
    desk.ui.setState({ focusPage: true })
  } else if (alert.kind === 'day_summary') desk.view.goMyDay()
}

export const markRead = (desk: Desk): Promise<boolean> =>
  mark(desk, desk.centre.targets().filter(isUnread), { mark: 'read' }, 'They could not be marked read')

export async function markAllRead(desk: Desk): Promise<void> {
  try {
    const { marked } = await desk.engine().alerts.markAllRead()
    toast(marked === 0 ? 'Nothing was unread' : `${countWords(marked, 'alert')} marked read`, { duration: 4_000 })
  } catch (error) {
    tellRefusal('They could not be marked read', error)
  }
}

/** It stops escalation, so it is sent at once and is not undone. */
export async function acknowledge(desk: Desk): Promise<void> {
  const alerts = open(desk.centre.targets())
  if (!(await mark(desk, alerts, { mark: 'acknowledged' }, 'It could not be acknowledged'))) return
  desk.centre.chooseNone()
  toast('Acknowledged', { description: named(alerts), duration: 4_000 })
}

export function askNote(desk: Desk): void {
  const alerts = open(desk.centre.targets())
  if (alerts.length > 0) desk.ui.setState({ resolvingAlerts: alerts })
}

/** @returns why not, in words; null when it is done */
export async function resolve(desk: Desk, alerts: readonly ShownAlert[], note: string): Promise<boolean> {
  const done = await mark(desk, alerts, { mark: 'resolved', note }, 'It could not be resolved')
  if (!done) return false
  desk.centre.chooseNone()
  toast('Resolved', { description: named(alerts), duration: 4_000 })
  return true
}

export async function snooze(desk: Desk, choice: SnoozeChoice): Promise<void> {
  const { engine, centre, now, data, timeZone } = desk
  const alerts = open(centre.targets())
  const snoozed: ShownAlert[] = []
  let until: string | null = null
  try {
    for (const alert of alerts) {
      const answer = await engine().alerts.snooze({ key: alert.key, choice })
      until = answer.until
      snoozed.push(alert)
    }
  } catch (error) {
    tellRefusal(snoozed.length === 0 ? 'It could not be snoozed' : 'Not all could be snoozed', error)
  }
  if (until === null) return
  centre.chooseNone()
  const words = aheadWords(
    until,
    now.store.getState().nowMs + (data.getState().status?.server_offset_ms ?? 0),
    timeZone,
  )
  toast(`Snoozed until ${words}`, { description: named(snoozed), duration: 4_000 })
}

/**
 * What is dismissed is dismissed on every device and cannot be taken back there, so it is only sent when the time for
 * "Undo" is over. A window that closes before that leaves the alert as it was.
 */
export function dismiss(desk: Desk): void {
  const alerts = open(desk.centre.targets())
  if (alerts.length === 0) return
  const { centre, timers } = desk
  const keys = keysOf(alerts)
  centre.leave(keys, true)
  const send = async () => {
    const done = await mark(desk, alerts, { mark: 'dismissed' }, 'It could not be dismissed')
    if (!done) centre.leave(keys, false)
  }
  const cancel = timers.after(undoForMs, () => void send())
  toast('Dismissed', {
    description: named(alerts),
    duration: undoForMs - 500,
    action: {
      label: 'Undo',
      onClick: () => {
        cancel()
        centre.leave(keys, false)
      },
    },
  })
}
