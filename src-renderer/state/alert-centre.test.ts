import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeAlert } from '../../tests/support/renderer/alerts.ts'
import { FakeEngine } from '../../tests/support/renderer/fake-engine.ts'
import { portPair } from '../../tests/support/renderer/port-pair.ts'
import { createEngineClient } from '../engine-link/engine-client.ts'
import { type AlertCentre, createAlertCentre } from './alert-centre.ts'

let centre: AlertCentre | null = null
afterEach(() => centre?.close())

function setUp(count: number) {
  const engine = new FakeEngine()
  engine.setAlerts(Array.from({ length: count }, (_, index) => makeAlert(index)))
  const [ours, theirs] = portPair()
  engine.serve(theirs)
  const client = createEngineClient(ours)
  centre = createAlertCentre({ engine: () => client })
  const { store } = centre
  return { engine, centre, store, keys: () => store.getState().alerts?.map(({ key }) => key) ?? null }
}

async function opened(count: number) {
  const all = setUp(count)
  all.centre.open()
  await vi.waitFor(() => expect(all.keys()).not.toBe(null), { timeout: 10_000 })
  return all
}

describe('the centre', () => {
  it('reads nothing before somebody looks, nor after', async () => {
    const { engine, centre, store, keys } = setUp(2)
    ;(await centre.prepareRefresh())()
    expect(store.getState().alerts).toBe(null)
    centre.open()
    await vi.waitFor(() => expect(keys()).toHaveLength(2), { timeout: 10_000 })
    centre.close()
    engine.alerts = []
    ;(await centre.prepareRefresh())()
    expect(keys()).toHaveLength(2)
  })

  it('brings a hundred at a time, and more when asked, beyond what the engine gives at once', async () => {
    const { centre, store, keys } = await opened(640)
    expect(keys()).toHaveLength(100)
    expect(store.getState().total).toBe(640)
    for (let asked = 0; asked < 6; asked += 1) await centre.more()
    expect(new Set(keys()).size).toBe(640)
  })

  it('the keyboard stays on its alert, and goes to the next when that is dealt with', async () => {
    const { engine, centre, store, keys } = await opened(4)
    const [first, second, third] = keys() ?? []
    expect(store.getState().active).toBe(first)
    centre.setActive(second ?? null)
    engine.alerts = engine.alerts.filter(({ key }) => key !== first)
    ;(await centre.prepareRefresh())()
    expect(store.getState().active).toBe(second)
    engine.alerts = engine.alerts.filter(({ key }) => key !== second)
    ;(await centre.prepareRefresh())()
    expect(store.getState().active).toBe(third)
  })

  it('acts on what is chosen, singly or as a stretch, else on the alert under the keyboard', async () => {
    const { centre, keys } = await opened(5)
    const [first, , third, , fifth] = keys() ?? []
    const targets = () => centre.targets().map(({ key }) => key)
    expect(targets()).toEqual([first])
    centre.choose(third ?? '', 'to')
    expect(targets()).toHaveLength(3)
    centre.choose(fifth ?? '', 'one')
    expect(targets()).toHaveLength(4)
    centre.choose(fifth ?? '', 'one')
    centre.chooseNone()
    expect(targets()).toEqual([fifth])
  })

  it('what is being dismissed is not listed, acted on, or stood on; taken back, it is there again', async () => {
    const { centre, store, keys } = await opened(2)
    const [first, second] = keys() ?? []
    centre.leave([first ?? ''], true)
    expect(store.getState().active).toBe(second)
    expect(centre.targets().map(({ key }) => key)).toEqual([second])
    centre.leave([first ?? ''], false)
    centre.setActive(first ?? null)
    expect(centre.targets().map(({ key }) => key)).toEqual([first])
  })

  it('a filter narrows what is listed, from its beginning', async () => {
    const { engine, centre, store, keys } = await opened(3)
    const read = engine.alerts[0]
    if (read !== undefined) engine.alerts = [{ ...read, read_at: read.shown_at }, ...engine.alerts.slice(1)]
    await centre.narrow({ unread: true })
    expect(keys()).toHaveLength(2)
    await centre.narrow({ unread: false, state: 'waiting' })
    expect(keys()).toEqual([])
    expect(store.getState().problem).toBe(null)
  })
})
