import { type AlertRule, alertRuleSchema, type RuleKind } from '../../domain/alert-rule.ts'
import type { PersonAlertSettings, RuleOverride } from '../../domain/alert-settings.ts'

/** A workspace rule as it holds for the person, also when they switched it off. */
export function overriddenRule(rule: AlertRule, override: RuleOverride | undefined): AlertRule {
  const parsed = alertRuleSchema.safeParse({ ...rule, ...override })
  // An override that no longer fits is left out by the engine, too.
  return parsed.success ? parsed.data : rule
}

/** What of `changed` differs from the workspace's rule; null when nothing does. */
export function overrideOf(rule: AlertRule, changed: AlertRule): RuleOverride | null {
  const before = new Map<string, unknown>(Object.entries(rule))
  const differing = Object.entries(changed).filter(
    ([field, value]) => field !== 'id' && field !== 'kind' && before.get(field) !== value,
  )
  return differing.length === 0 ? null : (Object.fromEntries(differing) as RuleOverride)
}

/** The settings with a workspace rule as the person wants it; as the workspace wants it, nothing is kept. */
export function withOverride(settings: PersonAlertSettings, rule: AlertRule, changed: AlertRule): PersonAlertSettings {
  const { [rule.id]: _before, ...others } = settings.overrides
  const override = overrideOf(rule, changed)
  return { ...settings, overrides: override === null ? others : { ...others, [rule.id]: override } }
}

/** The settings with one of the person's own rules changed, or (null) without it. */
export function withOwnRule(settings: PersonAlertSettings, id: string, rule: AlertRule | null): PersonAlertSettings {
  return { ...settings, rules: replaced(settings.rules, id, rule) }
}

export function replaced(rules: readonly AlertRule[], id: string, rule: AlertRule | null): AlertRule[] {
  return rules.flatMap((other) => (other.id !== id ? [other] : rule === null ? [] : [rule]))
}

/** A new rule of a kind, with an id that no other has. */
export function newRule(kind: RuleKind, taken: readonly string[], currency: string): AlertRule {
  const stem = kind.replaceAll('_', '-').slice(0, 11)
  let number = 1
  while (taken.includes(`${stem}-${number}`)) number += 1
  const usual = {
    id: `${stem}-${number}`,
    enabled: true,
    severity: 'normal',
    channel: 'both',
    break_through: false,
    scope: 'mine',
  } as const
  switch (kind) {
    case 'expires_in':
      return { kind, ...usual, days: 14, count: 'calendar' }
    case 'no_answer':
      return { kind, ...usual, days: 10, count: 'working' }
    case 'value_changed':
      return { kind, ...usual, percent: 25 }
    case 'big_quote':
      return { kind, ...usual, scope: 'teams', amount_minor: 10_000_000, currency }
    default:
      return { kind, ...usual }
  }
}
