import { Button } from '@radix-ui/themes'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { Connection, SyncStatus } from '../../domain/rpc/session.ts'
import { useData, useDesk, useNowMs } from '../app/desk-context.tsx'
import { Progress } from '../parts/progress.tsx'
import { clockWords, connectionSentence, connectionWords, lastSyncedWords } from '../words/connection.ts'
import { momentWords } from '../words/dates.ts'
import { countWords } from '../words/money.ts'
import { problemWords } from '../words/refusals.ts'
import { capitalised, sentence } from '../words/status.ts'
import { PendingChanges } from './pending-changes.tsx'

/** Everything about being in step, in plain words. */
export function SyncPanel({ status }: { status: SyncStatus }) {
  const { timeZone, ui } = useDesk()
  const nowMs = useNowMs()
  const outbox = useData((data) => data.outbox)
  const refused = outbox.filter(({ state }) => state.kind === 'refused').length
  const clock = clockWords(status.server_offset_ms)
  const { connection } = status
  return (
    <div className="sync-panel">
      <section>
        <h2>{connectionWords(connection, nowMs, timeZone).text}</h2>
        <p>{connectionSentence(connection, nowMs, timeZone)}</p>
        {connection.state === 'catching_up' && (
          <Progress label="Catching up" done={connection.done} total={connection.total} />
        )}
        <p className="quiet">{capitalised(lastSyncedWords(status.last_synced_at, nowMs, timeZone))}.</p>
        {clock !== null && <p className="warn">{clock}</p>}
        <div className="panel-buttons">
          <RetryNow connection={connection} />
          <Button size="1" variant="soft" color="gray" onClick={() => ui.setState({ sync: false, syncDetails: true })}>
            Details…
          </Button>
        </div>
      </section>
      <section>
        <div className="panel-head">
          <h3>Your changes</h3>
          {refused > 1 && (
            <Button size="1" variant="ghost" color="gray" onClick={() => ui.setState({ discardingRefused: true })}>
              Discard all refused…
            </Button>
          )}
        </div>
        {outbox.length === 0 ? (
          <p className="quiet">Everything you changed has been sent. What waits or is refused is listed here.</p>
        ) : (
          <PendingChanges changes={outbox} />
        )}
      </section>
      <section>
        <h3>Alerts</h3>
        <p>{heldWords(status, nowMs, timeZone)}</p>
        <ToastWords status={status} />
      </section>
      <section>
        <h3>Sign-in</h3>
        <p>{secretWords(status)}</p>
      </section>
    </div>
  )
}

function RetryNow({ connection }: { connection: Connection }) {
  const { engine } = useDesk()
  const [problem, setProblem] = useState<string | null>(null)
  if (connection.state !== 'offline') return null
  const retry = () => {
    setProblem(null)
    engine()
      .status.retryNow()
      .catch((error: unknown) => setProblem(problemWords(error)))
  }
  return (
    <>
      <Button size="1" variant="soft" onClick={retry}>
        Try again now
      </Button>
      {problem !== null && <p role="alert">{problem}</p>}
    </>
  )
}

function heldWords({ alerts_held, next_release_at }: SyncStatus, nowMs: number, timeZone: string): string {
  if (alerts_held === 0) return 'No alert is waiting.'
  const count = countWords(alerts_held, 'alert')
  const wait = alerts_held === 1 ? 'waits' : 'wait'
  const until = next_release_at === null ? '' : `, ${momentWords(next_release_at, nowMs, timeZone)}`
  return `${count} ${wait} for your working hours${until}.`
}

function ToastWords({ status }: { status: SyncStatus }) {
  const { alerts } = useDesk()
  const permission = useStore(alerts.store, (state) => state.permission)
  if (status.toast_channel.kind === 'native') return <p className="quiet">They appear as desktop notifications.</p>
  if (permission === 'granted') {
    return <p className="quiet">They appear through your browser, as long as this window is open.</p>
  }
  return (
    <>
      <p className="quiet">
        They appear inside this window, as long as it is open. {sentence(status.toast_channel.reason)}
        {permission === 'denied' && ' Your browser has been told not to show notifications of this page.'}
      </p>
      {permission === 'not_asked' && (
        <Button size="1" variant="soft" onClick={() => void alerts.askPermission()}>
          Show them as notifications
        </Button>
      )}
    </>
  )
}

function secretWords({ secret_keeping }: SyncStatus): string {
  if (secret_keeping.kind === 'kept') return 'You stay signed in when QuoteDesk starts again.'
  return `You will have to sign in again when QuoteDesk starts again. ${sentence(secret_keeping.reason)}`
}
