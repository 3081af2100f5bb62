import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultAlertPolicy } from '../../domain/alert-policy.ts'
import { defaultPersonAlertSettings } from '../../domain/alert-settings.ts'
import { defaultCalendarSettings } from '../../domain/calendar-settings.ts'
import { escalateWaiting } from '../../server/alerts/escalate.ts'
import { type Device, type Devices, firstOf, startDevices } from './support/devices.ts'

const patient = { timeout: 10_000 }
// The clock stands at Friday 2026-03-06, 11:00 in Berlin.
const tomorrow = '2026-03-07'
let devices: Devices
beforeEach(async () => {
  devices = await startDevices()
})
afterEach(() => devices.dispose())

const rob = (name: string, given = {}) => devices.device(devices.server.world.rob, name, given)
const titles = (device: Device) => device.toasts().map(({ title }) => title)
const showsNext = async (device: Device, title = 'Q-1 expires tomorrow') => {
  await expect.poll(() => titles(device), patient).toContain(title)
  device.shows(device.toasts().at(-1))
  await expect.poll(async () => (await device.alerts()).total, patient).toBeGreaterThan(0)
}
describe('two machines of one person', () => {
  it('I8: what one has shown the other does not show later, nor after a fresh start with the same account', async () => {
    const quote = await devices.addOpen(tomorrow)
    const a = await rob('a')
    await showsNext(a)
    expect(a.badge()).toBe(1)
    await expect.poll(() => sharedOf(devices), patient).toEqual(['shown'])
    const b = await rob('b')
    await expect
      .poll(async () => (await b.alerts()).alerts.map(({ reason }) => reason), patient)
      .toEqual(['shown on another device'])
    expect(b.badge()).toBe(1)
    const other = await devices.addOpen(tomorrow)
    await expect.poll(() => titles(b), patient).toEqual(['Q-2 expires tomorrow'])
    expect(b.toasts()[0]?.quote).toBe(other.id)
    const { decisions } = await b.client.alerts.why({ quote: quote.id })
    expect(decisions).toMatchObject([{ decision: 'marked', reason: 'shown on another device' }])
    expect(await b.verify()).toEqual(['Directory: same', 'Alerts and settings: same', 'North: same'])
  })

  it('acknowledged on one, it leaves the screen of the other, and its badge', async () => {
    const [a, b] = [await rob('a'), await rob('b')]
    await devices.addOpen(tomorrow)
    await expect.poll(() => [titles(a).length, titles(b).length], patient).toEqual([1, 1])
    await showsNext(a)
    await showsNext(b)
    const [alert] = (await a.alerts()).alerts
    await a.client.alerts.mark({ keys: [alert?.key ?? ''], mark: { mark: 'acknowledged' } })
    expect(a.closed()).toEqual([alert?.key])
    await expect.poll(() => b.closed(), patient).toEqual([alert?.key])
    await expect.poll(() => b.badge(), patient).toBe(0)
    expect((await b.alerts()).total).toBe(0)
    expect((await b.alerts({ state: 'history' })).alerts).toMatchObject([
      { key: alert?.key, acknowledged_at: '2026-03-06T10:00:00.000Z', quote_label: 'Q-1', customer_name: 'Acme Corp' },
    ])
    const { decisions } = await b.client.alerts.why({ quote: alert?.quote ?? null })
    expect(decisions[0]).toMatchObject({ decision: 'marked', reason: 'acknowledged on another device' })
  })

  it('settings saved on one hold on the other; saved offline they hold here at once and are confirmed later', async () => {
    const [a, b] = [await rob('a'), await rob('b')]
    const off = { enabled: false }
    const overrides = { 'expires-7': off, 'expires-3': off, 'expires-1': off }
    const settings = { ...defaultPersonAlertSettings, overrides }
    await devices.server.stop()
    await a.becomes('offline')
    await a.client.settings.save({ settings })
    expect(await a.client.settings.get()).toMatchObject({ settings, standing: 'waiting' })
    expect(await a.status()).toMatchObject({ pending_changes: 1, refused_changes: 0 })
    expect((await a.client.outbox.list()).changes).toMatchObject([
      { quote: null, what: 'alert settings', state: { kind: 'waiting', sent: false } },
    ])
    await devices.server.start()
    await expect.poll(async () => (await a.client.settings.get()).standing, { timeout: 20_000 }).toBe('confirmed')
    await expect.poll(async () => (await b.client.settings.get()).settings, { timeout: 20_000 }).toEqual(settings)
    await devices.addOpen('2026-03-09')
    await devices.addOpen('2026-03-06')
    await expect.poll(() => titles(b), patient).toEqual(['Q-2 expires today'])
    expect(await b.verify()).toEqual(['Directory: same', 'Alerts and settings: same', 'North: same'])
  })
})

describe('rules for everybody', () => {
  it('are saved by who may, hold for all, and are refused in words to who saves over somebody else’s', async () => {
    const { world } = devices.server
    const [mia, other] = [await devices.device(world.mia, 'mia'), await devices.device(world.mia, 'mia-2')]
    const robs = await rob('rob')
    expect((await robs.client.policy.get()).refusal).toMatch(/alerts:manage/)
    await expect(robs.client.policy.save({ base_version: 0, policy: defaultAlertPolicy })).rejects.toMatchObject({
      code: 'refused',
      data: { code: 'needs_permission' },
    })
    const rules = defaultAlertPolicy.rules.filter(({ id }) => id !== 'expires-1')
    await devices.server.stop()
    await Promise.all([mia.becomes('offline'), other.becomes('offline')])
    await mia.client.policy.save({ base_version: 0, policy: { ...defaultAlertPolicy, rules } })
    expect(await mia.client.policy.get()).toMatchObject({ version: 1, standing: 'waiting' })
    await devices.server.start()
    await expect.poll(async () => (await mia.client.policy.get()).standing, { timeout: 20_000 }).toBe('confirmed')
    await expect
      .poll(async () => (await robs.client.settings.get()).effective_rules.map(({ id }) => id), { timeout: 20_000 })
      .not.toContain('expires-1')
    expect(await robs.verify()).toContain('Directory: same')
    await expect.poll(async () => (await other.client.policy.get()).version, { timeout: 20_000 }).toBe(1)
    await expect(other.client.policy.save({ base_version: 0, policy: defaultAlertPolicy })).rejects.toMatchObject({
      data: { code: 'conflict' },
    })
  })
})

const press = (device: Device, action: 'snooze' | 'mark_lost' | 'extend' | 'acknowledge') =>
  device.tell({ kind: 'toast_action', key: device.toasts()[0]?.key ?? '', action })
const wishes = (device: Device) => {
  const seen: unknown[] = []
  void (async () => {
    for await (const wish of await device.client.window.watch()) seen.push(wish)
  })().catch(() => {})
  return seen
}

describe('the buttons of a toast', () => {
  it('snooze lands in working hours, extend opens the form, and both take the alert for seen', async () => {
    await devices.addOpen(tomorrow)
    const a = await rob('a')
    await showsNext(a)
    expect(a.toasts()[0]?.actions.map(({ id }) => id)).toEqual(['open', 'snooze', 'extend'])
    devices.server.clock.set('2026-03-06T15:30:00.000Z')
    press(a, 'snooze')
    await expect
      .poll(async () => (await a.alerts({ state: 'waiting' })).alerts, patient)
      .toMatchObject([{ state: 'snoozed', release_at: '2026-03-09T08:00:00.000Z' }])
    const opened = wishes(a)
    press(a, 'extend')
    await expect
      .poll(() => opened.at(-1), patient)
      .toMatchObject({ open_quote: a.toasts()[0]?.quote, edit: 'valid_until' })
    expect(a.told).toContainEqual({ kind: 'focus_window' })
  })

  it('mark lost is one ordinary change; what cannot be done is told in a window', async () => {
    const quote = await devices.addOpen(tomorrow)
    const a = await rob('a')
    await showsNext(a)
    expect(a.toasts()[0]?.actions.map(({ id }) => id)).toEqual(['open', 'snooze', 'extend'])
    await a.client.quotes.changeStatus({ id: quote.id, to: 'sent', outcome: null, reason: null })
    press(a, 'mark_lost')
    await expect
      .poll(async () => (await a.client.quotes.get({ id: quote.id })).quote, patient)
      .toMatchObject({
        status: 'closed',
        outcome: 'lost',
      })
    expect((await a.alerts({ state: 'history' })).alerts).toMatchObject([
      { note: 'Marked lost from the notification.', resolved_at: expect.any(String) },
    ])
    const opened = wishes(a)
    press(a, 'mark_lost')
    await expect
      .poll(() => opened.at(-1), patient)
      .toMatchObject({ open_quote: quote.id, problem: expect.stringMatching(/closed/i) })
  })

  it('closed by the person it is dismissed; gone by itself it is not', async () => {
    await devices.addOpen(tomorrow)
    const a = await rob('a')
    await showsNext(a)
    const key = a.toasts()[0]?.key ?? ''
    a.tell({ kind: 'toast_event', key, event: 'closed', detail: null })
    a.tell({ kind: 'toast_event', key: 'another', event: 'dismissed', detail: null })
    expect((await a.alerts()).alerts).toMatchObject([{ key, read_at: null, dismissed_at: null }])
    a.tell({ kind: 'toast_event', key, event: 'dismissed', detail: null })
    await expect.poll(async () => (await a.alerts()).total, patient).toBe(0)
    expect(a.badge()).toBe(0)
  })

  it('whoever looks at a window gets it there, with the same buttons, and it goes when it is dealt with', async () => {
    const a = await rob('a')
    const shown: { key: string }[] = []
    const gone: { key: string }[] = []
    void (async () => {
      for await (const toast of await a.client.window.toasts()) shown.push(toast)
    })().catch(() => {})
    void (async () => {
      for await (const toast of await a.client.window.closedToasts()) gone.push(toast)
    })().catch(() => {})
    await a.client.window.focus({ focused: true })
    await devices.addOpen(tomorrow)
    await expect.poll(() => shown.length, patient).toBe(1)
    const key = shown[0]?.key ?? ''
    await a.client.window.toastEvent({ key, event: 'shown' })
    await a.client.window.toastAction({ key, action: 'acknowledge' })
    await expect.poll(() => gone, patient).toEqual([{ key }])
    expect(a.toasts()).toEqual([])
    expect((await a.client.diagnostics.get()).presence).toMatchObject({ focused: true })
    a.tell({ kind: 'presence', do_not_disturb: true, full_screen: null })
    await expect
      .poll(async () => (await a.client.diagnostics.get()).presence, patient)
      .toEqual({ focused: true, do_not_disturb: 'on', full_screen: 'unknown' })
  })
})

describe('what a window asks', () => {
  it('a calendar says when it opens next, and is refused when it never does', async () => {
    const a = await rob('a', { machineZone: 'America/New_York' })
    expect(await a.client.calendar.get()).toMatchObject({
      own: null,
      machine_zone: 'America/New_York',
      preview: { is_open: true },
    })
    const settings = { ...defaultCalendarSettings, follow_machine: true, holidays: { country: 'US', region: null } }
    expect(await a.client.calendar.preview({ settings })).toMatchObject({
      ok: true,
      preview: { is_open: false, next_opening_at: '2026-03-06T14:00:00.000Z', next_opening_in: 'in 4 h' },
    })
    const never = { ...settings, away_until: '2099-01-01' }
    expect(await a.client.calendar.preview({ settings: never })).toMatchObject({ ok: false })
    await expect(a.client.calendar.save({ settings: never })).rejects.toMatchObject({ data: { code: 'never_opens' } })
    await a.client.calendar.save({ settings })
    await expect.poll(async () => (await a.client.calendar.get()).preview, patient).toMatchObject({ is_open: false })
    await devices.addOpen(tomorrow)
    await expect
      .poll(async () => (await a.alerts({ state: 'waiting' })).alerts, patient)
      .toMatchObject([{ release_at: '2026-03-06T14:00:00.000Z' }])
    const counts = await firstOf(a.client.alerts.watch())
    expect(counts).toEqual({ unread: 0, held: 1, next_release_at: '2026-03-06T14:00:00.000Z' })
    const { places } = await a.client.calendar.holidayPlaces({ country: 'DE' })
    expect(places).toContainEqual({ code: 'BY', name: 'Bayern' })
    expect((await a.client.diagnostics.get()).time_zone_data.version).toMatch(/^\d{4}[a-z]$/)
  })

  it('all is read with one word, and the badge follows; a sample of a rule is shown on demand', async () => {
    for (let n = 0; n < 3; n += 1) await devices.addOpen(tomorrow)
    const a = await rob('a')
    await expect.poll(() => a.toasts().length, patient).toBe(3)
    for (const toast of a.toasts()) a.shows(toast)
    await expect.poll(() => a.badge(), patient).toBe(3)
    expect(await a.client.alerts.markAllRead()).toEqual({ marked: 3 })
    await expect.poll(() => a.badge(), patient).toBe(0)
    expect(await a.alerts({ unread: true })).toMatchObject({ total: 0, unread: 0 })
    await a.client.alerts.test({ rule: 'expires-1' })
    await expect.poll(() => a.toasts().at(-1)?.key, patient).toBe('test:expires-1')
    await expect(a.client.alerts.test({ rule: 'nonsense' })).rejects.toMatchObject({ data: { code: 'not_found' } })
  })
})

describe('escalation', () => {
  it('reaches the manager’s machine, held until their working hours, with what became of it so far', async () => {
    const { server } = devices
    const quote = await devices.addOpen(tomorrow)
    const a = await rob('a')
    await showsNext(a)
    await expect.poll(() => sharedOf(devices), patient).toEqual(['shown'])
    const mia = await devices.device(server.world.mia, 'mia')
    const hours = { ...defaultCalendarSettings.hours, monday: [{ from: '12:00', to: '17:00' }] }
    await mia.client.calendar.save({ settings: { ...defaultCalendarSettings, hours } })
    await expect.poll(async () => (await mia.client.settings.get()).standing, patient).toBe('confirmed')
    // Eight of Rob's working hours later: Monday, 11:00 in Berlin.
    server.clock.set('2026-03-09T10:00:00.000Z')
    expect(await escalateWaiting({ store: server.store(), clock: server.clock }, () => Promise.resolve([]))).toBe(1)
    await expect
      .poll(async () => (await mia.alerts({ state: 'waiting' })).alerts, { timeout: 20_000 })
      .toMatchObject([{ kind: 'escalation', quote: quote.id, release_at: '2026-03-09T11:00:00.000Z' }])
    expect(mia.toasts()).toEqual([])
    server.clock.set('2026-03-09T11:00:00.000Z')
    mia.tell({ kind: 'power', event: 'resume' })
    await expect
      .poll(() => mia.toasts(), { timeout: 20_000 })
      .toMatchObject([
        {
          title: 'Rob has not answered: Q-1 expires tomorrow',
          actions: [{ id: 'open' }, { id: 'snooze' }, { id: 'acknowledge' }],
        },
      ])
    mia.shows(mia.toasts()[0])
    await expect
      .poll(async () => (await mia.alerts()).alerts, patient)
      .toMatchObject([
        { escalated_from: { person_name: 'Rob', trail: [{ what: expect.stringContaining('Due') }, {}, {}] } },
      ])
    mia.tell({ kind: 'toast_action', key: mia.toasts()[0]?.key ?? '', action: 'acknowledge' })
    await expect.poll(async () => (await mia.alerts()).total, patient).toBe(0)
  })
})

/** What the server knows of Rob's alerts. */
async function sharedOf({ server }: Devices): Promise<string[]> {
  const rows = await server
    .store()
    .read.selectFrom('alerts')
    .select('alert')
    .where('person_id', '=', server.world.rob.id)
    .execute()
  return rows.map(({ alert }) => {
    const { shown_at, acknowledged_at } = JSON.parse(alert) as Record<string, string | null>
    return [shown_at && 'shown', acknowledged_at && 'acknowledged'].filter(Boolean).join(', ')
  })
}
