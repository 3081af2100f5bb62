import { EventEmitter } from 'node:events'
import * as dbus from '@jellybrick/dbus-next'
import type { Toast, ToastActionId, ToastEvent } from '../../domain/host/messages.ts'
import { escapeMarkup } from '../host/escape-markup.ts'

const service = 'org.freedesktop.Notifications'
const path = '/org/freedesktop/Notifications'
const properties = 'org.freedesktop.DBus.Properties'
const bus = { destination: 'org.freedesktop.DBus', path: '/org/freedesktop/DBus', interface: 'org.freedesktop.DBus' }

/** A daemon that does not answer within this has hung; the library itself would wait for ever. */
const answerBoundMs = 3_000

/** Reasons of NotificationClosed, by number. */
const closeReasons = ['', 'timed out', 'dismissed', 'taken back', 'closed']
const dismissedByPerson = 2
/** The click on the body, in the words of the specification. */
const defaultAction = 'default'
const urgencyBytes = { low: 0, normal: 1, critical: 2 } as const

export interface NotificationListener {
  onToast(key: string, event: ToastEvent, detail: string | null): void
  onAction(key: string, action: ToastActionId): void
  /** Whether the desktop holds notifications back (do not disturb); null where it does not tell. */
  onInhibited(inhibited: boolean | null): void
  /** Nothing can be shown any more: the bus or the daemon went away. Called at most once. */
  onLost(reason: string): void
}

/**
 * The desktop's notification daemon, spoken to over the session bus.
 * A toast keeps its entry here until the daemon says that it is closed, so that no click is lost.
 */
export class DbusNotifications {
  private readonly connection: dbus.MessageBus
  private readonly listener: NotificationListener
  private readonly toastsById = new Map<number, Toast>()
  private readonly pending = new Set<(error: Error) => void>()
  private capabilities: ReadonlySet<string> = new Set()
  private lost = false

  private constructor(connection: dbus.MessageBus, listener: NotificationListener) {
    this.connection = connection
    this.listener = listener
    // Unheard, an `error` of a dying bus would end this process; the library's types do not know that it emits one.
    const emitter: EventEmitter = connection
    emitter.on('error', (error: Error) => this.lose(`the session bus failed: ${error.message}`))
    // A turn later: a signal may come in one piece with the answer that says which toast it is about.
    connection.on('message', (message) => setImmediate(() => this.receive(message)))
    // A bus that ends in order emits nothing itself, only its wire does, which the library does not show. Without this
    // the loss would be noticed at the next toast, by its deadline.
    const wire: unknown = Reflect.get(connection, '_connection')
    if (wire instanceof EventEmitter) wire.on('end', () => this.lose('the session bus ended'))
  }

  /**
   * @param busAddress a D-Bus address such as `unix:path=/run/user/1000/bus`
   * @throws Error that says what is missing: the bus or a notification daemon on it
   */
  static async connect(busAddress: string, listener: NotificationListener): Promise<DbusNotifications> {
    const notifications = new DbusNotifications(dbus.sessionBus({ busAddress }), listener)
    try {
      await notifications.subscribe()
    } catch (error) {
      notifications.disconnect()
      throw error
    }
    return notifications
  }

  /** Shows a toast; one with the same key is replaced. Tells the listener what became of it, never throws. */
  async show(toast: Toast): Promise<void> {
    const replaces = [...this.toastsById].find(([, shown]) => shown.key === toast.key)?.[0] ?? 0
    const body = this.capabilities.has('body-markup') ? escapeMarkup(toast.body) : toast.body
    const hints = {
      urgency: new dbus.Variant('y', urgencyBytes[toast.urgency]),
      category: new dbus.Variant('s', 'im.received'),
    }
    try {
      const reply = await this.ask('Notify', 'susssasa{sv}i', [
        'QuoteDesk',
        replaces,
        '',
        toast.title,
        body,
        this.capabilities.has('actions') ? actionPairs(toast) : [],
        hints,
        -1,
      ])
      this.toastsById.set(Number(reply[0]), toast)
      this.listener.onToast(toast.key, 'shown', null)
    } catch (error) {
      this.listener.onToast(toast.key, 'failed', (error as Error).message)
    }
  }

  /** Takes a toast back. One that is not shown any more is none of anybody's concern. */
  async close(key: string): Promise<void> {
    for (const [id, shown] of this.toastsById) {
      if (shown.key === key) await this.ask('CloseNotification', 'u', [id]).catch(() => undefined)
    }
  }

  disconnect(): void {
    this.lost = true
    for (const reject of this.pending) reject(new Error('the session bus was left'))
    this.connection.disconnect()
  }

  private async subscribe(): Promise<void> {
    const rules = [
      `type='signal',interface='${service}',path='${path}'`,
      `type='signal',interface='${properties}',member='PropertiesChanged',path='${path}'`,
      `type='signal',interface='${bus.interface}',member='NameOwnerChanged',arg0='${service}'`,
    ]
    for (const rule of rules) await this.call({ ...bus, member: 'AddMatch', signature: 's', body: [rule] })
    const capabilities = await this.ask('GetCapabilities', '', [])
    this.capabilities = new Set(capabilities[0] as string[])
    await this.readInhibited()
  }

  /** A property that KDE's daemon has and others do not: those answer with an error, and nothing is known. */
  private async readInhibited(): Promise<void> {
    const get = { destination: service, path, interface: properties, member: 'Get', signature: 'ss' }
    try {
      const [value] = await this.call({ ...get, body: [service, 'Inhibited'] })
      this.listener.onInhibited(value instanceof dbus.Variant ? value.value === true : null)
    } catch {
      this.listener.onInhibited(null)
    }
  }

  private ask(member: string, signature: string, body: unknown[]): Promise<unknown[]> {
    return this.call({ destination: service, path, interface: service, member, signature, body })
  }

  /** One method call, bounded in time and ended by the loss of the bus. */
  private call(options: ConstructorParameters<typeof dbus.Message>[0]): Promise<unknown[]> {
    if (this.lost) return Promise.reject(new Error('the notification daemon is gone'))
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(bound)
        this.pending.delete(fail)
        finish()
      }
      const fail = (error: Error) => settle(() => reject(error))
      const bound = setTimeout(
        () => this.lose(`the notification daemon did not answer within ${answerBoundMs} ms`),
        answerBoundMs,
      )
      this.pending.add(fail)
      this.connection.call(new dbus.Message(options)).then((reply) => settle(() => resolve(reply?.body ?? [])), fail)
    })
  }

  private receive(message: dbus.Message): void {
    if (message.type !== dbus.MessageType.SIGNAL) return
    if (message.member === 'NameOwnerChanged' && message.body[0] === service) {
      if (message.body[2] === '') this.lose('the notification daemon ended')
      return
    }
    if (message.member === 'PropertiesChanged' && message.body[0] === service) {
      void this.readInhibited()
      return
    }
    const id = Number(message.body[0])
    const toast = this.toastsById.get(id)
    // Signals go to everybody on the bus: most ids belong to other programs.
    if (message.interface !== service || !toast) return
    if (message.member === 'ActionInvoked') this.invoked(toast, String(message.body[1]))
    if (message.member === 'NotificationClosed') {
      this.toastsById.delete(id)
      const reason = Number(message.body[1])
      const event = reason === dismissedByPerson ? 'dismissed' : 'closed'
      this.listener.onToast(toast.key, event, closeReasons[reason] || null)
    }
  }

  private invoked(toast: Toast, action: string): void {
    const pressed = toast.actions.find(({ id }) => id === action)
    if (action === defaultAction) this.listener.onToast(toast.key, 'clicked', null)
    else if (pressed) this.listener.onAction(toast.key, pressed.id)
  }

  private lose(reason: string): void {
    if (this.lost) return
    this.lost = true
    for (const reject of this.pending) reject(new Error(reason))
    this.connection.disconnect()
    this.listener.onLost(reason)
  }
}

/** Pairs of id and label as the daemon wants them, the body's click first. */
function actionPairs(toast: Toast): string[] {
  return [defaultAction, 'Open', ...toast.actions.flatMap(({ id, label }) => [id, label])]
}
