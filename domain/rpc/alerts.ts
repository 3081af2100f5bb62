import { eventIterator, oc } from '@orpc/contract'
import { z } from 'zod'
import { alertPolicySchema } from '../alert-policy.ts'
import { alertRuleSchema, ruleIdSchema, severitySchema } from '../alert-rule.ts'
import { personAlertSettingsSchema } from '../alert-settings.ts'
import { sharedAlertSchema } from '../alert-share.ts'
import { alertDecisionSchema, alertMarkSchema, alertSchema } from '../alert-state.ts'
import { calendarPreviewSchema, calendarSettingsSchema } from '../calendar-settings.ts'
import { toastChannelSchema } from '../host/messages.ts'
import { entityIdSchema } from '../ids.ts'
import { presenceSchema } from '../presence.ts'
import { snoozeChoiceSchema } from '../snooze.ts'
import { instantSchema } from '../time.ts'

const nothing = z.object({})
const refused = { refused: { data: z.object({ code: z.string() }) } } as const
const notFound = { not_found: {} } as const
/** The change's name in the outbox of this machine. */
const queued = z.object({ entry: z.int() })

/** All set conditions must hold; an empty list or null does not restrict. */
export const alertFilterSchema = z.strictObject({
  unread: z.boolean().default(false),
  severities: z.array(severitySchema).default([]),
  kinds: z.array(z.string()).default([]),
  quote: entityIdSchema.nullable().default(null),
  /**
   * `open`: told, and nobody has acknowledged, resolved or dismissed it. `history`: somebody has. `all`: told at all.
   * `waiting`: not told yet, held or snoozed.
   */
  state: z.enum(['open', 'all', 'history', 'waiting']).default('open'),
})
export type AlertFilter = z.infer<typeof alertFilterSchema>

/** An alert as the centre lists it. */
export const shownAlertSchema = alertSchema.omit({ toast: true }).extend({
  /** Null: about no single quote, or one that is out of sight. */
  quote_label: z.string().nullable(),
  customer_name: z.string().nullable(),
  /** Of an escalation: whose alert it was, and what became of that, oldest first. */
  escalated_from: z
    .strictObject({
      person_name: z.string().nullable(),
      trail: sharedAlertSchema.shape.escalated_from.unwrap().shape.trail,
    })
    .nullable(),
  /** When it was passed on to the managers because nobody had acknowledged it. */
  escalated_at: instantSchema.nullable(),
})
export type ShownAlert = z.infer<typeof shownAlertSchema>

export const alertPageSchema = z.strictObject({
  total: z.int(),
  /** Of all that was told, whatever the filter. */
  unread: z.int(),
  /** What was told latest comes first; of what waits, what is told next. */
  alerts: z.array(shownAlertSchema),
})
export type AlertPage = z.infer<typeof alertPageSchema>

/** The badge: 99+ is the view's affair. */
export const alertCountsSchema = z.strictObject({
  unread: z.int().nonnegative(),
  /** Held or snoozed. */
  held: z.int().nonnegative(),
  next_release_at: instantSchema.nullable(),
})
export type AlertCounts = z.infer<typeof alertCountsSchema>

export const calendarViewSchema = z.strictObject({
  /** The person's own; null: none, so `effective` is the team's default or office hours. */
  own: calendarSettingsSchema.nullable(),
  effective: calendarSettingsSchema,
  /** Null while the public holidays are being looked up. */
  preview: calendarPreviewSchema.nullable(),
  /** Why public holidays are missing, in words. */
  problem: z.string().nullable(),
  /** The zone that this machine is set to. */
  machine_zone: z.string(),
  person_zone: z.string(),
})
export type CalendarView = z.infer<typeof calendarViewSchema>

/** What calendar settings would mean; a calendar that never opens is refused in words. */
export const calendarTrialSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), preview: calendarPreviewSchema }),
  z.strictObject({ ok: z.literal(false), message: z.string() }),
])
export type CalendarTrial = z.infer<typeof calendarTrialSchema>

/** `waiting`: this machine has saved it and the server has not confirmed it yet. `default`: nobody ever saved any. */
const standing = z.enum(['default', 'confirmed', 'waiting'])

export const settingsViewSchema = z.strictObject({
  settings: personAlertSettingsSchema,
  standing,
  /** The workspace's rules, which `settings.overrides` change for this person. */
  workspace_rules: z.array(alertRuleSchema),
  /** What counts in the end: the workspace's and the person's own, as overridden, without those that are switched off. */
  effective_rules: z.array(alertRuleSchema),
  /** What of the overrides no longer fits the workspace's rules, in words. */
  problem: z.string().nullable(),
})
export type SettingsView = z.infer<typeof settingsViewSchema>

export const policyViewSchema = z.strictObject({
  policy: alertPolicySchema,
  /** Of the confirmed policy, 0 when none was ever saved: what a save names as its base. */
  version: z.int().nonnegative(),
  standing,
  /** Why this person may not save it, in words; null when they may. */
  refusal: z.string().nullable(),
})
export type PolicyView = z.infer<typeof policyViewSchema>

export const diagnosticsSchema = z.strictObject({
  time_zone_data: z.strictObject({ version: z.string(), age_days: z.int(), warning: z.string().nullable() }),
  machine_zone: z.string(),
  toast_channel: toastChannelSchema,
  presence: presenceSchema,
  server_offset_ms: z.int().nullable(),
  calendar_problem: z.string().nullable(),
})
export type Diagnostics = z.infer<typeof diagnosticsSchema>

export const alertsContract = {
  page: oc
    .input(
      z.strictObject({
        filter: alertFilterSchema,
        offset: z.int().nonnegative(),
        limit: z.int().min(1).max(500),
      }),
    )
    .output(alertPageSchema),
  /** At most ten times a second. `changes.watch` says with `alerts` when a page has to be read again. */
  watch: oc.output(eventIterator(alertCountsSchema)),
  /** Alerts that are not here any more are passed over. */
  mark: oc
    .errors(refused)
    .input(
      z.strictObject({
        keys: z.array(alertSchema.shape.key).min(1).max(1_000),
        mark: z.discriminatedUnion('mark', [
          alertMarkSchema.options[0],
          alertMarkSchema.options[1],
          alertMarkSchema.options[2],
          alertMarkSchema.options[3],
        ]),
      }),
    )
    .output(nothing),
  markAllRead: oc.errors(refused).output(z.object({ marked: z.int().nonnegative() })),
  /** `until`: in working hours. */
  snooze: oc
    .errors({ ...notFound, ...refused })
    .input(z.strictObject({ key: alertSchema.shape.key, choice: snoozeChoiceSchema }))
    .output(z.object({ until: instantSchema })),
  /** Why did I (not) get this? Latest first. Null: what is about no single quote. */
  why: oc
    .input(z.strictObject({ quote: entityIdSchema.nullable() }))
    .output(z.object({ decisions: z.array(alertDecisionSchema) })),
  /** Shows a sample now, whatever the hours. */
  test: oc
    .errors(refused)
    .input(z.strictObject({ rule: ruleIdSchema }))
    .output(nothing),
}

export const calendarContract = {
  get: oc.output(calendarViewSchema),
  preview: oc.input(z.strictObject({ settings: calendarSettingsSchema })).output(calendarTrialSchema),
  /** Null: back to the team's default. */
  save: oc
    .errors(refused)
    .input(z.strictObject({ settings: calendarSettingsSchema.nullable() }))
    .output(queued),
  /** Countries, or the regions of one; an empty list: it has none of its own. */
  holidayPlaces: oc
    .input(z.strictObject({ country: z.string().nullable() }))
    .output(z.object({ places: z.array(z.object({ code: z.string(), name: z.string() })) })),
}

export const settingsContract = {
  get: oc.output(settingsViewSchema),
  save: oc
    .errors(refused)
    .input(z.strictObject({ settings: personAlertSettingsSchema }))
    .output(queued),
}

export const policyContract = {
  get: oc.output(policyViewSchema),
  /** `base_version`: the `version` that the form was opened with. */
  save: oc
    .errors(refused)
    .input(z.strictObject({ base_version: z.int().nonnegative(), policy: alertPolicySchema }))
    .output(queued),
}

export const diagnosticsContract = { get: oc.output(diagnosticsSchema) }
