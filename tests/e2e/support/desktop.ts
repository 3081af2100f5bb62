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

/** Where things are on a toast of four buttons as the daemon draws it, in pixels from its corner. */
const places = { text: [100, 40], mark_lost: [307, 102], cross: [374, 28] } as const

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

  /** Clicks a toast as a person does: its text, one of its buttons, or its cross. */
  async clickToast(where: keyof typeof places = 'text'): Promise<void> {
    const [window] = (await this.windows()).slice(-1)
    if (!window) throw new Error('there is no toast on the screen')
    await run('xdotool', ['mousemove', '--window', window, ...places[where].map(String), 'click', '1'])
  }

  /** How many toasts stand on the screen. */
  async standing(): Promise<number> {
    return (await this.windows()).length
  }

  /** Ends the daemon, as when it crashes or the desktop is restarted. */
  async endDaemon(): Promise<void> {
    if (this.daemon.exitCode !== null || this.daemon.signalCode !== null) return
    const exit = once(this.daemon, 'exit')
    this.daemon.kill('SIGTERM')
    await exit
  }

  private async windows(): Promise<string[]> {
    // It exits with 1 when it finds none.
    const found = await run('xdotool', ['search', '--onlyvisible', '--class', 'notification-daemon']).catch(() => null)
    return found?.stdout.trim().split('\n') ?? []
  }

  async stop(): Promise<void> {
    this.monitor.disconnect()
    await this.endDaemon()
  }
}
