import { describe, expect, it } from 'vitest'
import { defaultRules } from '../../domain/alert-rule.ts'
import { toEpochMs } from '../../domain/time.ts'
import { makeAlert } from '../../tests/support/renderer/alerts.ts'
import {
  aheadWords,
  badgeWords,
  calendarWords,
  decisionLook,
  decisionReason,
  isOpenAlert,
  isUnread,
  nextReleaseWords,
  ruleNameOf,
  ruleSummary,
  ruleWords,
  standingWords,
  titleOf,
} from './alerts.ts'
import { openingWords } from './calendar.ts'

const zone = 'Europe/Berlin'
/** Friday 20 Nov 2026, 19:00 in Berlin. */
const nowMs = toEpochMs('2026-11-20T18:00:00.000Z')
const monday = '2026-11-23T08:00:00.000Z'

const words = (change: Parameters<typeof makeAlert>[1]) => standingWords(makeAlert(1, change), nowMs, zone).text

describe('how an alert stands', () => {
  it.each([
    ['held until Mon 09:00', { state: 'held', shown_at: null, release_at: monday }],
    ['snoozed until Mon 09:00', { state: 'snoozed', release_at: monday }],
    ['acknowledged 15:00', { acknowledged_at: '2026-11-20T14:00:00.000Z' }],
    ['resolved 15:00', { acknowledged_at: monday, resolved_at: '2026-11-20T14:00:00.000Z' }],
    ['dismissed yesterday 15:00', { dismissed_at: '2026-11-19T14:00:00.000Z' }],
    ['passed on 15:00', { escalated_at: '2026-11-20T14:00:00.000Z' }],
    ['cancelled', { state: 'cancelled', shown_at: null }],
    ['open', {}],
  ] as const)('%s', (text, change) => {
    expect(words(change)).toBe(text)
  })

  it('can be acted on until somebody dealt with it or it came to nothing', () => {
    expect(isOpenAlert(makeAlert(1))).toBe(true)
    expect(isOpenAlert(makeAlert(1, { state: 'held', shown_at: null }))).toBe(true)
    expect(isOpenAlert(makeAlert(1, { state: 'cancelled' }))).toBe(false)
    expect(isOpenAlert(makeAlert(1, { acknowledged_at: monday }))).toBe(false)
  })

  it('is called by its quote and kind until it is told', () => {
    expect(titleOf(makeAlert(7))).toBe('Q-7 expires in 3 days')
    expect(titleOf(makeAlert(7, { title: null }))).toBe('Q-7 · Runs out soon')
    expect(titleOf(makeAlert(7, { title: null, quote: null, quote_label: null, kind: 'day_summary' }))).toBe(
      'Summary of the day',
    )
  })

  it('is unread only once it was told', () => {
    expect(isUnread(makeAlert(1))).toBe(true)
    expect(isUnread(makeAlert(1, { shown_at: null }))).toBe(false)
    expect(isUnread(makeAlert(1, { read_at: monday }))).toBe(false)
  })
})

describe('words of alerts', () => {
  it('the badge stops counting at 99', () => {
    expect([0, 99, 100, 4_000].map(badgeWords)).toEqual(['0', '99', '99+', '99+'])
  })

  it('a moment within a week goes by its weekday', () => {
    expect(aheadWords(monday, nowMs, zone)).toBe('Mon 09:00')
    expect(aheadWords('2026-11-21T08:00:00.000Z', nowMs, zone)).toBe('tomorrow 09:00')
    expect(aheadWords('2026-12-07T08:00:00.000Z', nowMs, zone)).toBe('Mon 7 Dec 09:00')
  })

  it('an empty centre says what is held and when it comes', () => {
    expect(nextReleaseWords({ unread: 0, held: 0, next_release_at: null }, nowMs, zone)).toContain('Nothing is held')
    expect(nextReleaseWords({ unread: 0, held: 1, next_release_at: monday }, nowMs, zone)).toBe(
      '1 alert is held for your working hours. Next: Mon 09:00.',
    )
  })

  it('every rule of the workspace has a sentence and a summary', () => {
    expect(defaultRules.map(ruleWords)).toEqual([
      'A quote runs out in 7 days',
      'A quote runs out in 3 days',
      'A quote runs out in 1 day',
      'A quote runs out today',
      'A quote has expired',
      'No answer for 5 working days after it was sent',
      'Somebody else changed the value by more than 10 %',
      'Somebody else changed the status',
      'A quote was assigned to me',
      'A quote came to €100,000.00 or more',
      'What the day holds, when it opens',
    ])
    expect(defaultRules[0] && ruleSummary(defaultRules[0])).toBe('low · toast and centre · my quotes')
    expect(ruleNameOf('gone', defaultRules)).toBe('Rule “gone”, which is off or gone now')
  })

  it('a decision names what was done, by what hours, and its reason once', () => {
    const decision = {
      n: 1,
      key: 'k',
      quote: null,
      rule: 'expired',
      at: '2026-11-20T18:00:00.000Z',
      time_zone: zone,
      opening_at: monday,
      decision: 'held',
      reason: 'due outside working hours',
    } as const
    expect(decisionLook(decision).text).toBe('Held')
    expect(decisionReason(decision)).toBe('Due outside working hours.')
    expect(calendarWords(decision, nowMs)).toBe('Berlin hours, closed until Mon 23 Nov 09:00')
    expect(calendarWords({ ...decision, opening_at: decision.at }, nowMs)).toBe('Berlin hours, open then')
    expect(decisionLook({ decision: 'marked', reason: 'acknowledged' }).text).toBe('Acknowledged')
    expect(decisionReason({ decision: 'marked', reason: 'acknowledged' })).toBe(null)
  })

  it('a calendar says when it opens next, or until when it is open', () => {
    const closed = {
      is_open: false,
      time_zone: zone,
      next_opening_at: monday,
      next_opening_in: 'in 2 d 14 h',
      closes_at: null,
      next_holidays: [],
    }
    expect(openingWords(closed, nowMs)).toBe('Next opening: Monday 09:00, in 2 d 14 h')
    expect(openingWords({ ...closed, is_open: true, closes_at: '2026-11-20T19:00:00.000Z' }, nowMs)).toBe(
      'Open now, until 20:00',
    )
    expect(openingWords({ ...closed, next_opening_at: null, next_opening_in: null }, nowMs)).toContain('not open')
  })
})
