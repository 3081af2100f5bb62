import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { comeTrue, createAlertPlan, type PlannedQuote } from './alert-plan.ts'
import { type AlertRule, alertRuleSchema, defaultRules } from './alert-rule.ts'
import { addDays, localDate, validUntilMs } from './expiry.ts'
import { toEpochMs, toInstantText } from './time.ts'
import { officeCalendar } from './working-calendar.ts'
import { createWorkingHours, type WorkingHours } from './working-hours.ts'

const newYork = 'America/New_York'
const me = { id: 'me', memberships: [{ team_id: 'north', role: 'rep' as const }] }
const office = createWorkingHours(officeCalendar(newYork))
const longWeekend = createWorkingHours({
  ...officeCalendar(newYork),
  days_off: ['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12', '2026-03-13'],
})
const quote = (given: Partial<PlannedQuote> = {}): PlannedQuote => ({
  id: 'q',
  status: 'sent',
  expires_on: null,
  time_zone: newYork,
  sent_at: null,
  owner_id: 'me',
  team_id: 'north',
  ...given,
})
const ruleOf = (given: Record<string, unknown>): AlertRule =>
  alertRuleSchema.parse({
    id: 'r',
    enabled: true,
    severity: 'normal',
    channel: 'both',
    break_through: false,
    scope: 'mine',
    ...given,
  })
const planOf = (rules: readonly AlertRule[] = defaultRules, hours: WorkingHours = office) =>
  createAlertPlan(me, rules, hours)
const dueText = (rule: AlertRule, given: Partial<PlannedQuote>, hours = office) =>
  planOf([rule], hours)
    .dues(quote(given))
    .map(({ due_ms, early }) => [toInstantText(due_ms), early])
const at = (text: string) => toInstantText(toEpochMs(text))

describe('when a rule comes true', () => {
  test('N working days before are counted over weekends and days off', () => {
    const rule = ruleOf({ kind: 'expires_in', days: 2, count: 'working' })
    expect(dueText(rule, { expires_on: '2026-03-10' })).toEqual([[at('2026-03-06T00:00-05:00'), false]])
    expect(dueText(rule, { expires_on: '2026-03-16' }, longWeekend)).toEqual([[at('2026-03-05T00:00-05:00'), false]])
  })

  test('case 28: no answer for three days is the same time of day, over a change of the clock too', () => {
    const rule = ruleOf({ kind: 'no_answer', days: 3, count: 'calendar' })
    const sent_at = at('2026-03-06T10:00-05:00')
    expect(dueText(rule, { sent_at })).toEqual([[at('2026-03-09T10:00-04:00'), false]])
    const working = ruleOf({ kind: 'no_answer', days: 3, count: 'working' })
    expect(dueText(working, { sent_at })).toEqual([[at('2026-03-11T10:00-04:00'), false]])
    expect(dueText(rule, { sent_at, status: 'negotiation' })).toEqual([])
  })

  test('a quote that runs out before the next opening is announced from the opening of the last window', () => {
    const one = ruleOf({ kind: 'expires_in', days: 1, count: 'calendar' })
    expect(dueText(one, { expires_on: '2026-03-08' })).toEqual([[at('2026-03-06T09:00-05:00'), true]])
    // Monday's day is seen on Monday; Saturday's rule of one day comes true on Friday itself.
    expect(dueText(one, { expires_on: '2026-03-09' })).toEqual([[at('2026-03-08T00:00-05:00'), false]])
    expect(dueText(one, { expires_on: '2026-03-07' })).toEqual([[at('2026-03-06T00:00-05:00'), false]])
    const three = ruleOf({ kind: 'expires_in', days: 3, count: 'calendar' })
    expect(dueText(three, { expires_on: '2026-03-11' }, longWeekend)).toEqual([[at('2026-03-06T09:00-05:00'), true]])
  })

  test('no quote runs out between closing and opening without a rule that spoke before', () => {
    const someTime = fc.integer({ min: toEpochMs('2026-03-02T00:00Z'), max: toEpochMs('2026-03-09T00:00Z') })
    fc.assert(
      fc.property(someTime, fc.integer({ min: 0, max: 12 }), fc.boolean(), (nowMs, days, long) => {
        const hours = long ? longWeekend : office
        const closing = hours.closingMs(nowMs)
        const expires_on = addDays(localDate(nowMs, newYork), days)
        fc.pre(closing !== null)
        const opening = hours.nextOpeningMs(closing ?? 0) ?? 0
        fc.pre(validUntilMs({ expires_on, time_zone: newYork }) <= opening)
        expect(comeTrue(planOf(defaultRules, hours).dues(quote({ expires_on })), nowMs)).not.toEqual([])
      }),
    )
  })

  test('of a family the latest that has come true is told; the next instant to look at is ahead', () => {
    const plan = planOf()
    const until = quote({ expires_on: '2026-03-20' })
    const told = (text: string) => comeTrue(plan.dues(until), toEpochMs(text)).map(({ rule }) => rule.id)
    expect(told('2026-03-12T23:59:59.999-04:00')).toEqual([])
    expect(told('2026-03-13T00:00-04:00')).toEqual(['expires-7'])
    expect(told('2026-03-19T12:00-04:00')).toEqual(['expires-1'])
    expect(told('2026-03-21T00:00-04:00')).toEqual(['expired'])
    const nextAt = toInstantText(plan.nextDue(until, toEpochMs('2026-03-13T00:00-04:00'))?.due_ms ?? 0)
    expect(nextAt).toBe(at('2026-03-17T00:00-04:00'))
    expect(plan.nextDue(until, toEpochMs('2026-03-21T00:00-04:00'))).toBe(null)
  })

  test('rules are about my quotes, or about those of my teams, and about nobody else’s', () => {
    const until = { expires_on: '2026-03-20' }
    const teams = planOf([ruleOf({ kind: 'expired', scope: 'teams' })])
    expect(planOf().dues(quote({ ...until, owner_id: 'you' }))).toEqual([])
    expect(teams.dues(quote({ ...until, owner_id: 'you' }))).toHaveLength(1)
    expect(teams.dues(quote({ ...until, owner_id: 'you', team_id: 'south' }))).toEqual([])
    expect(planOf().dues(quote({ ...until, status: 'closed' }))).toEqual([])
  })
})
