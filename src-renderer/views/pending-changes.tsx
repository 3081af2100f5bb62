import { Button } from '@radix-ui/themes'
import { useEffect, useRef, useState } from 'react'
import type { PendingChange } from '../../domain/rpc/quotes.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { ChangeState } from '../parts/change-state.tsx'
import { fullMoment, sinceWords } from '../words/dates.ts'
import { problemWords, whatToDo } from '../words/refusals.ts'
import { capitalised } from '../words/status.ts'

/** Changes that wait or were refused, by quote, each with what one can do about it; refused ones first. */
export function PendingChanges({ changes }: { changes: readonly PendingChange[] }) {
  const list = useKeptFocus(changes)
  return (
    <ul ref={list} className="pending-quotes" aria-label="Changes" tabIndex={-1}>
      {byQuote(changes).map(([first, ...more]) => (
        <li key={first.quote} className="pending-quote">
          <QuoteName change={first} />
          <ul className="pending-changes">
            {[first, ...more].map((change) => (
              <PendingItem key={change.entry} change={change} />
            ))}
          </ul>
        </li>
      ))}
    </ul>
  )
}

/** The same for the page of one quote. */
export function QuoteChanges({ changes }: { changes: readonly PendingChange[] }) {
  const list = useKeptFocus(changes)
  return (
    <ul ref={list} className="pending-changes" aria-label="Waiting or refused" tabIndex={-1}>
      {refusedFirst(changes).map((change) => (
        <PendingItem key={change.entry} change={change} />
      ))}
    </ul>
  )
}

const rank = ({ state }: PendingChange) => (state.kind === 'refused' ? 0 : 1)
const refusedFirst = (changes: readonly PendingChange[]) => [...changes].sort((a, b) => rank(a) - rank(b))

/** Groups in the order in which they ask for attention. */
function byQuote(changes: readonly PendingChange[]): Array<[PendingChange, ...PendingChange[]]> {
  const groups = new Map<string | null, [PendingChange, ...PendingChange[]]>()
  for (const change of refusedFirst(changes)) {
    const group = groups.get(change.quote)
    if (group) group.push(change)
    else groups.set(change.quote, [change])
  }
  return [...groups.values()]
}

/** An item that goes takes its button along: the focus stays in the list instead of being lost. */
function useKeptFocus(changes: readonly PendingChange[]) {
  const list = useRef<HTMLUListElement>(null)
  const inside = useRef(false)
  useEffect(() => {
    const element = list.current
    if (element === null) return undefined
    const note = (event: FocusEvent) => {
      inside.current = event.target instanceof Node && element.contains(event.target)
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  useEffect(() => {
    if (changes.length === 0 || !inside.current || document.activeElement !== document.body) return
    const next = list.current?.querySelector('button') ?? list.current
    next?.focus()
  }, [changes])
  return list
}

function QuoteName({ change }: { change: PendingChange }) {
  const { page, ui } = useDesk()
  const { quote } = change
  // Alert settings and the like: nothing to open.
  if (quote === null) return <p>{change.quote_label}</p>
  const open = () => {
    void page.open(quote)
    ui.setState({ sync: false, focusPage: true })
  }
  return (
    <p>
      <button type="button" className="link" onClick={open}>
        {change.quote_label}
        {change.customer_name !== null && ` · ${change.customer_name}`}
      </button>
    </p>
  )
}

function PendingItem({ change }: { change: PendingChange }) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  const { state } = change
  return (
    <li className="pending-change" data-kind={state.kind}>
      <div className="pending-words">
        <p className="pending-head">
          <span className="pending-what">{capitalised(change.what)}</span>
          <ChangeState state={state} />
          <time className="quiet" dateTime={change.queued_at} title={fullMoment(change.queued_at, timeZone)}>
            {sinceWords(change.queued_at, nowMs, timeZone)}
          </time>
        </p>
        {state.kind === 'refused' && (
          <p className="refusal">
            {state.message}
            {/* Of a conflict the message says it already. */}
            {state.conflicts.length === 0 && ` ${whatToDo(state)}`}
          </p>
        )}
      </div>
      <Actions change={change} />
    </li>
  )
}

interface Action {
  verb: string
  strong?: boolean
  run: () => Promise<unknown> | void
}

/** What can be done about a change as it is now; nothing about one that is under way. */
function useActions({ entry, state }: PendingChange): Action[] {
  const { engine, ui } = useDesk()
  if (state.kind === 'acknowledged') return []
  const discard = () => engine().outbox.discard({ entry })
  if (state.kind === 'waiting') return state.sent ? [] : [{ verb: 'Take back', run: discard }]
  const drop = { verb: 'Discard', run: discard }
  if (state.conflicts.length > 0) {
    return [{ verb: 'Resolve…', strong: true, run: () => ui.setState({ resolving: entry }) }, drop]
  }
  const retry = { verb: 'Retry', run: () => engine().outbox.retry({ entry }) }
  return state.can_retry ? [retry, drop] : [drop]
}

function Actions({ change }: { change: PendingChange }) {
  const [problem, setProblem] = useState<string | null>(null)
  const actions = useActions(change)
  if (actions.length === 0) return null
  const run = async (action: Action) => {
    setProblem(null)
    try {
      await action.run()
    } catch (error) {
      setProblem(problemWords(error))
    }
  }
  return (
    <div className="pending-actions">
      {actions.map((action) => (
        <Button
          key={action.verb}
          size="1"
          variant={action.strong ? 'solid' : 'soft'}
          color={action.strong ? undefined : 'gray'}
          onClick={() => void run(action)}
          aria-label={`${action.verb} ${change.what}, ${change.quote_label}`}
        >
          {action.verb}
        </Button>
      ))}
      {problem !== null && (
        <p role="alert" className="problem">
          {problem}
        </p>
      )}
    </div>
  )
}
