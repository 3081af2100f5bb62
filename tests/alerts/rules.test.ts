import { v7 } from 'uuid'
import { afterEach, describe, expect, test } from 'vitest'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import { alertFilterSchema } from '../../domain/rpc/alerts.ts'
import { readAlertPage } from '../../src-main/engine/cache/alert-page.ts'
import { readAlertsOf } from '../../src-main/engine/cache/alert-store.ts'
import { acme, added, entryOf, makeQuote, rob, team } from '../support/engine-world.ts'
import { createMachine, expiryRules, type Machine, settingsOf } from './support/machine.ts'

/** Rob works Mon–Fri 09:00–17:00 in Berlin; in March 2026 that is UTC+1 until the 29th. */
const minute = 60_000
const wednesday = '2026-03-04T10:00:00.000Z'
const mia = { id: v7(), name: 'Mia' }
let machine: Machine
afterEach(() => machine.dispose())

const titles = () => machine.shown().map(({ title }) => title)
/** What somebody did to a quote, at this moment. */
const done = (quote: Quote, entry: Partial<HistoryEntry>) => ({
  type: 'quote.changed' as const,
  data: {
    quote,
    entry: { ...entryOf(quote, '', 1), actor_id: mia.id, at: '2026-03-04T10:00:01.000Z', ...entry },
  },
})
const begin = (settings: Parameters<typeof settingsOf>[0], at = wednesday) => {
  machine = createMachine(at, { settings: settingsOf(settings) })
  machine.begin()
}

describe('what others do to my quotes', () => {
  const eventRules = { 'value-changed': {}, 'status-changed': {}, assigned: {} }
  const mine = makeQuote({ expires_on: null })

  test('a status is told with its outcome; my own doing and older news are not', async () => {
    begin(eventRules)
    machine.put(added(mine))
    const next = { ...mine, version: 2, status: 'negotiation' as const }
    machine.put(done(next, { kind: 'transition', from_status: 'sent', actor_id: rob.id }))
    machine.put(
      done({ ...next, version: 3 }, { kind: 'transition', from_status: 'sent', at: '2025-12-31T10:00:00.000Z' }),
    )
    await machine.pass(5_000)
    expect(titles()).toEqual([])
    const won = { ...next, version: 4, status: 'closed' as const, outcome: 'won' as const }
    machine.put(done(won, { kind: 'transition', from_status: 'negotiation' }))
    await machine.pass(5_000)
    expect(titles()).toEqual(['Q-1042 is closed (won): somebody else changed its status'])
    expect(machine.shown()[0]?.key).toBe(`${mine.id}:status-changed:v4`)
  })

  test('a value is told when it changed by more than the rule says', async () => {
    begin({ 'value-changed': { percent: 10 } })
    machine.put(added(mine))
    const edit = (version: number, before: number, after: number) =>
      done(
        { ...mine, version, value_minor: after },
        { kind: 'edited', before: { value_minor: before }, after: { value_minor: after } },
      )
    machine.put(edit(2, 450_000, 495_000))
    await machine.pass(5_000)
    expect(titles(), 'ten per cent is not more than ten').toEqual([])
    machine.put(edit(3, 495_000, 400_000))
    await machine.pass(5_000)
    expect(titles()).toEqual(['Q-1042 is worth €4,000.00 now, was €4,950.00: somebody else changed it'])
  })

  test('a quote that was given to me is told, once, and not one that was taken away', async () => {
    begin(eventRules)
    const before = { owner_id: mia.id, team_id: team.id }
    const after = { owner_id: rob.id, team_id: team.id }
    machine.put(added({ ...mine, ...before }), done({ ...mine, version: 2 }, { kind: 'reassigned', before, after }))
    await machine.pass(5_000)
    expect(titles()).toEqual(['Q-1042 is yours now: somebody else assigned it to you'])
    machine.put(done({ ...mine, ...before, version: 3 }, { kind: 'reassigned', before: after, after: before }))
    await machine.pass(10 * minute)
    expect(titles()).toHaveLength(1)
  })

  test('several changes before anybody is back are told by the latest', async () => {
    begin({ 'status-changed': {} }, '2026-03-04T19:00:00.000Z')
    machine.put(added(mine))
    const step = (version: number, status: 'sent' | 'negotiation') =>
      done(
        { ...mine, version, status },
        { kind: 'transition', from_status: 'sent', to_status: status, at: '2026-03-04T19:00:00.000Z' },
      )
    machine.put(step(2, 'negotiation'))
    await machine.pass(5_000)
    machine.put(
      done(
        { ...mine, version: 3, status: 'active' },
        { kind: 'transition', from_status: 'negotiation', to_status: 'active' },
      ),
    )
    await machine.pass(5_000)
    expect(machine.alertsOf(mine).map(({ state }) => state)).toEqual(['cancelled', 'held'])
  })

  test('a big quote of a team is told to whoever asked for it', async () => {
    begin({ 'big-quote': { amount_minor: 1_000_000, currency: 'EUR' } })
    const big = makeQuote({ owner_id: mia.id, expires_on: null })
    machine.put(added(big))
    const grown = { ...big, version: 2, value_minor: 1_000_000 }
    machine.put(done(grown, { kind: 'edited', before: { value_minor: 450_000 }, after: { value_minor: 1_000_000 } }))
    await machine.pass(5_000)
    expect(titles()).toEqual(['Q-1042 is a big one: €10,000.00 or more'])
  })
})

describe('what comes true by itself', () => {
  test('no answer for five working days, unless there was one', async () => {
    begin({ 'no-answer': {} })
    const sent_at = '2026-02-25T12:00:00.000Z'
    const silent = makeQuote({ expires_on: null, sent_at })
    machine.put(added(silent), added(makeQuote({ expires_on: null, sent_at, status: 'negotiation' })))
    await machine.pass(119 * minute)
    expect(titles()).toEqual([])
    await machine.pass(2 * minute)
    expect(titles()).toEqual(['Q-1042 has had no answer for 5 working days'])
  })

  test('what came true more than a week ago, while nobody ran this, is written down and told to nobody', async () => {
    begin({ expired: {} })
    const old = makeQuote({ expires_on: '2026-02-20' })
    machine.put(added(old))
    await machine.pass(5_000)
    expect(titles()).toEqual([])
    expect(machine.why(old)).toMatchObject([{ decision: 'expired', reason: expect.stringContaining('too old') }])
  })

  test('the day is summed up once, when it opens', async () => {
    begin({ 'day-summary': {} }, '2026-03-05T07:58:00.000Z')
    machine.put(added(makeQuote({ expires_on: '2026-03-05' })), added(makeQuote({ expires_on: '2026-03-09' })))
    await machine.pass(minute)
    expect(titles()).toEqual([])
    await machine.pass(10 * minute)
    expect(machine.shown()).toMatchObject([
      { key: 'day-summary:2026-03-05', title: 'Your quotes today', body: '1 expires today · 1 expires within 7 days' },
    ])
  })
})

describe('rules and hours that change', () => {
  const quote = makeQuote({ expires_on: '2026-03-09' })

  test('a rule that is made longer comes true at once; one that is switched off cancels what waits', async () => {
    begin({ 'expires-3': {} })
    machine.put(added(quote))
    await machine.pass(minute)
    expect(titles()).toEqual([])
    machine.settings.set(settingsOf({ 'expires-3': { days: 5 } }))
    await machine.pass(5_000)
    expect(titles()).toEqual(['Q-1042 expires in 5 days'])
    machine.sleepUntil('2026-03-04T18:00:00.000Z')
    machine.settings.set(settingsOf({ 'expires-7': { days: 6 } }))
    await machine.pass(5_000)
    expect(machine.alertsOf(quote).map(({ rule, state }) => [rule, state])).toEqual([
      ['expires-3', 'shown'],
      ['expires-7', 'held'],
    ])
    machine.settings.set(settingsOf({ expired: {} }))
    await machine.pass(5_000)
    expect(machine.alertsOf(quote)[1]).toMatchObject({
      state: 'cancelled',
      reason: 'the rule "expires-7" was switched off',
    })
  })

  test('who travels with their machine has its hours; public holidays of a region are no working days', async () => {
    begin(expiryRules, '2026-04-03T07:30:00.000Z')
    const calendar = {
      time_zone: null,
      follow_machine: false,
      days_off: [],
      away_until: null,
      hours: machine.settings.get().person.calendar?.hours ?? office,
      holidays: { country: 'DE', region: 'BY' },
    }
    const person = { ...machine.settings.get().person, calendar }
    machine.settings.set({ ...machine.settings.get(), person })
    const due = makeQuote({ expires_on: '2026-04-10' })
    machine.put(added(due))
    await expect
      .poll(async () => {
        await machine.pass(3_000)
        return machine.alertsOf(due)
      })
      .toMatchObject([{ state: 'held', release_at: '2026-04-07T07:00:00.000Z' }])
    expect(machine.alerts().calendarPreview()).toMatchObject({
      next_opening_in: expect.stringMatching(/^in 3 d 23 h$/),
      next_holidays: [{ date: '2026-04-03', name: 'Karfreitag' }, { date: '2026-04-06' }, {}, {}, {}],
    })
    expect(titles()).toEqual([])
    machine.settings.set({
      ...machine.settings.get(),
      person: { ...person, calendar: { ...calendar, holidays: null, follow_machine: true } },
    })
    expect(machine.alerts().calendarPreview()).toMatchObject({ time_zone: 'America/New_York', is_open: false })
  })
})

const nine = [{ from: '09:00', to: '17:00' }]
const office = {
  monday: nine,
  tuesday: nine,
  wednesday: nine,
  thursday: nine,
  friday: nine,
  saturday: [],
  sunday: [],
}

describe('a test button', () => {
  test('shows a sample at once, whatever the hours, and keeps nothing', async () => {
    begin(expiryRules, '2026-03-07T10:00:00.000Z')
    machine.put(added(makeQuote({ expires_on: '2026-03-30' })))
    await machine.pass(5_000)
    expect(machine.alerts().test('expires-3')).toBe(true)
    expect(machine.alerts().test('nonsense')).toBe(false)
    expect(machine.shown()).toMatchObject([{ key: 'test:expires-3', title: 'Test: Q-1042 expires in 23 days' }])
    expect(
      readAlertPage(machine.cache().read, alertFilterSchema.parse({ state: 'all' }), { offset: 0, limit: 9 }).total,
    ).toBe(0)
    expect(readAlertsOf(machine.cache().read, acme.id)).toEqual([])
  })
})
