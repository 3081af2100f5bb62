import { z } from 'zod'
import { currencySchema, minorUnitsSchema } from './money.ts'

export const severities = ['low', 'normal', 'high', 'critical', 'emergency'] as const
export const severitySchema = z.enum(severities)
export type Severity = z.infer<typeof severitySchema>

/** `toast` interrupts; `in_app` is only listed in the centre; `both` does both. */
export const alertChannelSchema = z.enum(['toast', 'in_app', 'both'])

/** Short, because it is part of a toast's key (at most 64 characters). */
export const ruleIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,14}$/, { error: 'expected up to 15 small letters, digits and dashes' })

const common = {
  id: ruleIdSchema,
  enabled: z.boolean(),
  severity: severitySchema,
  channel: alertChannelSchema,
  /** May it disturb outside hours (and, from critical on, do-not-disturb)? Only where the person allows that too. */
  break_through: z.boolean(),
  /** About quotes that are mine, or about all of the teams I am in. */
  scope: z.enum(['mine', 'teams']),
}
const days = z.int().min(0).max(365)
const count = z.enum(['calendar', 'working'])

/** A rule as data: what comes true, and how it is told. */
export const alertRuleSchema = z.discriminatedUnion('kind', [
  /** The start of the day that lies `days` days before the last valid one. */
  z.strictObject({ kind: z.literal('expires_in'), ...common, days, count }),
  z.strictObject({ kind: z.literal('expired'), ...common }),
  /** Still `sent`, `days` days after it was: same time of day. */
  z.strictObject({ kind: z.literal('no_answer'), ...common, days: days.min(1), count }),
  /** By somebody else, by more than `percent` of what it was; another currency counts as well. */
  z.strictObject({ kind: z.literal('value_changed'), ...common, percent: z.int().min(0).max(1_000) }),
  z.strictObject({ kind: z.literal('status_changed'), ...common }),
  z.strictObject({ kind: z.literal('assigned'), ...common }),
  /** Somebody else brought a quote to this amount or more. */
  z.strictObject({ kind: z.literal('big_quote'), ...common, amount_minor: minorUnitsSchema, currency: currencySchema }),
  /** What the day holds, when it opens. */
  z.strictObject({ kind: z.literal('day_summary'), ...common }),
])
export type AlertRule = z.infer<typeof alertRuleSchema>
export type RuleKind = AlertRule['kind']
export type RuleOf<Kind extends RuleKind> = Extract<AlertRule, { kind: Kind }>

const usual = { enabled: true, severity: 'normal', channel: 'both', break_through: false, scope: 'mine' } as const
const lead = (id: string, daysBefore: number, severity: Severity): AlertRule => ({
  kind: 'expires_in',
  ...usual,
  id,
  days: daysBefore,
  count: 'calendar',
  severity,
})

/** What holds in a workspace until somebody says otherwise. */
export const defaultRules: readonly AlertRule[] = [
  lead('expires-7', 7, 'low'),
  lead('expires-3', 3, 'normal'),
  lead('expires-1', 1, 'high'),
  lead('expires-0', 0, 'high'),
  { kind: 'expired', ...usual, id: 'expired', severity: 'high' },
  { kind: 'no_answer', ...usual, id: 'no-answer', days: 5, count: 'working' },
  { kind: 'value_changed', ...usual, id: 'value-changed', percent: 10 },
  { kind: 'status_changed', ...usual, id: 'status-changed', severity: 'low' },
  { kind: 'assigned', ...usual, id: 'assigned' },
  {
    kind: 'big_quote',
    ...usual,
    id: 'big-quote',
    enabled: false,
    scope: 'teams',
    amount_minor: 10_000_000,
    currency: 'EUR',
  },
  { kind: 'day_summary', ...usual, id: 'day-summary', enabled: false, severity: 'low' },
]
