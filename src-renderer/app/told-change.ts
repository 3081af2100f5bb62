import { toast } from 'sonner'
import type { Desk } from '../state/desk.ts'
import { problemWords } from '../words/refusals.ts'
import { focusOn } from './focus.ts'

const tellForMs = 10_000

/** Says that a change was made and offers to undo it; a refusal, told elsewhere, takes the word back. */
export function tellChange(desk: Desk, entry: number, words: string, more?: string): void {
  const { ui, data } = desk
  const live = data.getState().status?.connection.state === 'live'
  ui.setState({ lastChange: { entry, words } })
  const id = toast(words, {
    description: more ?? (live ? undefined : 'Waits to be sent.'),
    duration: tellForMs,
    action: { label: 'Undo', onClick: () => void undoChange(desk, entry, words) },
  })
  const stop = data.subscribe(({ outbox }) => {
    if (outbox.some((change) => change.entry === entry && change.state.kind === 'refused')) toast.dismiss(id)
  })
  desk.timers.after(tellForMs, stop)
}

/** Undoes a change of this run: takes it back, or makes its opposite when it is on its way already. */
export async function undoChange(desk: Desk, entry: number, words: string): Promise<void> {
  const { engine, ui, page } = desk
  ui.setState({ lastChange: null })
  try {
    const { took_back } = await engine().outbox.undo({ entry })
    toast(took_back ? 'Taken back' : 'Undone by one more change', { description: words, duration: 4_000 })
  } catch (error) {
    tellRefusal('It could not be undone', error)
  }
  // The button that was pressed is gone with its message.
  if (document.activeElement !== document.body) return
  if (page.store.getState().id !== null) ui.setState({ focusPage: true })
  else focusOn('grid')
}

export function tellRefusal(words: string, error: unknown): void {
  toast.error(words, { description: problemWords(error), duration: 12_000 })
}
