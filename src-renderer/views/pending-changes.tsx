import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import { useDesk, useNowMs } from '../app/desk-context.tsx'
import { ChangeDot } from '../parts/change-dot.tsx'
import { momentWords } from '../words/dates.ts'
import { problemWords, whatToDo } from '../words/refusals.ts'

interface Props {
  changes: readonly PendingChange[]
  /** Whether each names its quote and leads to it: not on the page of that quote. */
  linked?: boolean
}

/** Changes that wait or were refused, each with what one can do about it. */
export function PendingChanges({ changes, linked = true }: Props) {
  return (
    <ul className="pending-changes" aria-label={linked ? 'Changes' : 'Waiting or refused'}>
      {changes.map((change) => (
        <PendingItem key={change.mutation_id} change={change} linked={linked} />
      ))}
    </ul>
  )
}

function PendingItem({ change, linked }: { change: PendingChange; linked: boolean }) {
  const { page, timeZone, ui } = useDesk()
  const nowMs = useNowMs()
  const { state } = change
  const open = () => {
    void page.open(change.quote)
    ui.setState({ sync: false, focusPage: true })
  }
  return (
    <li>
      <ChangeDot kind={state.kind === 'refused' ? 'refused' : 'waiting'} />
      <div className="pending-words">
        {linked && (
          <p>
            <button type="button" className="link" onClick={open}>
              {change.quote_label}
              {change.customer_name !== null && ` · ${change.customer_name}`}
            </button>
          </p>
        )}
        <p>Change to {change.what}</p>
        {state.kind === 'refused' ? (
          <p className="refusal">
            {state.message} {whatToDo(state)}
          </p>
        ) : (
          <p className="quiet">
            {state.kind === 'waiting' ? 'Waits since' : 'Sent, confirmed in a moment, since'}{' '}
            {momentWords(change.queued_at, nowMs, timeZone)}
          </p>
        )}
      </div>
      <Discard change={change} />
    </li>
  )
}

/** Takes back what was not sent yet; takes a refused change off the list. */
export function Discard({ change }: { change: PendingChange }) {
  const { engine } = useDesk()
  const [problem, setProblem] = useState<string | null>(null)
  if (change.state.kind === 'acknowledged') return null
  const discard = () => {
    engine()
      .outbox.discard({ mutation_id: change.mutation_id })
      .catch((error: unknown) => setProblem(problemWords(error)))
  }
  const verb = change.state.kind === 'refused' ? 'Remove' : 'Take back'
  return (
    <div className="discard">
      <Button
        size="1"
        variant="soft"
        color="gray"
        onClick={discard}
        aria-label={`${verb}: change to ${change.what}, ${change.quote_label}`}
      >
        {verb}
      </Button>
      {problem !== null && <p role="alert">{problem}</p>}
    </div>
  )
}
