import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import * as dbus from '@jellybrick/dbus-next'

const service = 'org.freedesktop.Notifications'
const path = '/org/freedesktop/Notifications'
const properties = 'org.freedesktop.DBus.Properties'

export const hasDbusDaemon = (process.env['PATH'] ?? '')
  .split(delimiter)
  .some((folder) => existsSync(join(folder, 'dbus-daemon')))

/** A session bus of this test's own. */
export class TestBus {
  readonly address: string
  private readonly daemon: ChildProcess

  private constructor(daemon: ChildProcess, address: string) {
    this.daemon = daemon
    this.address = address
  }

  static async start(): Promise<TestBus> {
    const daemon = spawn('dbus-daemon', ['--session', '--nofork', '--print-address=1'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    if (!daemon.stdout) throw new Error('dbus-daemon has no output')
    const [chunk] = (await once(daemon.stdout, 'data')) as [Buffer]
    return new TestBus(daemon, chunk.toString().trim())
  }

  async kill(): Promise<void> {
    if (this.daemon.exitCode !== null || this.daemon.signalCode !== null) return
    const exit = once(this.daemon, 'exit')
    this.daemon.kill('SIGKILL')
    await exit
  }
}

export interface Notified {
  id: number
  replaces: number
  title: string
  body: string
  actions: string[]
}

/** A notification daemon that a test looks into and that does what a person would do. */
export class TestDaemon {
  readonly notified: Notified[] = []
  /** Answers no `Notify` any more, as a hung daemon. */
  hangs = false
  /** What its property `Inhibited` says; null: it has none. */
  inhibited: boolean | null = null
  private readonly connection: dbus.MessageBus
  private readonly capabilities: readonly string[]
  private nextId = 1

  private constructor(connection: dbus.MessageBus, capabilities: readonly string[]) {
    this.connection = connection
    this.capabilities = capabilities
    connection.addMethodHandler((message) => this.answer(message))
  }

  static async start(address: string, capabilities = ['body', 'body-markup', 'actions']): Promise<TestDaemon> {
    const connection = dbus.sessionBus({ busAddress: address })
    const daemon = new TestDaemon(connection, capabilities)
    await connection.requestName(service)
    return daemon
  }

  invoke(id: number, action: string): void {
    this.signal('ActionInvoked', 'us', [id, action])
  }

  close(id: number, reason: number): void {
    this.signal('NotificationClosed', 'uu', [id, reason])
  }

  inhibitionChanged(): void {
    const signal = dbus.Message.newSignal(path, properties, 'PropertiesChanged', 'sa{sv}as', [
      service,
      {},
      ['Inhibited'],
    ])
    this.connection.send(signal)
  }

  /** Leaves the bus, as a daemon that ended. */
  stop(): void {
    this.connection.disconnect()
  }

  private answer(message: dbus.Message): boolean {
    if (message.interface === properties && this.inhibited !== null) {
      this.reply(message, 'v', [new dbus.Variant('b', this.inhibited)])
      return true
    }
    if (message.interface !== service) return false
    if (message.member === 'GetCapabilities') this.reply(message, 'as', [this.capabilities])
    if (message.member === 'CloseNotification') {
      this.reply(message, '', [])
      this.close(Number(message.body[0]), 3)
    }
    if (message.member === 'Notify' && !this.hangs) {
      const [, replaces, , title, body, actions] = message.body as [string, number, string, string, string, string[]]
      const id = replaces === 0 ? this.nextId++ : replaces
      this.notified.push({ id, replaces, title, body, actions })
      this.reply(message, 'u', [id])
    }
    return true
  }

  private reply(message: dbus.Message, signature: string, body: unknown[]): void {
    this.connection.send(dbus.Message.newMethodReturn(message, signature, body))
  }

  private signal(name: string, signature: string, body: unknown[]): void {
    this.connection.send(dbus.Message.newSignal(path, service, name, signature, body))
  }
}
