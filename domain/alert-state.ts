import { z } from 'zod'
import { ruleIdSchema, severitySchema } from './alert-rule.ts'
import { entityIdSchema } from './ids.ts'
import { instantSchema } from './time.ts'

/** `held` and `snoozed` wait for `release_at`; `expired`: was never told and is too old to be. */
export const alertStateSchema = z.enum(['held', 'snoozed', 'shown', 'cancelled', 'expired'])

/** One coming-true of a rule, and what became of it. `key` is its identity on every device, and its toast's. */
export const alertSchema = z.strictObject({
  key: z.string().min(1).max(64),
  /** Null: about no single quote. */
  quote: entityIdSchema.nullable(),
  rule: ruleIdSchema,
  kind: z.string(),
  occasion: z.string(),
  severity: severitySchema,
  state: alertStateSchema,
  due_at: instantSchema,
  release_at: instantSchema,
  decided_at: instantSchema,
  /** Why it stands as it does, for a person. */
  reason: z.string(),
  /** The toast it was given to the host in. While it is held or snoozed, nobody has confirmed that this was shown. */
  toast: z.string().nullable(),
  /** As it was told. */
  title: z.string().nullable(),
  body: z.string().nullable(),
  shown_at: instantSchema.nullable(),
  read_at: instantSchema.nullable(),
  acknowledged_at: instantSchema.nullable(),
  resolved_at: instantSchema.nullable(),
  note: z.string().max(2_000).nullable(),
  dismissed_at: instantSchema.nullable(),
})
export type Alert = z.infer<typeof alertSchema>

/** What a person does with an alert; told to their other devices, so that a toast handled here disappears there. */
export const alertMarkSchema = z.discriminatedUnion('mark', [
  z.strictObject({ mark: z.literal('read') }),
  z.strictObject({ mark: z.literal('acknowledged') }),
  z.strictObject({ mark: z.literal('resolved'), note: z.string().trim().max(2_000) }),
  z.strictObject({ mark: z.literal('dismissed') }),
  /** `until` lies in working hours: the device that snoozes works it out. */
  z.strictObject({ mark: z.literal('snoozed'), until: instantSchema }),
])
export type AlertMark = z.infer<typeof alertMarkSchema>

/** One line of "Why did I (not) get this?". */
export const alertDecisionSchema = z.strictObject({
  n: z.int(),
  key: z.string(),
  quote: entityIdSchema.nullable(),
  rule: ruleIdSchema,
  at: instantSchema,
  /** The calendar it was judged by: its zone, and its next opening then (itself `at` while open; null: never). */
  time_zone: z.string(),
  opening_at: instantSchema.nullable(),
  decision: z.enum(['held', 'handed_over', 'failed', 'shown', 'snoozed', 'cancelled', 'expired', 'marked']),
  reason: z.string(),
})
export type AlertDecision = z.infer<typeof alertDecisionSchema>

/** Identity of an alert: quote (36), rule (≤ 15), occasion (≤ 11): at most 64 characters, as toasts allow. */
export function alertKey(quote: string | null, rule: string, occasion: string): string {
  return quote === null ? `${rule}:${occasion}` : `${quote}:${rule}:${occasion}`
}

/** Somebody has dealt with it, so it is not told (again). */
export const isHandled = (alert: Pick<Alert, 'acknowledged_at' | 'resolved_at' | 'dismissed_at'>): boolean =>
  alert.acknowledged_at !== null || alert.resolved_at !== null || alert.dismissed_at !== null

/** The alert after a mark, in whatever order marks of several devices come: the first of a kind stays, a later snooze counts. */
export function withMark(alert: Alert, mark: AlertMark, at: string): Alert {
  const read = { ...alert, read_at: alert.read_at ?? at }
  switch (mark.mark) {
    case 'read':
      return read
    case 'acknowledged':
      return closed({ ...read, acknowledged_at: alert.acknowledged_at ?? at }, at, 'it was acknowledged')
    case 'resolved':
      return closed(
        { ...read, resolved_at: alert.resolved_at ?? at, note: alert.note ?? mark.note },
        at,
        'it was resolved',
      )
    case 'dismissed':
      return closed({ ...read, dismissed_at: alert.dismissed_at ?? at }, at, 'it was dismissed')
    case 'snoozed':
      if (isHandled(alert) || alert.state === 'cancelled' || alert.state === 'expired') return alert
      return {
        ...read,
        state: 'snoozed',
        release_at: mark.until,
        decided_at: at,
        toast: null,
        reason: `snoozed until ${mark.until}`,
      }
    default:
      return mark satisfies never
  }
}

/** What waits to be told is not told any more; what was shown stays in the history. */
function closed(alert: Alert, at: string, reason: string): Alert {
  if (alert.state !== 'held' && alert.state !== 'snoozed') return alert
  const state = alert.shown_at === null ? 'cancelled' : 'shown'
  return { ...alert, state, toast: null, decided_at: at, reason }
}
