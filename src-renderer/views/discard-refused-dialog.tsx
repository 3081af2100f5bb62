import { AlertDialog, Button } from '@radix-ui/themes'
import { useState } from 'react'
import { useData, useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { countWords } from '../words/money.ts'
import { problemWords } from '../words/refusals.ts'

/** Asks before all refused changes are dropped: they exist nowhere else. */
export function DiscardRefusedDialog() {
  const { ui, engine } = useDesk()
  const open = useUi((state) => state.discardingRefused)
  const focus = useDialogFocus()
  const outbox = useData((data) => data.outbox)
  const refused = outbox.filter(({ state }) => state.kind === 'refused')
  const [problem, setProblem] = useState<string | null>(null)
  const discard = async () => {
    setProblem(null)
    try {
      for (const { entry } of refused) await engine().outbox.discard({ entry })
      ui.setState({ discardingRefused: false })
    } catch (error) {
      setProblem(problemWords(error))
    }
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={(discardingRefused) => ui.setState({ discardingRefused })}>
      <AlertDialog.Content className="small-dialog" size="2" {...focus}>
        <AlertDialog.Title size="3">Discard {countWords(refused.length, 'refused change')}?</AlertDialog.Title>
        <AlertDialog.Description size="2">
          What you changed there is forgotten, and the quotes stay as the server has them. Changes that wait are still
          sent.
        </AlertDialog.Description>
        {problem !== null && (
          <p role="alert" className="problem">
            {problem}
          </p>
        )}
        <div className="dialog-buttons">
          <AlertDialog.Cancel>
            <Button variant="soft" color="gray">
              Keep them
            </Button>
          </AlertDialog.Cancel>
          <Button color="red" variant="soft" onClick={() => void discard()}>
            Discard all
          </Button>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Root>
  )
}
