import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HostToEngine, Toast, ToastChannel } from '../../domain/host/messages.ts'
import { DbusNotifications } from './dbus-notifications.ts'

/** A desktop may be logged in, or its daemon started, after us. */
const lookAgainMs = 30_000

type Environment = Readonly<Record<string, string | undefined>>

/** The session bus's address as the environment or the usual place says; null when there is none. */
export function sessionBusAddress(platform: NodeJS.Platform, env: Environment): string | null {
  if (platform !== 'linux') return null
  if (env['DBUS_SESSION_BUS_ADDRESS']) return env['DBUS_SESSION_BUS_ADDRESS']
  const socket = env['XDG_RUNTIME_DIR'] ? join(env['XDG_RUNTIME_DIR'], 'bus') : null
  return socket !== null && existsSync(socket) ? `unix:path=${socket}` : null
}

/**
 * Where toasts go in this host: to the desktop's daemon while there is one, else to the windows, with the reason.
 * Tells the engine each change of that and what became of each toast.
 */
export class ToastDesk {
  private readonly busAddress: string | null
  private readonly tell: (message: HostToEngine) => void
  private notifications: DbusNotifications | null = null
  private timer: NodeJS.Timeout | null = null
  private stopped = false
  private channel: ToastChannel
  /** Whether the desktop holds notifications back; null where it does not tell. */
  private inhibited: boolean | null = null

  constructor(busAddress: string | null, tell: (message: HostToEngine) => void) {
    this.busAddress = busAddress
    this.tell = tell
    this.channel = { kind: 'in_window', reason: 'this machine has no session bus (D-Bus) to show notifications' }
  }

  /** The present channel, for the engine's `start` message. */
  current(): ToastChannel {
    return this.channel
  }

  /** Looks for the desktop's daemon once and goes on looking in the background while there is none. */
  async start(): Promise<void> {
    if (this.busAddress === null) return
    try {
      const notifications = await DbusNotifications.connect(this.busAddress, {
        onToast: (key, event, detail) => this.tell({ kind: 'toast_event', key, event, detail }),
        onAction: (key, action) => this.tell({ kind: 'toast_action', key, action }),
        onInhibited: (inhibited) => {
          this.inhibited = inhibited
          this.tellPresence()
        },
        onLost: (reason) => this.fallBack(reason),
      })
      if (this.stopped) return notifications.disconnect()
      this.notifications = notifications
      this.change({ kind: 'native', via: 'dbus' })
    } catch (error) {
      this.fallBack((error as Error).message)
    }
  }

  /** Says whether the person is to be disturbed: when it changes, and to an engine that has just started. */
  tellPresence(): void {
    this.tell({ kind: 'presence', do_not_disturb: this.inhibited, full_screen: null })
  }

  show(toast: Toast): void {
    if (this.notifications) void this.notifications.show(toast)
    else {
      const detail = this.channel.kind === 'in_window' ? this.channel.reason : null
      this.tell({ kind: 'toast_event', key: toast.key, event: 'failed', detail })
    }
  }

  close(key: string): void {
    void this.notifications?.close(key)
  }

  stop(): void {
    this.stopped = true
    if (this.timer) clearTimeout(this.timer)
    this.notifications?.disconnect()
  }

  private fallBack(reason: string): void {
    this.notifications = null
    if (this.stopped) return
    this.change({ kind: 'in_window', reason })
    this.timer = setTimeout(() => void this.start(), lookAgainMs)
  }

  private change(channel: ToastChannel): void {
    this.channel = channel
    this.tell({ kind: 'toast_channel', toast_channel: channel })
  }
}
