import { AlertDialog, Button } from '@radix-ui/themes'
import { useState } from 'react'
import type { Session } from '../../domain/rpc/session.ts'
import { useData, useDesk, useUi } from '../app/desk-context.tsx'
import { useDialogFocus } from '../app/use-dialog-focus.ts'
import { countWords } from '../words/money.ts'
import { problemWords } from '../words/refusals.ts'

type SignedIn = Extract<Session, { state: 'signed_in' }>

export function SignOutDialog({ session }: { session: SignedIn }) {
  const { ui, engine } = useDesk()
  const open = useUi((state) => state.signingOut)
  const focus = useDialogFocus()
  const waiting = useData((data) => data.status?.pending_changes ?? 0)
  const [problem, setProblem] = useState<string | null>(null)
  const signOut = async () => {
    setProblem(null)
    try {
      await engine().session.signOut()
      ui.setState({ signingOut: false })
    } catch (error) {
      setProblem(problemWords(error))
    }
  }
  return (
    <AlertDialog.Root open={open} onOpenChange={(signingOut) => ui.setState({ signingOut })}>
      <AlertDialog.Content className="small-dialog" size="2" {...focus}>
        <AlertDialog.Title size="3">Sign out {session.person.name}?</AlertDialog.Title>
        <AlertDialog.Description size="2">
          {waiting > 0
            ? `${countWords(waiting, 'change')} of yours ${waiting === 1 ? 'has' : 'have'} not been sent yet. They stay on this machine and are sent when you sign in here again.`
            : 'Everything you changed has been sent. Alerts stop until somebody signs in again.'}
        </AlertDialog.Description>
        {problem !== null && (
          <p role="alert" className="problem">
            {problem}
          </p>
        )}
        <div className="dialog-buttons">
          <AlertDialog.Cancel>
            <Button variant="soft" color="gray">
              Stay signed in
            </Button>
          </AlertDialog.Cancel>
          <Button onClick={() => void signOut()}>Sign out</Button>
        </div>
      </AlertDialog.Content>
    </AlertDialog.Root>
  )
}
