import { type Alert, type AlertMark, withMark } from '../../../domain/alert-state.ts'
import { type SnoozeChoice, snoozedUntilMs } from '../../../domain/snooze.ts'
import { toInstantText } from '../../../domain/time.ts'
import { neverOpens } from '../../../domain/working-hours.ts'
import { readAlert, saveAlert } from '../cache/alert-store.ts'
import type { WritableDb } from '../cache/sql.ts'
import { type Judging, log } from './context.ts'

const words = {
  read: 'read',
  acknowledged: 'acknowledged',
  resolved: 'resolved',
  dismissed: 'dismissed',
  snoozed: 'snoozed',
} as const

export interface Marked {
  alert: Alert
  /** The toast it was told in before. */
  toast: string | null
  changed: boolean
}

/** Writes what the person did with an alert. Null: there is no such alert. */
export function applyMark(db: WritableDb, judging: Judging, key: string, mark: AlertMark): Marked | null {
  const before = readAlert(db, key)
  if (!before) return null
  const { toast } = before
  const after = withMark(before, mark, judging.now)
  if (JSON.stringify(after) === JSON.stringify(before)) return { alert: before, toast, changed: false }
  saveAlert(db, after)
  const note = mark.mark === 'resolved' && mark.note !== '' ? `: ${mark.note}` : ''
  const until = mark.mark === 'snoozed' ? ` until ${mark.until}` : ''
  log(db, judging, after, mark.mark === 'snoozed' ? 'snoozed' : 'marked', `${words[mark.mark]}${until}${note}`)
  return { alert: after, toast, changed: true }
}

/** @throws RangeError in words for the person when the calendar does not open again */
export function snoozeMark(judging: Judging, choice: SnoozeChoice): AlertMark {
  const untilMs = snoozedUntilMs(judging.plan.hours, choice, judging.nowMs)
  if (untilMs === null) throw new RangeError(neverOpens)
  return { mark: 'snoozed', until: toInstantText(untilMs) }
}
