import { afterEach, describe, expect, it } from 'vitest'
import type { Port } from '../../domain/host/port.ts'
import { FakeEngine, liveStatus, signedIn, signedOut } from '../../tests/support/renderer/fake-engine.ts'
import { portPair } from '../../tests/support/renderer/port-pair.ts'
import { makeRow, makeRows, personId, teamId } from '../../tests/support/renderer/rows.ts'
import { newValues } from '../form/values.ts'
import { rowAt } from '../list/row-window.ts'
import { createDesk, type Desk } from './desk.ts'

const realTimers = {
  nowMs: () => performance.now(),
  after: (delayMs: number, run: () => void) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

let desk: Desk | null = null
afterEach(() => desk?.stop())

/** A desk on a fake engine; `ports` are the engine's ends, newest last; `reachable` decides whether a port is given. */
function setUp() {
  const engine = new FakeEngine()
  engine.rows = makeRows(0, 300)
  const ports: Port[] = []
  const host = { reachable: true }
  desk = createDesk({
    bridge: {
      host: 'browser',
      connect: async () => {
        if (!host.reachable) throw new Error('It does not answer.')
        const [ours, theirs] = portPair()
        engine.serve(theirs)
        ports.push(theirs)
        return ours
      },
    },
    timers: realTimers,
    timeZone: 'Europe/Berlin',
    storage: { getItem: () => null, setItem: () => {} },
    notifications: { permission: () => 'denied', ask: async () => 'denied', show: () => {} },
    attention: { isHere: () => true, onChange: () => () => {} },
  })
  const current = desk
  current.start()
  const shown = (index: number) => rowAt(current.list.store.getState().window, index)
  return { engine, ports, host, desk: current, shown }
}

async function signInAndLook() {
  const all = setUp()
  all.engine.session.send(signedIn)
  await expect.poll(() => all.shown(0)?.quote_id).toBe(0)
  await expect.poll(() => all.desk.data.getState().pipeline?.open_count).toBe(300)
  return all
}

describe('the desk', () => {
  it('shows nothing of anybody before somebody signs in', async () => {
    const { desk, engine } = setUp()
    await expect.poll(() => desk.data.getState().session).toEqual(signedOut)
    expect(engine.pageReads).toBe(0)
  })

  it('fills list, pipeline, my day and directory when a person signs in, and forgets all when they leave', async () => {
    const { desk, engine } = await signInAndLook()
    expect(desk.data.getState()).toMatchObject({
      myDay: { expiring: 300, expired: 300 },
      directory: { teams: [{ name: 'Europe' }] },
      status: liveStatus,
    })
    await desk.page.open(makeRow(5).id)
    engine.session.send(signedOut)
    await expect.poll(() => desk.data.getState().session?.state).toBe('signed_out')
    expect(desk.data.getState()).toMatchObject({ pipeline: null, myDay: null, outbox: [] })
    expect(desk.list.store.getState().total).toBeNull()
    expect(desk.page.store.getState().id).toBeNull()
  })

  it('shows a live change in list, open page and pipeline', async () => {
    const { desk, engine, shown } = await signInAndLook()
    await desk.page.open(makeRow(3).id)
    engine.rows = engine.rows.map((row) => (row.quote_id === 3 ? makeRow(3, { status: 'negotiation' }) : row)).slice(1)
    engine.changes.send({ quotes: [makeRow(3).id, makeRow(0).id], directory: false, outbox: false, alerts: false })
    await expect.poll(() => shown(2)?.status).toBe('negotiation')
    expect(desk.page.store.getState().detail?.quote.status).toBe('negotiation')
    expect(desk.data.getState().pipeline?.open_count).toBe(299)
  })

  it('reads a flood of changes at most ten times a second', async () => {
    const { engine } = await signInAndLook()
    const before = engine.pageReads
    const startMs = performance.now()
    while (performance.now() - startMs < 1_000) {
      engine.changes.send({ quotes: [makeRow(1).id], directory: false, outbox: false, alerts: false })
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    // A refresh reads the list and the two sides of my day.
    expect((engine.pageReads - before) / 3).toBeLessThanOrEqual(12)
    expect(engine.pageReads).toBeGreaterThan(before)
  })

  it('says that the engine is gone, and reads everything again when it is back', async () => {
    const { desk, engine, ports, host, shown } = await signInAndLook()
    host.reachable = false
    ports.at(-1)?.close()
    await expect.poll(() => desk.link.store.getState().state).toBe('gone')
    expect(() => desk.engine()).toThrow(/reconnecting/)
    engine.rows = makeRows(1_000, 10)
    host.reachable = true
    desk.link.retryNow()
    await expect.poll(() => shown(0)?.quote_id).toBe(1_000)
    expect(desk.link.store.getState().state).toBe('ready')
    expect(desk.data.getState().fault).toBeNull()
  })

  it('asks anew whenever the view changes, and says when that is refused', async () => {
    const { desk, engine, shown } = await signInAndLook()
    engine.rows = makeRows(500, 5)
    desk.view.narrow({ text: 'acme' })
    await expect.poll(() => shown(0)?.quote_id).toBe(500)
    engine.failing = 'A range of values needs exactly one currency.'
    desk.view.narrow({ value_min_minor: 5 })
    await expect.poll(() => desk.list.store.getState().problem).toBe(engine.failing)
  })

  it('opens what the outside asks for: a quote, or what expires', async () => {
    const { desk, engine } = await signInAndLook()
    engine.window.send({ open_quote: makeRow(9).id, expiring_list: false })
    await expect.poll(() => desk.page.store.getState().detail?.quote.quote_id).toBe(9)
    engine.window.send({ open_quote: null, expiring_list: true })
    await expect.poll(() => desk.view.store.getState()).toMatchObject({ where: 'my_day', tab: 'expiring' })
  })

  it('shows alerts that the host cannot show', async () => {
    const { desk, engine } = await signInAndLook()
    engine.toasts.send({
      key: 'k',
      title: 'Q-1 expires today',
      body: 'Acme',
      quote: makeRow(1).id,
      actions: [],
      urgency: 'normal',
    })
    await expect.poll(() => desk.alerts.store.getState().inWindow).toHaveLength(1)
  })

  it('says when a quote cannot be opened', async () => {
    const { desk } = await signInAndLook()
    await desk.page.open(makeRow(77_777).id)
    expect(desk.page.store.getState()).toMatchObject({ detail: null, problem: 'There is no such quote here.' })
  })

  it('goes on when a quote under the pointer is no longer here', async () => {
    const { desk, engine } = await signInAndLook()
    desk.list.pointerOver(true)
    engine.rows = engine.rows.slice(1)
    engine.changes.send({ quotes: [makeRow(0).id], directory: false, outbox: false, alerts: false })
    await expect.poll(() => [desk.data.getState().fault, desk.list.store.getState().total]).toEqual([null, 299])
    expect(desk.data.getState().fault).toBeNull()
    desk.list.pointerOver(false)
    await expect.poll(() => rowAt(desk.list.store.getState().window, 0)?.quote_id).toBe(1)
  })

  it('keeps what is typed for the person who signs in again, and from everybody else', async () => {
    const { desk, engine } = await signInAndLook()
    const values = newValues({ team_id: teamId, owner_id: personId, currency: 'EUR', time_zone: 'UTC' })
    desk.form.openNew(personId, { ...values, title: 'Half typed' })
    engine.session.send(signedOut)
    await expect.poll(() => desk.data.getState().session?.state).toBe('signed_out')
    engine.session.send(signedIn)
    await expect.poll(() => desk.data.getState().session?.state).toBe('signed_in')
    expect(desk.form.store.getState().open?.values.title).toBe('Half typed')

    engine.session.send(signedOut)
    await expect.poll(() => desk.data.getState().session?.state).toBe('signed_out')
    const somebodyElse = structuredClone(signedIn)
    if (somebodyElse.state === 'signed_in') somebodyElse.person.id = makeRow(77).id
    engine.session.send(somebodyElse)
    await expect.poll(() => desk.data.getState().session?.state).toBe('signed_in')
    expect(desk.form.store.getState().open).toBeNull()
  })
})
