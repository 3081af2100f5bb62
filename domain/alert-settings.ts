import { z } from 'zod'
import {
  type AlertRule,
  alertChannelSchema,
  alertRuleSchema,
  defaultRules,
  ruleIdSchema,
  severitySchema,
} from './alert-rule.ts'
import { type CalendarSettings, calendarSettingsSchema, defaultCalendarSettings } from './calendar-settings.ts'
import { currencySchema, minorUnitsSchema } from './money.ts'

/** What a person changed of a workspace rule; only fields that the rule's kind has are allowed. */
export const ruleOverrideSchema = z
  .strictObject({
    enabled: z.boolean(),
    severity: severitySchema,
    channel: alertChannelSchema,
    break_through: z.boolean(),
    scope: z.enum(['mine', 'teams']),
    days: z.int(),
    count: z.enum(['calendar', 'working']),
    percent: z.int(),
    amount_minor: minorUnitsSchema,
    currency: currencySchema,
  })
  .partial()
export type RuleOverride = z.infer<typeof ruleOverrideSchema>

/** What one person has chosen; it goes with them to every device. */
export const personAlertSettingsSchema = z.strictObject({
  /** Null: the team's default. */
  calendar: calendarSettingsSchema.nullable(),
  overrides: z.record(ruleIdSchema, ruleOverrideSchema),
  /** Their own, beside the workspace's. */
  rules: z.array(alertRuleSchema).max(50),
  /** What rules with `break_through` may disturb. */
  break_through: z.strictObject({ hours: z.boolean(), do_not_disturb: z.boolean() }),
})
export type PersonAlertSettings = z.infer<typeof personAlertSettingsSchema>

/** What whoever has `alerts:manage` has chosen for everybody. */
export const workspaceAlertSettingsSchema = z.strictObject({
  rules: z.array(alertRuleSchema).max(50),
  /** By team id. */
  calendars: z.record(z.string(), calendarSettingsSchema),
})
export type WorkspaceAlertSettings = z.infer<typeof workspaceAlertSettingsSchema>

export interface AlertSettings {
  workspace: WorkspaceAlertSettings
  person: PersonAlertSettings
}

export const defaultPersonAlertSettings: PersonAlertSettings = {
  calendar: null,
  overrides: {},
  rules: [],
  break_through: { hours: false, do_not_disturb: false },
}
export const defaultAlertSettings: AlertSettings = {
  workspace: { rules: [...defaultRules], calendars: {} },
  person: defaultPersonAlertSettings,
}

export type SettingsCheck = { ok: true } | { ok: false; message: string }

/** Whether the overrides and own rules fit the workspace's rules; the message names the rule and the field. */
export function checkSettings({ workspace, person }: AlertSettings): SettingsCheck {
  const ids = [...workspace.rules, ...person.rules].map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) return { ok: false, message: `Two rules are called "${twice}": give one another name.` }
  for (const [id, override] of Object.entries(person.overrides)) {
    const rule = workspace.rules.find((candidate) => candidate.id === id)
    const problem = rule && overrideProblem(rule, override)
    if (problem) return { ok: false, message: `Rule "${id}": ${problem}` }
  }
  return { ok: true }
}

function overrideProblem(rule: AlertRule, override: RuleOverride): string | null {
  const foreign = Object.keys(override).find((field) => !(field in rule))
  if (foreign !== undefined) return `a rule of the kind ${rule.kind} has no ${foreign}.`
  const parsed = alertRuleSchema.safeParse({ ...rule, ...override })
  if (parsed.success) return null
  const issue = parsed.error.issues[0]
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}.`
}

/**
 * The rules that count for this person. An override that no longer fits (the workspace has changed the rule since) is
 * left out: the rule then holds as the workspace wants it, and `checkSettings` says why.
 */
export function effectiveRules({ workspace, person }: AlertSettings): AlertRule[] {
  const shared = workspace.rules.map((rule) => {
    const override = person.overrides[rule.id]
    if (!override || overrideProblem(rule, override) !== null) return rule
    return alertRuleSchema.parse({ ...rule, ...override })
  })
  const own = person.rules.filter(({ id }) => !shared.some((rule) => rule.id === id))
  return [...shared, ...own].filter(({ enabled }) => enabled)
}

/** The person's own calendar, else the default of the first of their teams that has one, else office hours. */
export function effectiveCalendar(settings: AlertSettings, teamIds: readonly string[]): CalendarSettings {
  const ofTeam = teamIds.map((id) => settings.workspace.calendars[id]).find((calendar) => calendar !== undefined)
  return settings.person.calendar ?? ofTeam ?? defaultCalendarSettings
}
