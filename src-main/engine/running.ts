import type { HostToEngine, ToastChannel } from '../../domain/host/messages.ts'
import type { Presence } from '../../domain/presence.ts'
import type { Notifier } from './alerts/notifier.ts'
import type { Cell } from './cell.ts'
import type { ChangeHub } from './change-hub.ts'
import type { Log } from './log.ts'
import type { SessionKeeper } from './session/session.ts'
import type { createToastActions } from './toast-actions.ts'
import type { Windows } from './windows.ts'

export type StartMessage = Extract<HostToEngine, { kind: 'start' }>

/** A started engine's parts, as the RPC procedures use them. */
export interface Running {
  start: StartMessage
  session: SessionKeeper
  changes: ChangeHub
  windows: Windows
  notifier: Notifier
  toastChannel: Cell<ToastChannel>
  presence: Cell<Presence>
  /** Does what a button of a toast says. */
  actOnToast: ReturnType<typeof createToastActions>
  machineZone: () => string
  /** Changes whenever the status shown may have changed, at most ten times a second. */
  statusTick: Cell<number>
  /** Changes whenever what is known of a stream may have changed, at most four times a second. */
  streamsTick: Cell<number>
  log: Log
}
