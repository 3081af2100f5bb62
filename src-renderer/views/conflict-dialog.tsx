import { Button, Dialog } from '@radix-ui/themes'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import { useData, useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { ConflictForm } from './conflict-form.tsx'

/** Base, mine and theirs of a change in conflict: a person chooses what stands. */
export function ConflictDialog() {
  const { ui } = useDesk()
  const entry = useUi((state) => state.resolving)
  const change = useData((data) => data.outbox.find((candidate) => candidate.entry === entry))
  const focus = useDialogFocus()
  const close = () => ui.setState({ resolving: null })
  return (
    <Dialog.Root open={entry !== null} onOpenChange={(open) => !open && close()}>
      <Dialog.Content
        className="conflict-dialog"
        size="2"
        aria-describedby={undefined}
        onCloseAutoFocus={focus.onCloseAutoFocus}
        onOpenAutoFocus={(event) => {
          focus.onOpenAutoFocus()
          // Not on the first choice: that would look as if it were made. The form as a whole takes the keys.
          event.preventDefault()
          if (event.currentTarget instanceof HTMLElement) event.currentTarget.querySelector('form')?.focus()
        }}
      >
        {change !== undefined && isConflict(change) ? (
          <ConflictForm key={change.entry} change={change} conflicts={change.state.conflicts} onDone={close} />
        ) : (
          <Settled onClose={close} />
        )}
      </Dialog.Content>
    </Dialog.Root>
  )
}

type Refused = PendingChange & { state: Extract<PendingChange['state'], { kind: 'refused' }> }

const isConflict = (change: PendingChange): change is Refused =>
  change.state.kind === 'refused' && change.state.conflicts.length > 0

/** Settled in another window, or discarded, while this one was open. */
function Settled({ onClose }: { onClose: () => void }) {
  return (
    <>
      <Dialog.Title size="3">There is nothing to choose any more</Dialog.Title>
      <p>This change has been settled or discarded meanwhile.</p>
      <div className="dialog-buttons">
        <Button onClick={onClose}>Close</Button>
      </div>
    </>
  )
}
