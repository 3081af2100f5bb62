import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import * as dbus from '@jellybrick/dbus-next'
import { expect } from '@playwright/test'

const run = promisify(execFile)
const daemonFile = '/usr/lib/notification-daemon/notification-daemon'
const service = 'org.freedesktop.Notifications'

export interface SeenToast {
  title: string
  body: string
}

/** The test's desktop: a real notification daemon on this session bus and display, and eyes and hands on both. */
export class Desktop {
  /** Every `Notify` that went over the bus. */
  readonly seen: SeenToast[] = []
  private readonly daemon: ChildProcess
  private readonly monitor: dbus.MessageBus

  private constructor(daemon: ChildProcess, monitor: dbus.MessageBus) {
    this.daemon = daemon
    this.monitor = monitor
    // A monitor must not answer anything.
    monitor.addMethodHandler(() => true)
    monitor.on('message', (message) => {
      if (message.interface !== service || message.member !== 'Notify') return
      this.seen.push({ title: String(message.body[3]), body: String(message.body[4]) })
    })
  }

  static async start(): Promise<Desktop> {
    if (!process.env['DISPLAY'] || !process.env['DBUS_SESSION_BUS_ADDRESS']) {
      throw new Error('no display or session bus: run this with `npm test -- toast`')
    }
    const daemon = spawn(daemonFile, { stdio: 'ignore' })
    const monitor = dbus.sessionBus()
    const desktop = new Desktop(daemon, monitor)
    const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus' }
    await expect
      .poll(async () => {
        const owned = await monitor.call(
          new dbus.Message({
            ...bus,
            interface: 'org.freedesktop.DBus',
            member: 'NameHasOwner',
            signature: 's',
            body: [service],
          }),
        )
        return owned?.body[0]
      })
      .toBe(true)
    await monitor.call(
      new dbus.Message({
        ...bus,
        interface: 'org.freedesktop.DBus.Monitoring',
        member: 'BecomeMonitor',
        signature: 'asu',
        body: [[`interface='${service}'`], 0],
      }),
    )
    return desktop
  }

  /** Keeps a picture of the whole screen. */
  async screenshot(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true })
    await run('scrot', ['--overwrite', file])
  }

  /** Clicks in the middle of the daemon's window, as a person clicks a toast. */
  async clickToast(): Promise<void> {
    const found = await run('xdotool', ['search', '--onlyvisible', '--class', 'notification-daemon'])
    const [window] = found.stdout.trim().split('\n').slice(-1)
    if (!window) throw new Error('there is no toast on the screen')
    await run('xdotool', ['mousemove', '--window', window, '100', '40', 'click', '1'])
  }

  async stop(): Promise<void> {
    this.monitor.disconnect()
    if (this.daemon.exitCode !== null || this.daemon.signalCode !== null) return
    const exit = once(this.daemon, 'exit')
    this.daemon.kill('SIGTERM')
    await exit
  }
}
