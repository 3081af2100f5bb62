import { AlertDialog, Button } from '@radix-ui/themes'
import { useDialogFocus } from '../app/use-dialog-focus.ts'

interface Props {
  open: boolean
  what: string
  onStay: () => void
  onLeave: () => void
}

/** Asked only when something typed would be lost. Esc and Enter stay. */
export function LeaveDialog({ open, what, onStay, onLeave }: Props) {
  const focus = useDialogFocus()
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onStay()}>
      <AlertDialog.Content className="small-dialog" size="2" {...focus}>
        <AlertDialog.Title size="3">Leave without saving?</AlertDialog.Title>
        <AlertDialog.Description size="2">What you typed {what} would be lost.</AlertDialog.Description>
        <div className="dialog-buttons">
          <Button variant="soft" color="gray" onClick={onLeave}>
            Discard
          </Button>
          <AlertDialog.Cancel>
            <Button>Keep editing</Button>
          </AlertDialog.Cancel>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Root>
  )
}
