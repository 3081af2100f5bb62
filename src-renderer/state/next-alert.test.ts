import { describe, expect, it } from 'vitest'
import { defaultRules } from '../../domain/alert-rule.ts'
import { defaultCalendarSettings } from '../../domain/calendar-settings.ts'
import { toEpochMs } from '../../domain/time.ts'
import { makeDetail, makeRow, personId, teamId } from '../../tests/support/renderer/rows.ts'
import { nextAlertOf } from './next-alert.ts'

const me = {
  id: personId,
  name: 'Ann Lee',
  time_zone: 'Europe/Berlin',
  active: true,
  memberships: [{ team_id: teamId, role: 'rep' as const }],
}
const calendar = {
  effective: defaultCalendarSettings,
  preview: null,
  person_zone: 'Europe/Berlin',
  machine_zone: 'UTC',
}
/** Friday 20 Nov 2026, 12:00 in Berlin. */
const nowMs = toEpochMs('2026-11-20T11:00:00.000Z')
const rules = defaultRules.filter(({ enabled }) => enabled)
const quote = {
  ...makeDetail(makeRow(1)).quote,
  owner_id: personId,
  status: 'active' as const,
  outcome: null,
  sent_at: null,
  expires_on: '2026-11-29',
  time_zone: 'Europe/Berlin',
}

describe('what comes true next of a quote', () => {
  it('is told when the hours begin, if it comes true outside them', () => {
    expect(nextAlertOf(quote, me, rules, calendar, nowMs)).toMatchObject({
      kind: 'rule',
      rule: { id: 'expires-7' },
      due_at: '2026-11-21T23:00:00.000Z',
      told_at: '2026-11-23T08:00:00.000Z',
      time_zone: 'Europe/Berlin',
    })
  })

  it('passes over the next holidays that the calendar names', () => {
    const preview = {
      is_open: true,
      time_zone: 'Europe/Berlin',
      next_opening_at: null,
      next_opening_in: null,
      closes_at: null,
      next_holidays: [{ date: '2026-11-23', name: 'A holiday' }],
    }
    expect(nextAlertOf(quote, me, rules, { ...calendar, preview }, nowMs)).toMatchObject({
      told_at: '2026-11-24T08:00:00.000Z',
    })
  })

  it('is nothing for what is closed, for what is not mine, and when no rule is left', () => {
    expect(nextAlertOf({ ...quote, status: 'closed', outcome: 'won' }, me, rules, calendar, nowMs).kind).toBe('closed')
    expect(nextAlertOf({ ...quote, owner_id: 'you' }, me, rules, calendar, nowMs).kind).toBe('not_mine')
    expect(nextAlertOf({ ...quote, expires_on: null }, me, rules, calendar, nowMs).kind).toBe('none')
    expect(nextAlertOf(quote, me, [], calendar, nowMs).kind).toBe('none')
  })
})
