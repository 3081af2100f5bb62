import { Button, Dialog, TextArea } from '@radix-ui/themes'
import { type FormEvent, useState } from 'react'
import { useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { useStatusStep } from '../app/use-status-step.ts'
import type { UiState } from '../state/ui.ts'
import { stepWords } from '../words/status.ts'

type Closing = NonNullable<UiState['closing']>

/** Why a quote ends: kept with it, so that the team can learn from it. */
export function CloseDialog() {
  const { ui } = useDesk()
  const closing = useUi((state) => state.closing)
  const focus = useDialogFocus()
  return (
    <Dialog.Root open={closing !== null} onOpenChange={(open) => !open && ui.setState({ closing: null })}>
      <Dialog.Content className="small-dialog" size="2" aria-describedby={undefined} {...focus}>
        {closing !== null && <ReasonForm closing={closing} onDone={() => ui.setState({ closing: null })} />}
      </Dialog.Content>
    </Dialog.Root>
  )
}

const questions: Record<string, string> = {
  won: 'What won it?',
  lost: 'Why was it lost?',
  withdrawn: 'Why is it withdrawn?',
}

function ReasonForm({ closing: { quote, label, step }, onDone }: { closing: Closing; onDone: () => void }) {
  const takeStep = useStatusStep()
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onDone()
    void takeStep(quote, label, step, reason.trim() === '' ? null : reason.trim())
  }
  return (
    <form onSubmit={submit}>
      <Dialog.Title size="3">
        {stepWords('sent', step)}: {label}
      </Dialog.Title>
      <label className="field">
        {questions[step.outcome ?? ''] ?? 'Why?'} (optional)
        <TextArea
          rows={3}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit(event)
          }}
        />
      </label>
      <div className="dialog-buttons">
        <Dialog.Close>
          <Button type="button" variant="soft" color="gray">
            Cancel
          </Button>
        </Dialog.Close>
        <Button type="submit">{stepWords('sent', step)}</Button>
      </div>
    </form>
  )
}
