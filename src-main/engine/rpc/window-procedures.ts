import type { Toast } from '../../../domain/host/messages.ts'
import { createBell } from '../watching.ts'
import { noWish, type OpenWish } from '../windows.ts'
import { rpc } from './base.ts'

export const windowProcedures = {
  watch: rpc.window.watch.handler(async function* ({ context, signal }) {
    yield noWish
    yield* received<OpenWish>((listener) => context.window.watchWishes(listener), signal)
  }),
  toasts: rpc.window.toasts.handler(({ context, signal }) =>
    received<Toast>((listener) => context.window.watchToasts(listener), signal),
  ),
  toastEvent: rpc.window.toastEvent.handler(({ input, context }) => {
    context.engine.notifier.event(input.key, input.event, null, context.window)
    return {}
  }),
  closedToasts: rpc.window.closedToasts.handler(({ context, signal }) =>
    received<{ key: string }>((listener) => context.window.watchClosedToasts(listener), signal),
  ),
  toastAction: rpc.window.toastAction.handler(({ input, context }) => {
    context.engine.actOnToast(input.key, input.action, context.window)
    return {}
  }),
  focus: rpc.window.focus.handler(({ input, context }) => {
    context.window.setFocused(input.focused)
    return {}
  }),
}

/** Everything a source hands over, in order, until aborted. */
async function* received<Message>(
  listen: (listener: (message: Message) => void) => () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Message> {
  const bell = createBell(signal)
  const waiting: Message[] = []
  const unlisten = listen((message) => {
    waiting.push(message)
    bell.ring()
  })
  try {
    do {
      for (let message = waiting.shift(); message !== undefined; message = waiting.shift()) yield message
    } while (await bell.rung())
  } finally {
    unlisten()
    bell.dispose()
  }
}
