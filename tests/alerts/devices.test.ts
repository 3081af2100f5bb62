import { afterEach, describe, expect, test } from 'vitest'
import { newSharedAlert } from '../../domain/alert-share.ts'
import { countUnread } from '../../src-main/engine/cache/alert-store.ts'
import { countEntries, listEntries, takeBatch } from '../../src-main/engine/cache/outbox-store.ts'
import { added, changed, makeQuote } from '../support/engine-world.ts'
import { createMachine, expiryRules, type Machine, type Step, settingsOf, sharedOf } from './support/machine.ts'

const minute = 60_000
const wednesday = '2026-03-04T10:00:00.000Z'
const saturday = '2026-03-07T10:00:00.000Z'
const monday = '2026-03-09T08:00:00.000Z'
let machine: Machine
afterEach(() => machine.dispose())

const quote = makeQuote({ expires_on: '2026-03-11' })
const key = `${quote.id}:expires-7:2026-03-11`
const alert = () => machine.alertsOf(quote)[0]
const start = async (at: string, step: (where: Step) => void = () => {}) => {
  machine = createMachine(at, { settings: settingsOf(expiryRules), step })
  machine.put(added(quote))
  machine.begin()
  await machine.pass(5_000)
}
const toasts = () => machine.shown().filter((toast) => toast.key === key).length
const closed = () => machine.told.filter(({ kind }) => kind === 'close_toast').length
const marks = () =>
  machine
    .cache()
    .read.values<string>(`SELECT body FROM outbox WHERE name = 'alert.mark' ORDER BY entry`)
    .map((body) => JSON.parse(body) as { at: string; alert: { key: string }; mark: { mark: string } })

describe('what another device of the person did', () => {
  test('I8, I18: shown there while it is held here, it is not shown here, and the log says why', async () => {
    await start(saturday)
    const [held] = machine.alertsOf(quote)
    machine.hear({ ...sharedOf(held), shown_at: '2026-03-07T10:00:02.000Z' })
    machine.sleepUntil(monday)
    await machine.pass(minute)
    expect(machine.shown().map((toast) => toast.key)).not.toContain(held?.key)
    expect(machine.alertsOf(quote).find((one) => one.key === held?.key)).toMatchObject({
      state: 'shown',
      reason: 'shown on another device at 2026-03-07T10:00:02.000Z',
    })
    expect(machine.why(quote).map(({ reason }) => reason)).toContain(
      'shown on another device at 2026-03-07T10:00:02.000Z',
    )
  })

  test('snoozed there, its toast is taken back here and it comes again then, once', async () => {
    await start(wednesday)
    const until = '2026-03-04T11:00:00.000Z'
    machine.hear({ ...sharedOf(alert()), shown_at: wednesday, read_at: wednesday, snoozed_until: until })
    await machine.pass(5_000)
    expect([toasts(), closed()]).toEqual([1, 1])
    expect(alert()).toMatchObject({
      state: 'snoozed',
      release_at: until,
      reason: `snoozed on another device until ${until}`,
    })
    await machine.pass(70 * minute, 30_000)
    expect(toasts()).toBe(2)
    // The same word once more, as a snapshot brings it.
    machine.hear({ ...sharedOf(alert()), shown_at: wednesday, read_at: wednesday, snoozed_until: until })
    await machine.pass(10 * minute, 30_000)
    expect([toasts(), alert()?.state]).toEqual([2, 'shown'])
  })

  test('told again there after the snooze, it is not told here', async () => {
    await start(wednesday)
    machine.alerts().snooze(key, 'hour')
    const again = '2026-03-04T11:00:05.000Z'
    machine.hear({ ...sharedOf(alert()), shown_at: again, read_at: wednesday })
    await machine.pass(70 * minute, 30_000)
    expect([toasts(), alert()?.reason]).toEqual([1, `shown on another device at ${again}`])
  })

  test('read there, its toast goes here and the badge follows', async () => {
    await start(wednesday)
    expect(countUnread(machine.cache().read)).toBe(1)
    machine.hear({ ...sharedOf(alert()), shown_at: wednesday, read_at: wednesday })
    await machine.pass(5_000)
    expect([closed(), countUnread(machine.cache().read)]).toEqual([1, 0])
  })

  test('I16: an alert about a quote that is not here is not listed', async () => {
    await start(wednesday)
    const other = makeQuote()
    const identity = { ...sharedOf(alert()), quote: other.id, key: `${other.id}:expires-7:2026-03-11` }
    machine.hear({ ...identity, shown_at: wednesday })
    await machine.pass(5_000)
    expect(machine.alertsOf(other)).toEqual([])
    expect(machine.cache().read.value('SELECT count(*) FROM shared_alerts')).toBe(1)
  })

  test('known before its rule comes true here, as after a fresh start: it is not told a second time', async () => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    const identity = { key, quote: quote.id, rule: 'expires-7', kind: 'expires_in', occasion: '2026-03-11' }
    const told = { severity: 'low' as const, due_at: wednesday, title: 'Q-1042 expires in 7 days', body: '' }
    machine.hear({ ...newSharedAlert({ ...identity, ...told }), shown_at: wednesday })
    machine.begin()
    await machine.pass(5_000)
    machine.put(added(quote))
    await machine.pass(5_000)
    expect([toasts(), alert()?.state]).toEqual([0, 'shown'])
  })
})

const escalation = () => ({
  ...newSharedAlert({
    key: `${quote.id}:escalated:2026-03-11`,
    quote: quote.id,
    rule: 'escalated',
    kind: 'escalation',
    occasion: '2026-03-11',
    severity: 'high',
    due_at: saturday,
    title: 'Mia has not answered: Q-1042 expires in 7 days',
    body: 'Acme Corp',
  }),
  escalated_from: { person_id: quote.owner_id, trail: [] },
})
const passedOn = () => machine.shown().filter((toast) => toast.key.includes('escalated'))

describe('somebody else’s alert that was passed on', () => {
  test('is held until working hours and told then, in the words that it came with', async () => {
    await start(saturday)
    machine.hear(escalation())
    await machine.pass(5_000)
    expect(machine.alertsOf(quote).find(({ kind }) => kind === 'escalation')).toMatchObject({
      state: 'held',
      release_at: monday,
    })
    machine.sleepUntil(monday)
    await machine.pass(minute)
    const told = machine.shown().filter(({ title }) => title.startsWith('Mia') || title.includes('alerts'))
    expect(told).toHaveLength(1)
  })

  test('is cancelled when the quote is closed meanwhile', async () => {
    await start(saturday)
    machine.hear(escalation())
    await machine.pass(5_000)
    machine.put(changed({ ...quote, version: 2, status: 'closed', outcome: 'won' }))
    machine.sleepUntil(monday)
    await machine.pass(minute)
    expect(passedOn()).toEqual([])
    expect(machine.alertsOf(quote).find(({ kind }) => kind === 'escalation')).toMatchObject({
      state: 'cancelled',
      reason: 'the quote was closed',
    })
  })
})

describe('what this device tells the others', () => {
  test('is queued in the transaction that writes it: after a crash there is both or neither', async () => {
    let crash = false
    await start(wednesday, (where) => {
      if (crash && where === 'before commit') throw new Error('killed')
    })
    expect(marks().map(({ mark, alert: { key: of } }) => [of, mark.mark])).toEqual([[key, 'shown']])
    crash = true
    expect(() => machine.alerts().mark(key, { mark: 'acknowledged' })).toThrow('killed')
    crash = false
    expect([marks().length, alert()?.acknowledged_at]).toEqual([1, null])
    machine.alerts().mark(key, { mark: 'acknowledged' })
    // Saying it twice is saying it once.
    machine.alerts().mark(key, { mark: 'acknowledged' })
    expect(marks().map(({ mark }) => mark.mark)).toEqual(['shown', 'acknowledged'])
  })

  test('what came from another device is not told back', async () => {
    await start(wednesday)
    machine.hear({ ...sharedOf(alert()), shown_at: wednesday, read_at: wednesday, dismissed_at: wednesday })
    await machine.pass(5_000)
    expect(alert()?.dismissed_at).toBe(wednesday)
    expect(marks().map(({ mark }) => mark.mark)).toEqual(['shown'])
  })

  test('300 read at once go as one batch, and are no changes that a person waits for', async () => {
    machine = createMachine(wednesday, { settings: settingsOf(expiryRules) })
    const quotes = Array.from({ length: 300 }, () => makeQuote({ expires_on: '2026-03-11' }))
    machine.put(...quotes.map((one) => added(one)))
    machine.begin()
    await machine.pass(5_000)
    const keys = quotes.map(({ id }) => `${id}:expires-7:2026-03-11`)
    expect(machine.alerts().markAll(keys, { mark: 'read' })).toBe(300)
    const { read } = machine.cache()
    expect(countEntries(read)).toEqual({ pending: 0, refused: 0 })
    expect(listEntries(read)).toEqual([])
    const batch = machine.cache().transact((db) => takeBatch(db, { entries: 1_000, bytes: 500_000 }))
    expect(batch.filter(({ body }) => body.name === 'alert.mark' && body.mark.mark === 'read')).toHaveLength(300)
    expect(batch.map(({ mutation_id }) => mutation_id)).toEqual(batch.map((_, index) => index + 1))
  })
})
