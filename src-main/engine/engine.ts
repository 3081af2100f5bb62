import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/message-port'
import type { HostToEngine, ToastChannel } from '../../domain/host/messages.ts'
import type { Port } from '../../domain/host/port.ts'
import { type Presence, unknownPresence } from '../../domain/presence.ts'
import { createNotifier } from './alerts/notifier.ts'
import { countUnread } from './cache/alert-store.ts'
import { createCell } from './cell.ts'
import { type ChangeHub, createChangeHub } from './change-hub.ts'
import type { EngineDeps } from './deps.ts'
import type { HostChannel } from './host-link/host-channel.ts'
import { orpcServerPort } from './host-link/orpc-port.ts'
import { createPulse } from './pulse.ts'
import { router } from './rpc/router.ts'
import type { Running, StartMessage } from './running.ts'
import { doNothing } from './scheduler.ts'
import { createDeviceFile } from './session/device-file.ts'
import { createSessionKeeper, type SessionKeeper } from './session/session.ts'
import { createToastActions } from './toast-actions.ts'
import { createWindows, noWish } from './windows.ts'

export interface Engine {
  /** Runs until the host says stop. Ports of windows may be attached before. */
  serve: (host: HostChannel) => void
  attachWindow: (port: Port) => void
  stop: () => void
}

const statusGapMs = 100
const streamsGapMs = 250

/** Puts the engine together. Nothing happens before the host's `start`. */
export function createEngine(deps: EngineDeps): Engine {
  let running: Running | null = null
  let end = doNothing
  const early: Port[] = []

  const start = (message: StartMessage, host: HostChannel): Running => {
    const log = deps.createLog(message.log_level)
    const windows = createWindows()
    const toastChannel = createCell<ToastChannel>(message.toast_channel)
    const notifier = createNotifier({ channel: toastChannel, windows, send: host.send })
    const presence = createCell<Presence>(unknownPresence)
    windows.focused.subscribe(() => presence.set({ ...presence.get(), focused: windows.focused.get() }))
    const changes = createChangeHub(deps)
    const session = createSessionKeeper({
      deps,
      log,
      serverUrl: message.server_url,
      dataDir: message.data_dir,
      notifier,
      presence,
      device: createDeviceFile(join(message.data_dir, 'client', 'device.json')),
      sampleAccounts: message.sample_accounts,
      keepSecret: (secret) => host.send({ kind: 'keep_secret', secret }),
    })
    const { tick: statusTick, pulse } = createTick(deps, statusGapMs)
    const { tick: streamsTick, pulse: streamsPulse } = createTick(deps, streamsGapMs)
    const focus = () => host.send({ kind: 'focus_window' })
    const actOnToast = createToastActions({ session, notifier, windows, focus })
    const badge = createBadge(host.send)
    let unfollow = doNothing
    session.state.subscribe(() => {
      unfollow()
      unfollow = followAccount(session, changes, { status: pulse.request, streams: streamsPulse.request, badge })
      changes.everything()
      pulse.request()
      streamsPulse.request()
    })
    toastChannel.subscribe(pulse.request)
    windows.onToastListener(() => wakeAlerts(session))
    end = () => {
      session.stop()
      changes.stop()
      pulse.stop()
      streamsPulse.stop()
    }
    const { machineZone } = deps
    const ticks = { statusTick, streamsTick }
    return {
      start: message,
      session,
      changes,
      windows,
      notifier,
      toastChannel,
      presence,
      actOnToast,
      machineZone,
      ...ticks,
      log,
    }
  }

  const receive = (message: Exclude<HostToEngine, { kind: 'stop' }>, host: HostChannel) => {
    if (message.kind === 'start') {
      if (running) throw new Error('the host started the engine twice')
      running = start(message, host)
      if (message.secret !== null) void running.session.resume(message.secret)
      for (const port of early.splice(0)) attach(port, running)
      host.send({ kind: 'ready' })
      return
    }
    if (!running) throw new Error(`the host said "${message.kind}" before "start"`)
    obey(message, running)
  }

  const stop = () => {
    end()
    end = doNothing
    running = null
  }

  return {
    serve: (host) => {
      host.onMessage((message) => {
        if (message.kind !== 'stop') {
          receive(message, host)
          return
        }
        stop()
        host.send({ kind: 'stopped' })
      })
    },
    attachWindow: (port) => (running ? attach(port, running) : void early.push(port)),
    stop,
  }
}

/** A cell that moves when asked to, but only so often. */
function createTick(deps: Pick<EngineDeps, 'scheduler' | 'clock'>, gapMs: number) {
  const tick = createCell(0)
  return { tick, pulse: createPulse(deps, gapMs, () => tick.set(tick.get() + 1)) }
}

function attach(port: Port, engine: Running): void {
  const window = engine.windows.attach()
  port.onClose(() => window.detach())
  new RPCHandler(router).upgrade(orpcServerPort(port), { context: { engine, window } })
}

function obey(message: Exclude<HostToEngine, { kind: 'start' | 'stop' }>, engine: Running): void {
  switch (message.kind) {
    case 'power':
      wake(engine.session, message.event)
      return
    case 'toast_event':
      engine.notifier.event(message.key, message.event, message.detail)
      return
    case 'toast_channel':
      engine.toastChannel.set(message.toast_channel)
      wakeAlerts(engine.session)
      return
    case 'open_quote':
      engine.windows.open({ ...noWish, open_quote: message.quote })
      return
    case 'toast_action':
      engine.actOnToast(message.key, message.action)
      return
    case 'presence':
      engine.presence.set({
        ...engine.presence.get(),
        do_not_disturb: told(message.do_not_disturb),
        full_screen: told(message.full_screen),
      })
  }
}

const told = (yes: boolean | null) => (yes === null ? 'unknown' : yes ? 'on' : 'off')

/** Tells the host how many alerts are unread, when that is another number than before. */
function createBadge(send: HostChannel['send']): (count: number) => void {
  let shown = 0
  return (count) => {
    if (count === shown) return
    shown = count
    send({ kind: 'badge', count })
  }
}

function wake(session: SessionKeeper, event: 'resume' | 'unlock' | 'online' | 'suspend'): void {
  const current = session.state.get()
  if (event === 'suspend' || current.state === 'signed_out') return
  current.account.sync.retryNow()
  current.account.alerts.wake()
}

function wakeAlerts(session: SessionKeeper): void {
  const current = session.state.get()
  if (current.state === 'signed_in') current.account.alerts.channelChanged()
}

/** Tells views of what changes in the account that is signed in now. */
function followAccount(
  session: SessionKeeper,
  changes: ChangeHub,
  changed: { status: () => void; streams: () => void; badge: (count: number) => void },
): () => void {
  const current = session.state.get()
  if (current.state === 'signed_out') {
    changed.badge(0)
    return doNothing
  }
  const { cache, sync } = current.account
  changed.badge(countUnread(cache.read))
  const stops = [
    cache.onCommit((touch) => {
      changes.touched(touch)
      if (touch.alerts) changed.badge(countUnread(cache.read))
      if (touch.outbox || touch.alerts || touch.streams) changed.status()
    }),
    sync.state.subscribe(changed.status),
    sync.onReport(changed.streams),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
