import type { ToastActionId } from '../../domain/host/messages.ts'
import type { Account } from './account/account.ts'
import { type Notifier, quoteOfKey } from './alerts/notifier.ts'
import { readAlert } from './cache/alert-store.ts'
import { CacheFullError } from './cache/damage.ts'
import { changeStatus } from './outbox/edits.ts'
import { NotHereError, RefusedError } from './outbox/refusal.ts'
import type { SessionKeeper } from './session/session.ts'
import { noWish, type OpenWish, type Window, type Windows } from './windows.ts'

interface Options {
  session: SessionKeeper
  notifier: Notifier
  windows: Windows
  /** Brings a window to the front. */
  focus: () => void
}

/**
 * Does what a button of a toast says, without a window where none is needed; what cannot be done is told in one. A toast of
 * an earlier run has its buttons still: its key says which alert it is of.
 */
export function createToastActions({ session, notifier, windows, focus }: Options) {
  const show = (wish: Partial<OpenWish>, window: Window | undefined) => {
    windows.open({ ...noWish, ...wish }, window)
    if (!window) focus()
  }

  const perform = (account: Account, key: string, action: Exclude<ToastActionId, 'open'>, window?: Window) => {
    const { cache, alerts } = account
    const quote = readAlert(cache.read, key)?.quote ?? quoteOfKey(key)
    switch (action) {
      case 'snooze':
        alerts.snooze(key, 'hour')
        return
      case 'acknowledge':
        alerts.mark(key, { mark: 'acknowledged' })
        return
      case 'extend':
        alerts.mark(key, { mark: 'read' })
        show({ open_quote: quote, edit: 'valid_until', alerts: quote === null }, window)
        return
      case 'mark_lost': {
        if (quote === null) throw new NotHereError('This alert is about no single quote.')
        const { person, clock, madeHere } = account
        const editing = { cache, person: person.get(), nowMs: clock.nowMs(), madeHere }
        changeStatus(editing, { id: quote, to: 'closed', outcome: 'lost', reason: null })
        alerts.mark(key, { mark: 'resolved', note: 'Marked lost from the notification.' })
      }
    }
  }

  /** @param window the window that shows the toast, when one does */
  return (key: string, action: ToastActionId, window?: Window): void => {
    const current = session.state.get()
    if (action === 'open' || current.state === 'signed_out') {
      notifier.event(key, 'clicked', null, window)
      return
    }
    notifier.event(key, 'shown', null)
    try {
      perform(current.account, key, action, window)
    } catch (error) {
      const words = wordsFor(error)
      if (words === null) throw error
      show({ open_quote: quoteOfKey(key), problem: words }, window)
    }
  }
}

function wordsFor(error: unknown): string | null {
  const isForPerson =
    error instanceof RefusedError ||
    error instanceof NotHereError ||
    error instanceof CacheFullError ||
    // A calendar that does not open again has no time to snooze until.
    error instanceof RangeError
  return isForPerson ? error.message : null
}
