import { isDealtWith, type SharedAlert } from '../../domain/alert-share.ts'
import type { EventPlace } from '../../domain/wire/stream-event.ts'
import { userStream } from '../../domain/wire/stream-name.ts'
import { rowWriter } from '../store/rows.ts'
import type { Origin, Tx } from '../store/tx.ts'

const writeAlert = rowWriter('alerts', ['person_id', 'key', 'alert', 'waits_since'], ['person_id', 'key'])

/** Shown and not dealt with: since when (a snooze puts it off); null when nobody has to be asked. */
function waitsSince(alert: SharedAlert): string | null {
  if (alert.shown_at === null || alert.escalated_at !== null || isDealtWith(alert)) return null
  return alert.snoozed_until ?? alert.shown_at
}

/** Row and event of what the devices of a person know about an alert, in the caller's transaction. */
export async function saveAlert(
  tx: Tx,
  personId: string,
  alert: SharedAlert,
  origin: Origin | null = null,
): Promise<EventPlace> {
  writeAlert(tx.db, {
    person_id: personId,
    key: alert.key,
    alert: JSON.stringify(alert),
    waits_since: waitsSince(alert),
  })
  const { place } = await tx.appendEvent(userStream(personId), { type: 'alert.saved', data: alert }, origin)
  return place
}
