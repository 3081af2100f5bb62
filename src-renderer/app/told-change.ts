import { toast } from 'sonner'
import type { Desk } from '../state/desk.ts'
import type { MadeChange } from '../state/ui.ts'
import { problemWords } from '../words/refusals.ts'
import { focusOn } from './focus.ts'

const tellForMs = 10_000

interface Telling {
  /** Said below, in place of "waits to be sent". */
  more?: string | undefined
  /** What is sent cannot be undone: the offer to undo it goes when it is. */
  untilSent?: boolean
  /** The quote that the change made. */
  created?: string
}

/** Says that a change was made and offers to undo it; a refusal, told elsewhere, takes the word back. */
export function tellChange(desk: Desk, entry: number, words: string, telling: Telling = {}): void {
  const { more, untilSent = false, created = null } = telling
  const { ui, data } = desk
  const live = data.getState().status?.connection.state === 'live'
  const change = { entry, words, created }
  const action = { label: 'Undo', onClick: () => void undoChange(desk, change) }
  ui.setState({ lastChange: change })
  const id = toast(words, {
    description: more ?? (live ? undefined : 'Waits to be sent.'),
    duration: tellForMs,
    // Where there is a connection it is sent at once: the offer would only flash.
    ...(untilSent && live ? {} : { action }),
  })
  const stop = data.subscribe(({ outbox }) => {
    const own = outbox.find((change) => change.entry === entry)
    const sent = own !== undefined && (own.state.kind !== 'waiting' || own.state.sent)
    if (own?.state.kind === 'refused' || (untilSent && !live && sent)) toast.dismiss(id)
  })
  desk.timers.after(tellForMs, stop)
}

/** Undoes a change of this run: takes it back, or makes its opposite when it is on its way already. */
export async function undoChange(desk: Desk, { entry, words, created }: MadeChange): Promise<void> {
  const { engine, ui, page } = desk
  ui.setState({ lastChange: null })
  try {
    const { took_back } = await engine().outbox.undo({ entry })
    if (took_back && created !== null && page.store.getState().id === created) page.close()
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
