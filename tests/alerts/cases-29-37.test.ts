import { Temporal } from 'temporal-polyfill'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Quote } from '../../domain/quote.ts'
import { toEpochMs, toInstantText } from '../../domain/time.ts'
import { officeCalendar } from '../../domain/working-calendar.ts'
import { createWorkingHours } from '../../domain/working-hours.ts'
import { zoneData } from '../../src-main/engine/alerts/zone-data.ts'
import { added, changed, makeQuote, removed } from '../support/engine-world.ts'
import { createMachine, expiryRules, type Machine, settingsOf } from './support/machine.ts'

/** Rob works Mon–Fri 09:00–17:00 in Berlin; in March 2026 that is UTC+1 until the 29th. */
const minute = 60_000
const day = 24 * 60 * minute
const settings = settingsOf(expiryRules)
let machine: Machine
afterEach(() => machine.dispose())

async function heldUntilNine(): Promise<Quote> {
  machine = createMachine('2026-03-03T23:30:00.000Z', { settings })
  const quote = makeQuote({ expires_on: '2026-03-11' })
  machine.put(added(quote))
  machine.begin()
  await machine.pass(minute)
  expect(machine.alertsOf(quote)).toMatchObject([{ state: 'held', release_at: '2026-03-04T08:00:00.000Z' }])
  return quote
}

describe('alerts.md', () => {
  test('case 29: due in 30 days fires once, then, and no timer is ever longer than 30 seconds', async () => {
    machine = createMachine('2026-02-09T08:30:00.000Z', { settings })
    const delays: number[] = []
    const timer = vi.spyOn(globalThis, 'setTimeout')
    const quote = makeQuote({ expires_on: '2026-03-18' })
    machine.put(added(quote))
    machine.begin()
    // The rule of seven days comes true at the start of 2026-03-11 there and is shown at 09:00.
    await machine.pass(3 * day, 30_000)
    machine.sleepUntil('2026-03-09T08:30:00.000Z')
    await machine.pass(2 * day - 31 * minute, 30_000)
    expect(toInstantText(machine.nowMs())).toBe('2026-03-11T07:59:00.000Z')
    expect(machine.shown()).toEqual([])
    await machine.pass(2 * minute)
    expect(machine.shown().map(({ title }) => title)).toEqual(['Q-1042 expires in 7 days'])
    await machine.pass(60 * minute, 30_000)
    expect(machine.shown()).toHaveLength(1)
    for (const [, delay] of timer.mock.calls) delays.push(delay ?? 0)
    timer.mockRestore()
    expect(Math.max(...new Set(delays))).toBeLessThanOrEqual(30_000)
  })

  test('case 30: due 09:00, asleep 08:50–10:15, shown within 5 s of resume', async () => {
    await heldUntilNine()
    machine.sleepUntil('2026-03-04T09:15:00.000Z')
    await machine.pass(5_000)
    expect(machine.shown()).toHaveLength(1)
  })

  test('case 30: also when the server does not answer, and when nobody says that the machine woke up', async () => {
    const quote = await heldUntilNine()
    machine.setOnline(false)
    machine.sleepUntil('2026-03-04T09:15:00.000Z')
    await machine.pass(5_000)
    expect(machine.shown()).toHaveLength(1)
    machine.alerts().stop()
    machine.begin()
    machine.put(changed({ ...quote, version: 2, expires_on: '2026-03-13' }))
    await machine.pass(40_000)
    expect(machine.shown()).toHaveLength(1)
  })

  test('case 31: due 09:00, asleep until 18:30: the next opening, not 18:30', async () => {
    const quote = await heldUntilNine()
    machine.sleepUntil('2026-03-04T17:30:00.000Z')
    await machine.pass(5 * minute)
    expect(machine.shown()).toEqual([])
    expect(machine.alertsOf(quote)[0]?.release_at).toBe('2026-03-05T08:00:00.000Z')
    machine.sleepUntil('2026-03-05T07:59:00.000Z')
    await machine.pass(50_000)
    expect(machine.shown()).toEqual([])
    await machine.pass(15_000)
    expect(machine.shown()).toMatchObject([{ title: 'Q-1042 expires in 6 days' }])
  })

  test('case 32: clock set back 2 h after the toast: no second toast', async () => {
    machine = createMachine('2026-03-04T12:00:00.000Z', { settings })
    machine.put(added(makeQuote({ expires_on: '2026-03-11' })))
    machine.begin()
    await machine.pass(minute)
    expect(machine.shown()).toHaveLength(1)
    machine.setOnline(false)
    machine.setClockBy(-120 * minute)
    await machine.pass(180 * minute, 30_000)
    expect(machine.shown()).toHaveLength(1)
  })

  test('case 33: clock set forward a day, then put right: server time governs, no early toast', async () => {
    machine = createMachine('2026-03-04T12:00:00.000Z', { settings })
    const quote = makeQuote({ expires_on: '2026-03-12' })
    machine.put(added(quote))
    machine.begin()
    await machine.pass(minute)
    machine.setClockBy(24 * 60 * minute)
    await machine.pass(10 * minute)
    expect(machine.shown()).toEqual([])
    expect(machine.alertsOf(quote)).toEqual([])
    machine.setClockBy(-24 * 60 * minute)
    await machine.pass(10 * minute)
    expect(machine.shown()).toEqual([])
    expect(Math.abs(machine.clock.nowMs() - machine.nowMs())).toBeLessThanOrEqual(2_000)
  })

  test.each([10, -10])('case 34: client clock wrong by %i min: shown within 2 s of server time', async (minutes) => {
    machine = createMachine('2026-03-04T07:59:00.000Z', { settings })
    machine.setClockBy(minutes * minute)
    machine.clock.measured(machine.nowMs() + minutes * minute, machine.nowMs() + minutes * minute, machine.nowMs())
    machine.put(added(makeQuote({ expires_on: '2026-03-11' })))
    const at: number[] = []
    machine.host.onToast = (toast) => {
      at.push(machine.nowMs())
      machine.notifier.event(toast.key, 'shown', null)
    }
    machine.begin()
    await machine.pass(2 * minute)
    expect(at).toHaveLength(1)
    const opening = toEpochMs('2026-03-04T08:00:00.000Z')
    expect(at[0]).toBeGreaterThanOrEqual(opening)
    // A tick of at most 30 s finds it; by the machine's own clock it would be ten minutes off.
    expect((at[0] ?? 0) - opening).toBeLessThanOrEqual(32_000)
    expect(Math.abs(machine.clock.nowMs() - machine.nowMs())).toBeLessThanOrEqual(2_000)
  })

  test('case 35: deleted, closed or extended while held: cancelled, or judged anew', async () => {
    machine = createMachine('2026-03-07T10:00:00.000Z', { settings })
    const [gone, closed, extended] = [1, 2, 3].map((quote_id) => makeQuote({ quote_id, expires_on: '2026-03-14' }))
    if (!gone || !closed || !extended) throw new Error('three quotes')
    machine.put(added(gone), added(closed), added(extended))
    machine.begin()
    await machine.pass(minute)
    for (const quote of [gone, closed, extended]) expect(machine.alertsOf(quote)).toMatchObject([{ state: 'held' }])
    machine.put(
      removed(gone),
      changed({ ...closed, version: 2, status: 'closed', outcome: 'lost' }),
      changed({ ...extended, version: 2, expires_on: '2026-03-16' }),
    )
    await machine.pass(5_000)
    expect(machine.alertsOf(gone)).toMatchObject([{ state: 'cancelled', reason: 'the quote is gone' }])
    expect(machine.alertsOf(closed)).toMatchObject([{ state: 'cancelled', reason: 'the quote is closed' }])
    expect(machine.alertsOf(extended)).toMatchObject([
      { state: 'cancelled', reason: 'its valid-until date was changed' },
    ])
    machine.sleepUntil('2026-03-09T08:00:00.000Z')
    await machine.pass(10_000)
    expect(machine.shown()).toMatchObject([{ key: `${extended.id}:expires-7:2026-03-16` }])
  })

  test('case 36: seven alerts due on wake: one summary, each marked once', async () => {
    machine = createMachine('2026-03-03T22:30:00.000Z', { settings })
    const quotes = Array.from({ length: 7 }, (_, n) => makeQuote({ quote_id: n + 1, expires_on: '2026-03-11' }))
    machine.put(...quotes.map((quote) => added(quote)))
    machine.begin()
    await machine.pass(minute)
    machine.sleepUntil('2026-03-04T09:00:00.000Z')
    await machine.pass(5 * minute)
    expect(machine.shown()).toMatchObject([{ title: '7 quotes expire soon', quote: null }])
    for (const quote of quotes) {
      expect(machine.alertsOf(quote).filter(({ state }) => state === 'shown')).toHaveLength(1)
      const shownLines = machine.why(quote).filter(({ decision }) => decision === 'shown')
      expect(shownLines.map(({ reason }) => reason)).toEqual(['shown in a summary of 7'])
    }
  })

  test('case 37: America/Vancouver 2026-10-30 18:00: the zone data decides, and says how old it is', () => {
    machine = createMachine('2026-03-04T12:00:00.000Z', { settings })
    machine.begin()
    const opening = createWorkingHours(officeCalendar('America/Vancouver')).nextOpeningMs(
      Temporal.ZonedDateTime.from('2026-10-30T18:00[America/Vancouver]').epochMilliseconds,
    )
    // The runtime's own offset on that Monday morning, told by Intl and not by the library of the product.
    const offset = new Intl.DateTimeFormat('en', { timeZone: 'America/Vancouver', timeZoneName: 'longOffset' })
      .formatToParts(toEpochMs('2026-11-02T16:30:00.000Z'))
      .find(({ type }) => type === 'timeZoneName')?.value
    const hours = Number(/^GMT([+-]\d\d)/.exec(offset ?? '')?.[1])
    expect([-7, -8]).toContain(hours)
    expect(toInstantText(opening ?? 0)).toBe(`2026-11-02T${9 - hours}:00:00.000Z`.replace('T9:', 'T09:'))

    expect(zoneData(process.versions['tz'], machine.nowMs()).version).toMatch(/^\d{4}[a-z]/)
    expect(zoneData('2024a', toEpochMs('2024-11-01T00:00:00.000Z'))).toMatchObject({ age_days: 274, warning: null })
    expect(zoneData('2024a', toEpochMs('2025-11-01T00:00:00.000Z')).warning).toContain('more than a year old')
    expect(zoneData(undefined, 0).warning).toContain('does not say')
  })
})
