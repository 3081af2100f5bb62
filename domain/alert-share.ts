import { z } from 'zod'
import { alertMarkSchema, alertSchema } from './alert-state.ts'
import { entityIdSchema } from './ids.ts'
import { instantSchema } from './time.ts'

/** Who an alert is about and what it says: the part that does not change. */
export const alertIdentitySchema = alertSchema
  .pick({ key: true, quote: true, rule: true, kind: true, occasion: true, severity: true, due_at: true })
  .extend({ title: z.string().max(200), body: z.string().max(1_000) })
export type AlertIdentity = z.infer<typeof alertIdentitySchema>

/** What a device tells the person's other devices: it was shown here, or what the person did with it. */
export const shareMarkSchema = z.discriminatedUnion('mark', [
  z.strictObject({ mark: z.literal('shown') }),
  ...alertMarkSchema.options,
])
export type ShareMark = z.infer<typeof shareMarkSchema>

/** What the devices of one person know together about an alert. Instants are of the server's clock. */
export const sharedAlertSchema = z.strictObject({
  ...alertIdentitySchema.shape,
  shown_at: instantSchema.nullable(),
  read_at: instantSchema.nullable(),
  acknowledged_at: instantSchema.nullable(),
  resolved_at: instantSchema.nullable(),
  note: z.string().max(2_000).nullable(),
  dismissed_at: instantSchema.nullable(),
  snoozed_until: instantSchema.nullable(),
  /** When it was passed on to the managers. */
  escalated_at: instantSchema.nullable(),
  /** Of an escalation: whose alert it was, and what became of that so far, oldest first. */
  escalated_from: z
    .strictObject({
      person_id: entityIdSchema,
      trail: z.array(z.strictObject({ at: instantSchema, what: z.string().max(300) })).max(50),
    })
    .nullable(),
})
export type SharedAlert = z.infer<typeof sharedAlertSchema>

export function newSharedAlert(identity: AlertIdentity): SharedAlert {
  return {
    ...identity,
    shown_at: null,
    read_at: null,
    acknowledged_at: null,
    resolved_at: null,
    note: null,
    dismissed_at: null,
    snoozed_until: null,
    escalated_at: null,
    escalated_from: null,
  }
}

/**
 * The shared alert after a mark. Marks of several devices come in any order: the first of a kind stays, so does the note
 * that came with it; the latest snooze counts until it was told again after it, and none after it was dealt with.
 */
export function withShareMark(alert: SharedAlert, mark: ShareMark, at: string): SharedAlert {
  if (mark.mark === 'shown') {
    // Told again after a snooze: with that the snooze is over on every device.
    const isAgain = alert.snoozed_until !== null && at >= alert.snoozed_until
    return isAgain ? { ...alert, shown_at: at, snoozed_until: null } : { ...alert, shown_at: alert.shown_at ?? at }
  }
  const read = { ...alert, read_at: alert.read_at ?? at }
  switch (mark.mark) {
    case 'read':
      return read
    case 'acknowledged':
      return { ...read, acknowledged_at: alert.acknowledged_at ?? at, snoozed_until: null }
    case 'resolved':
      return {
        ...read,
        resolved_at: alert.resolved_at ?? at,
        note: alert.resolved_at === null ? mark.note : alert.note,
        snoozed_until: null,
      }
    case 'dismissed':
      return { ...read, dismissed_at: alert.dismissed_at ?? at, snoozed_until: null }
    case 'snoozed':
      return isDealtWith(alert) ? alert : { ...read, snoozed_until: laterOf(alert.snoozed_until, mark.until) }
    default:
      return mark satisfies never
  }
}

export const isDealtWith = (alert: Pick<SharedAlert, 'acknowledged_at' | 'resolved_at' | 'dismissed_at'>): boolean =>
  alert.acknowledged_at !== null || alert.resolved_at !== null || alert.dismissed_at !== null

/** Instants are fixed-width text: text order is time order. */
const laterOf = (known: string | null, other: string): string => (known !== null && known > other ? known : other)
