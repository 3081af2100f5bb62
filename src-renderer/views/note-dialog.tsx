import { Button, Dialog } from '@radix-ui/themes'
import { type FormEvent, useState } from 'react'
import { noteSchema } from '../../domain/quote.ts'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { tellChange } from '../app/told-change.ts'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { numberWords } from '../words/money.ts'
import { problemWords } from '../words/refusals.ts'

const maxLength = 4000

/** Something worth remembering about a quote, for the whole team. */
export function NoteDialog() {
  const { ui } = useDesk()
  const noting = useUi((state) => state.noting)
  const focus = useDialogFocus()
  const close = () => ui.setState({ noting: null })
  return (
    <Dialog.Root open={noting !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Content className="small-dialog" size="2" aria-describedby={undefined} {...focus}>
        {noting !== null && <NoteForm {...noting} onDone={close} />}
      </Dialog.Content>
    </Dialog.Root>
  )
}

function NoteForm({ quote, label, onDone }: { quote: string; label: string; onDone: () => void }) {
  const desk = useDesk()
  const { ui, engine } = desk
  // What was begun and not saved stands here again: Esc loses nothing.
  const [text, setText] = useState(() => ui.getState().noteDrafts.get(quote) ?? '')
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const note = noteSchema.safeParse(text)
  const keep = (words: string) => {
    setText(words)
    const drafts = new Map(ui.getState().noteDrafts)
    if (words === '') drafts.delete(quote)
    else drafts.set(quote, words)
    ui.setState({ noteDrafts: drafts })
  }
  const submit = async () => {
    if (!note.success || saving) return
    setSaving(true)
    try {
      const { entry } = await engine().quotes.addNote({ id: quote, text: note.data })
      keep('')
      onDone()
      tellChange(desk, entry, `Note added to ${label}`, { untilSent: true })
    } catch (error) {
      setSaving(false)
      setProblem(problemWords(error))
    }
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    void submit()
  }
  return (
    <form onSubmit={onSubmit}>
      <Dialog.Title size="3">Add a note to {label}</Dialog.Title>
      <div className="field">
        <textarea
          className="input"
          rows={5}
          maxLength={maxLength}
          value={text}
          placeholder="What was said, agreed or promised"
          aria-label="Note"
          onChange={(event) => keep(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) onSubmit(event)
          }}
        />
      </div>
      <p className="quiet note-words">
        Everybody in the team reads it in the history.
        {text.length > maxLength - 500 && ` ${numberWords(maxLength - text.length)} characters left.`}
      </p>
      {problem !== null && (
        <p className="field-error" role="alert">
          Not saved: {problem} What you typed is still here.
        </p>
      )}
      <div className="dialog-buttons">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit" disabled={!note.success || saving}>
          Add note
        </Button>
      </div>
    </form>
  )
}
