import { useEffect } from 'react'
import { toast } from 'sonner'
import { useStore } from 'zustand'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import { useData, useDesk } from '../app/desk-context.tsx'
import { leaveMessage } from '../app/focus.ts'
import type { Desk } from '../state/desk.ts'
import { countWords } from '../words/money.ts'
import { capitalised } from '../words/status.ts'

const durationMs = 20_000
const toastOf = (entry: number) => `refused-${entry}`
const summary = 'refused-many'

/** Says at once when a change was refused, and leads to where it is settled. */
export function RefusalToasts() {
  const desk = useDesk()
  const fresh = useStore(desk.refusals.store, (state) => state.fresh)
  const outbox = useData((data) => data.outbox)
  useEffect(() => {
    if (fresh.length === 0) return
    const [only, ...more] = fresh
    if (only !== undefined && more.length === 0) tellOne(desk, only)
    else tellMany(desk, fresh.length)
    desk.refusals.told()
  }, [desk, fresh])
  // What is settled needs no words any more.
  useEffect(() => {
    const refused = new Set(outbox.flatMap(({ entry, state }) => (state.kind === 'refused' ? [toastOf(entry)] : [])))
    for (const { id } of toast.getToasts()) {
      const name = String(id)
      if (name.startsWith('refused-') && !refused.has(name) && (name !== summary || refused.size === 0))
        toast.dismiss(id)
    }
  }, [outbox])
  return null
}

function tellOne({ ui, page }: Desk, { entry, quote, quote_label, what, state }: PendingChange) {
  if (state.kind !== 'refused') return
  const conflict = state.conflicts.length > 0
  const show = () => {
    leaveMessage()
    if (quote === null) {
      ui.setState({ sync: true })
      return
    }
    void page.open(quote)
    ui.setState({ focusPage: true })
  }
  const resolve = () => {
    leaveMessage()
    ui.setState({ resolving: entry })
  }
  toast(`${quote_label}: ${what} ${conflict ? 'is in conflict' : 'was refused'}`, {
    id: toastOf(entry),
    className: 'alert-toast',
    description: state.message,
    duration: durationMs,
    action: conflict ? { label: 'Resolve…', onClick: resolve } : { label: 'Open', onClick: show },
  })
}

function tellMany({ ui }: Desk, count: number) {
  toast(capitalised(`${countWords(count, 'change')} were refused`), {
    id: summary,
    className: 'alert-toast',
    description: 'Each says why and what to do. Nothing was overwritten.',
    duration: durationMs,
    action: {
      label: 'Show',
      onClick: () => {
        leaveMessage()
        ui.setState({ sync: true })
      },
    },
  })
}
