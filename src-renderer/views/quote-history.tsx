import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useDesk, useNowMs } from '../app/desk-context.tsx'
import { StatusMark } from '../parts/shape.tsx'
import { fullMoment, momentWords } from '../words/dates.ts'

type Entry = QuoteDetail['history'][number]

/** What happened to the quote, newest first. */
export function QuoteHistory({ history }: { history: readonly Entry[] }) {
  const { timeZone } = useDesk()
  const nowMs = useNowMs()
  if (history.length === 0) return <p className="pane-empty">Nothing has happened to this quote yet.</p>
  const newestFirst = [...history].sort((a, b) => b.version - a.version)
  return (
    <ol className="history" aria-label="History" reversed>
      {newestFirst.map((entry) => (
        <li key={entry.version}>
          <p>
            <Happened entry={entry} />
          </p>
          {entry.reason !== null && <p>“{entry.reason}”</p>}
          <p className="quiet">
            {entry.actor_name ?? actorWords(entry)} ·{' '}
            <time dateTime={entry.at} title={fullMoment(entry.at, timeZone)}>
              {momentWords(entry.at, nowMs, timeZone)}
            </time>
          </p>
        </li>
      ))}
    </ol>
  )
}

/** A change without an actor was made by the server itself. */
const actorWords = ({ actor_id, kind }: Entry) =>
  actor_id !== null ? 'Somebody' : kind === 'imported' ? 'Import' : 'The server'

function Happened({ entry }: { entry: Entry }) {
  const now = <StatusMark status={entry.to_status} outcome={entry.outcome} />
  if (entry.kind === 'created') return <>Created as {now}</>
  if (entry.kind === 'imported') return <>Imported as {now}</>
  if (entry.from_status === null) return <>Became {now}</>
  return (
    <>
      <StatusMark status={entry.from_status} outcome={null} /> → {now}
    </>
  )
}
