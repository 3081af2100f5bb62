import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostToEngine, Toast } from '../../domain/host/messages.ts'
import { sessionBusAddress, ToastDesk } from '../../src-main/browser-host/toast-desk.ts'
import { eventually } from '../support/eventually.ts'
import { hasDbusDaemon, TestBus, TestDaemon } from '../support/notification-bus.ts'

const toast: Toast = {
  key: 'k1',
  title: 'Q-1042 expires today',
  body: 'A <b>&</b> Co',
  quote: null,
  actions: [
    { id: 'snooze', label: 'Snooze' },
    { id: 'mark_lost', label: 'Mark lost' },
  ],
  urgency: 'normal',
}

describe.skipIf(!hasDbusDaemon)('toasts over D-Bus', () => {
  let bus: TestBus
  let told: HostToEngine[]
  let desk: ToastDesk
  beforeEach(async () => {
    bus = await TestBus.start()
    told = []
    desk = new ToastDesk(bus.address, (message) => told.push(message))
  })
  afterEach(async () => {
    desk.stop()
    await bus.kill()
  })

  async function withDaemon(capabilities?: string[]) {
    const daemon = await TestDaemon.start(bus.address, capabilities)
    await desk.start()
    told.length = 0
    return daemon
  }
  const events = () =>
    told.filter((message) => message.kind === 'toast_event').map(({ event, detail }) => [event, detail])
  const presence = () => told.flatMap((message) => (message.kind === 'presence' ? [message.do_not_disturb] : []))

  it('go to the desktop where a daemon answers', async () => {
    await TestDaemon.start(bus.address)
    await desk.start()
    expect(desk.current()).toEqual({ kind: 'native', via: 'dbus' })
    expect(told).toContainEqual({ kind: 'toast_channel', toast_channel: { kind: 'native', via: 'dbus' } })
  })

  it('go to the window with the reason where none does', async () => {
    await desk.start()
    expect(desk.current()).toMatchObject({ kind: 'in_window', reason: expect.stringContaining('Notifications') })
    desk.show(toast)
    expect(events()).toEqual([['failed', expect.stringContaining('Notifications')]])
  })

  it('are shown as text, not as markup, and can be clicked', async () => {
    const daemon = await withDaemon()
    desk.show(toast)
    await eventually(() => expect(events()).toEqual([['shown', null]]))
    expect(daemon.notified).toEqual([
      {
        id: 1,
        replaces: 0,
        title: toast.title,
        body: 'A &lt;b&gt;&amp;&lt;/b&gt; Co',
        actions: ['default', 'Open', 'snooze', 'Snooze', 'mark_lost', 'Mark lost'],
      },
    ])
  })

  it('are not escaped for a daemon that reads no markup, and offer no action to one that has none', async () => {
    const daemon = await withDaemon(['body'])
    desk.show(toast)
    await eventually(() => expect(daemon.notified).toMatchObject([{ body: toast.body, actions: [] }]))
  })

  it('tell the engine of a click and of their end, by key', async () => {
    const daemon = await withDaemon()
    desk.show(toast)
    await eventually(() => expect(events()).toHaveLength(1))
    daemon.invoke(1, 'default')
    daemon.close(1, 2)
    await eventually(() =>
      expect(events().slice(1)).toEqual([
        ['clicked', null],
        ['dismissed', 'dismissed'],
      ]),
    )
  })

  it('have buttons, and tell which was pressed; one that was never offered is none', async () => {
    const daemon = await withDaemon()
    desk.show(toast)
    await eventually(() => expect(events()).toHaveLength(1))
    daemon.invoke(1, 'extend')
    daemon.invoke(1, 'mark_lost')
    await eventually(() => expect(told.at(-1)).toEqual({ kind: 'toast_action', key: 'k1', action: 'mark_lost' }))
    expect(told.filter(({ kind }) => kind === 'toast_action')).toHaveLength(1)
  })

  it('that timed out were not dismissed by anybody', async () => {
    const daemon = await withDaemon()
    desk.show(toast)
    await eventually(() => expect(events()).toHaveLength(1))
    daemon.close(1, 1)
    await eventually(() => expect(events().at(-1)).toEqual(['closed', 'timed out']))
  })

  it('do not disturb: told where the desktop tells, at start and when it changes, unknown elsewhere', async () => {
    const daemon = await TestDaemon.start(bus.address)
    daemon.inhibited = false
    await desk.start()
    expect(presence()).toEqual([false])
    daemon.inhibited = true
    daemon.inhibitionChanged()
    await eventually(() => expect(presence()).toEqual([false, true]))
  })

  it('do not disturb is unknown where the desktop does not tell', async () => {
    await TestDaemon.start(bus.address)
    await desk.start()
    expect(told).toContainEqual({ kind: 'presence', do_not_disturb: null, full_screen: null })
  })

  it('of other programs are none of ours', async () => {
    const daemon = await withDaemon()
    daemon.invoke(77, 'default')
    daemon.close(77, 2)
    desk.show(toast)
    await eventually(() => expect(events()).toEqual([['shown', null]]))
  })

  it('replace an earlier one of the same key, and can be taken back', async () => {
    const daemon = await withDaemon()
    desk.show(toast)
    await eventually(() => expect(daemon.notified).toHaveLength(1))
    await eventually(() => expect(events()).toHaveLength(1))
    desk.show({ ...toast, title: 'Q-1042 has expired' })
    await eventually(() => expect(daemon.notified.at(-1)).toMatchObject({ replaces: 1, title: 'Q-1042 has expired' }))
    desk.close('k1')
    await eventually(() => expect(events().at(-1)).toEqual(['closed', 'taken back']))
  })

  it('fall back to the window when the daemon ends', async () => {
    const daemon = await withDaemon()
    daemon.stop()
    await eventually(() =>
      expect(desk.current()).toEqual({ kind: 'in_window', reason: 'the notification daemon ended' }),
    )
    expect(told.at(-1)).toMatchObject({ kind: 'toast_channel', toast_channel: { kind: 'in_window' } })
  })

  it('fall back to the window when the bus dies, and the process lives on', async () => {
    await withDaemon()
    await bus.kill()
    await eventually(() => expect(desk.current()).toMatchObject({ kind: 'in_window' }))
    desk.show(toast)
    expect(events()).toEqual([['failed', expect.any(String)]])
  })

  it('fail within seconds when the daemon hangs, so that the window can show them instead', async () => {
    const daemon = await withDaemon()
    daemon.hangs = true
    desk.show(toast)
    await eventually(() => expect(events()).toEqual([['failed', expect.stringContaining('did not answer')]]), 4_500)
    expect(desk.current()).toMatchObject({ kind: 'in_window' })
  })
})

describe('the session bus', () => {
  it('is where the environment says, on Linux alone', () => {
    const env = { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/x' }
    expect(sessionBusAddress('linux', env)).toBe('unix:path=/run/x')
    expect(sessionBusAddress('darwin', env)).toBeNull()
    expect(sessionBusAddress('linux', { XDG_RUNTIME_DIR: '/nowhere' })).toBeNull()
  })

  it('that is not there sends toasts to the window, with the reason', async () => {
    const desk = new ToastDesk(null, () => undefined)
    await desk.start()
    expect(desk.current()).toMatchObject({ kind: 'in_window', reason: expect.stringContaining('no session bus') })
  })
})
