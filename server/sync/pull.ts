import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { PullHeader, ResyncReason } from '../../domain/wire/sync-http.ts'
import { ProblemError } from '../http/problem-error.ts'
import { readBodies, readHeads } from '../store/log.ts'
import type { Store } from '../store/store.ts'

const why: Record<ResyncReason, string> = {
  epoch_changed: 'The history of this database began anew, so your cursor means nothing here.',
  compacted: 'The log no longer reaches back to your cursor.',
  too_far_behind: 'Your cursor is so far behind that a snapshot is quicker.',
  ahead_of_head: 'Your cursor is ahead of the log.',
  snapshot_gone: 'That snapshot is no longer kept.',
}

export function resync(reason: ResyncReason): ProblemError {
  return new ProblemError('resync', `${why[reason]} Take a new snapshot; queued edits stay valid.`, { reason })
}

/**
 * The events after a cursor, as the NDJSON text of the answer: the header, then a contiguous run from after + 1.
 * @throws ProblemError resync when the log cannot bring this cursor to the head
 */
export async function pull(
  store: Store,
  query: { stream: StreamName; epoch: string; after: number; limit: number },
  maxEventsBehind: number,
): Promise<string> {
  if (query.epoch !== store.epoch) throw resync('epoch_changed')
  const [stream] = await readHeads(store.read, [query.stream])
  if (!stream) throw new Error('reading one head gave none')
  const behind = stream.head - query.after
  if (behind < 0) throw resync('ahead_of_head')
  if (query.after < stream.floor) throw resync('compacted')
  if (behind > maxEventsBehind) throw resync('too_far_behind')

  const expected = Math.min(query.limit, behind)
  const bodies = expected === 0 ? [] : await readBodies(store.read, query.stream, query.after, expected)
  if (bodies.length !== expected) {
    throw new Error(`the log of ${query.stream} lacks events after ${query.after}: run "quotedesk verify"`)
  }
  const header: PullHeader = {
    stream: query.stream,
    epoch: store.epoch,
    after: query.after,
    count: bodies.length,
    head: stream.head,
  }
  return `${[JSON.stringify(header), ...bodies].join('\n')}\n`
}
