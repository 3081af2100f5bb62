import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import type { Session } from '../../domain/rpc/session.ts'
import { useDesk } from '../app/desk-context.tsx'
import { problemWords } from '../words/refusals.ts'

type SignedIn = Extract<Session, { state: 'signed_in' }>

/** What befell this machine's copy while nobody looked; stays until the person has read it. */
export function SessionNotice({ session: { notice } }: { session: SignedIn }) {
  const { engine, ui } = useDesk()
  const [problem, setProblem] = useState<string | null>(null)
  if (notice === null) return null
  const dismiss = () => {
    setProblem(null)
    engine()
      .session.dismissNotice()
      .catch((error: unknown) => setProblem(problemWords(error)))
  }
  return (
    <div className="banner session-notice" role="alert">
      <p className="selectable">
        {notice}
        {problem !== null && <span className="problem"> {problem}</span>}
      </p>
      <div className="notice-buttons">
        <Button size="1" variant="soft" color="gray" onClick={() => ui.setState({ syncDetails: true })}>
          Sync details
        </Button>
        <Button size="1" variant="soft" color="gray" onClick={dismiss}>
          Dismiss
        </Button>
      </div>
    </div>
  )
}
