import type { QuoteDetail } from '../../domain/rpc/quotes.ts'
import { useDesk, useServerNowMs } from '../app/desk-context.tsx'
import { useValueContext } from '../app/use-value-context.ts'
import { StatusMark } from '../parts/shape.tsx'
import { fullMoment, momentWords } from '../words/dates.ts'
import type { ValueContext } from '../words/field-values.ts'
import { type Currencies, currenciesByVersion } from '../words/history.ts'
import { FieldSteps } from './field-steps.tsx'

type Entry = QuoteDetail['history'][number]

/** What happened to the quote, newest first. */
export function QuoteHistory({ detail: { history, quote, names } }: { detail: QuoteDetail }) {
  const context = useValueContext(quote.currency, names)
  if (history.length === 0) return <p className="pane-empty">Nothing has happened to this quote yet.</p>
  const newestFirst = [...history].sort((a, b) => b.version - a.version)
  const currencies = currenciesByVersion(newestFirst, quote.currency)
  return (
    <ol className="history" aria-label="History" reversed>
      {newestFirst.map((entry) => (
        <li key={entry.version}>
          <Happened entry={entry} context={context} currencies={currencies.get(entry.version)} />
          {entry.reason !== null && <p className="selectable">“{entry.reason}”</p>}
          <Byline entry={entry} />
        </li>
      ))}
    </ol>
  )
}

function Byline({ entry }: { entry: Entry }) {
  const { timeZone } = useDesk()
  const nowMs = useServerNowMs()
  return (
    <p className="quiet">
      {entry.actor_name ?? actorWords(entry)} ·{' '}
      <time dateTime={entry.at} title={fullMoment(entry.at, timeZone)}>
        {momentWords(entry.at, nowMs, timeZone)}
      </time>
    </p>
  )
}

/** A change without an actor was made by the server itself. */
const actorWords = ({ actor_id, kind }: Entry) =>
  actor_id !== null ? 'Somebody' : kind === 'imported' ? 'Import' : 'The server'

interface HappenedProps {
  entry: Entry
  context: ValueContext
  currencies: Currencies | undefined
}

function Happened({ entry, context, currencies }: HappenedProps) {
  const { kind, from_status, note } = entry
  const now = <StatusMark status={entry.to_status} outcome={entry.outcome} />
  if (kind === 'created') return <p>Created as {now}</p>
  if (kind === 'imported') return <p>Imported as {now}</p>
  if (kind === 'noted') return <p className="history-note selectable">{note}</p>
  if (kind === 'edited' || kind === 'reassigned') {
    return (
      <FieldSteps
        before={entry.before ?? {}}
        after={entry.after ?? {}}
        context={context}
        currencies={currencies ?? { before: context.currency, after: context.currency }}
      />
    )
  }
  if (from_status === null) return <p>Became {now}</p>
  return (
    <p>
      <StatusMark status={from_status} outcome={null} /> → {now}
    </p>
  )
}
