import { describe, expect, it } from 'vitest'
import { alertRuleSchema, defaultRules, ruleIdSchema } from '../../domain/alert-rule.ts'
import { checkSettings, defaultPersonAlertSettings, effectiveRules } from '../../domain/alert-settings.ts'
import { alertKinds } from '../words/alerts.ts'
import { newRule, overriddenRule, overrideOf, withOverride, withOwnRule } from './alert-rules.ts'

const [rule] = defaultRules
if (rule === undefined) throw new Error('the workspace has no rules')

describe('a rule as a person wants it', () => {
  it('keeps only what differs from the workspace’s, so that its later changes still come through', () => {
    const changed = alertRuleSchema.parse({ ...rule, days: 5 })
    const settings = withOverride(defaultPersonAlertSettings, rule, changed)
    expect(settings.overrides).toEqual({ [rule.id]: { days: 5 } })
    const graver = { ...rule, severity: 'critical' as const }
    expect(effectiveRules({ workspace: { rules: [graver], calendars: {} }, person: settings })).toEqual([
      { ...graver, days: 5 },
    ])
  })

  it('keeps nothing when it is as the workspace has it again', () => {
    const off = withOverride(defaultPersonAlertSettings, rule, { ...rule, enabled: false })
    expect(overriddenRule(rule, off.overrides[rule.id]).enabled).toBe(false)
    expect(withOverride(off, rule, rule).overrides).toEqual({})
    expect(overrideOf(rule, rule)).toBe(null)
  })

  it('stands as the workspace has it when the override does not fit any more', () => {
    expect(overriddenRule(rule, { percent: 4 })).toEqual(rule)
  })
})

describe('a rule of one’s own', () => {
  const kinds = alertKinds.filter((kind) => kind !== 'escalation')
  it.each(kinds)('%s is valid as it is added, and has an id of its own', (kind) => {
    const first = newRule(kind, [], 'EUR')
    const second = newRule(kind, [first.id], 'EUR')
    expect(alertRuleSchema.parse(second)).toEqual(second)
    expect(ruleIdSchema.parse(second.id)).not.toBe(first.id)
    const person = { ...defaultPersonAlertSettings, rules: [first, second] }
    expect(checkSettings({ workspace: { rules: [...defaultRules], calendars: {} }, person })).toEqual({ ok: true })
    expect(withOwnRule(person, first.id, null).rules).toEqual([second])
  })
})
