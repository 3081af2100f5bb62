import { Button } from '@radix-ui/themes'
import type { StreamReport } from '../../domain/rpc/sync.ts'
import { useDesk, useNowMs } from '../app/desk-context.tsx'
import { CopyButton } from '../parts/copy-button.tsx'
import { Shape } from '../parts/shape.tsx'
import type { StreamTask, SyncDetailsState } from '../state/sync-details.ts'
import { fullMoment, momentWords, sinceWords } from '../words/dates.ts'
import { numberWords } from '../words/money.ts'
import { shortEpoch, streamStateShape, streamStateWords, verifyWords } from '../words/streams.ts'

interface Props extends Pick<SyncDetailsState, 'running' | 'problems'> {
  streams: readonly StreamReport[]
}

/** A row a stream, dense enough for thirty; below it what has to be said in words. */
export function StreamTable({ streams, running, problems }: Props) {
  return (
    // It scrolls, so the keyboard has to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="stream-scroll" aria-label="Streams" tabIndex={0}>
      <table className="plain-table streams">
        <caption className="sr-only">Streams</caption>
        <thead>
          <tr>
            <th scope="col">Stream</th>
            <th scope="col">State</th>
            <th scope="col">Seq</th>
            <th scope="col">Head</th>
            <th scope="col">Gap</th>
            <th scope="col">Buffered</th>
            <th scope="col">Epoch</th>
            <th scope="col">Last event</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        {streams.map((stream) => (
          <StreamRows
            key={stream.stream}
            stream={stream}
            task={running.get(stream.stream) ?? null}
            problem={problems.get(stream.stream) ?? null}
          />
        ))}
      </table>
    </section>
  )
}

interface RowProps {
  stream: StreamReport
  task: StreamTask | null
  problem: string | null
}

function StreamRows({ stream, task, problem }: RowProps) {
  const { timeZone, syncDetails } = useDesk()
  const nowMs = useNowMs()
  const { label, epoch, seq, head, gap, buffered, last_event_at } = stream
  const state = task === 'verify' ? 'verifying' : task === 'repair' ? 'repairing' : stream.state
  const button = (name: StreamTask, verb: string, advised: boolean) => (
    <Button
      size="1"
      variant="ghost"
      color={advised ? undefined : 'gray'}
      disabled={task !== null}
      aria-label={`${verb} ${label}`}
      onClick={() => void syncDetails.run(name, stream.stream)}
    >
      {verb}
    </Button>
  )
  return (
    <tbody data-state={state} aria-busy={task !== null}>
      <tr>
        <th scope="row" title={stream.stream}>
          {label}
        </th>
        <td className="stream-state">
          <span className="status-mark" data-look={state === 'offline'}>
            <Shape shape={streamStateShape(state)} />
            {streamStateWords[state]}
          </span>
        </td>
        <td>{numberWords(seq)}</td>
        <td>{head === null ? '—' : numberWords(head)}</td>
        <td data-look={gap > 0}>{numberWords(gap)}</td>
        <td>{numberWords(buffered)}</td>
        <td className="stream-epoch">
          {epoch === null ? (
            '—'
          ) : (
            <CopyButton plain text={() => epoch} label={`Copy epoch ${epoch}`}>
              {shortEpoch(epoch)}
            </CopyButton>
          )}
        </td>
        <td>
          {last_event_at === null ? (
            '—'
          ) : (
            <time dateTime={last_event_at} title={fullMoment(last_event_at, timeZone)}>
              {momentWords(last_event_at, nowMs, timeZone)}
            </time>
          )}
        </td>
        <td className="stream-actions">
          {button('verify', 'Verify', false)}
          {button('repair', 'Repair', stream.verified !== null && stream.verified.kind !== 'same')}
        </td>
      </tr>
      <StreamWords stream={stream} problem={problem} />
    </tbody>
  )
}

/** What a verification found and what went wrong last, under the row; nothing when there is nothing to say. */
function StreamWords({ stream: { verified, last_error }, problem }: { stream: StreamReport; problem: string | null }) {
  const { timeZone } = useDesk()
  const nowMs = useNowMs()
  if (verified === null && last_error === null && problem === null) return null
  return (
    <tr className="stream-words">
      <td colSpan={9}>
        {problem !== null && (
          <p role="alert" className="problem">
            {problem}
          </p>
        )}
        {verified !== null && (
          <output className={verified.kind === 'same' ? 'quiet' : 'problem'}>
            {verifyWords(verified)} ({sinceWords(verified.at, nowMs, timeZone)}).
            {verified.kind !== 'same' && ' Repair fetches it again; your changes stay.'}
          </output>
        )}
        {last_error !== null && (
          <p className="quiet">
            Last error {sinceWords(last_error.at, nowMs, timeZone)}: {last_error.message}
          </p>
        )}
      </td>
    </tr>
  )
}
