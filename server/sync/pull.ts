import { setImmediate as nextTurn } from 'node:timers/promises'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { PullHeader, ResyncReason } from '../../domain/wire/sync-http.ts'
import { ProblemError } from '../http/problem-error.ts'
import { readBodies, readHeads, type StreamHead } from '../store/log.ts'
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

/** What an answer may hold, about: it then has fewer events than were asked for, as its header says. */
const maxBytes = 8_000_000
/** Events are read in portions, so that neither many nor large ones hold the event loop or the memory. */
const firstPortion = 64
const largestPortion = 1_000

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
  const { head, floor } = await headOf(store, query.stream)
  const behind = head - query.after
  if (behind < 0) throw resync('ahead_of_head')
  if (query.after < floor) throw resync('compacted')
  if (behind > maxEventsBehind) throw resync('too_far_behind')

  const bodies = await readRun(store, query, Math.min(query.limit, behind))
  const header: PullHeader = {
    stream: query.stream,
    epoch: store.epoch,
    after: query.after,
    count: bodies.length,
    head,
  }
  return `${[JSON.stringify(header), ...bodies].join('\n')}\n`
}

async function headOf(store: Store, stream: StreamName): Promise<StreamHead> {
  const [found] = await readHeads(store.read, [stream])
  if (!found) throw new Error('reading one head gave none')
  return found
}

async function readRun(store: Store, query: { stream: StreamName; after: number }, wanted: number): Promise<string[]> {
  const bodies: string[] = []
  let bytes = 0
  let portion = firstPortion
  while (bodies.length < wanted && bytes < maxBytes) {
    const expected = Math.min(portion, wanted - bodies.length)
    const more = await readBodies(store.read, query.stream, query.after + bodies.length, expected)
    if (more.length !== expected) throw await whyIncomplete(store, query)
    for (const body of more) {
      bodies.push(body)
      bytes += body.length
    }
    portion = portionFor(bodies.length, bytes)
    if (bodies.length < wanted) await nextTurn()
  }
  return bodies
}

function portionFor(events: number, bytes: number): number {
  const room = Math.floor((maxBytes - bytes) / (bytes / events))
  return Math.min(largestPortion, Math.max(1, room))
}

/** Compaction may have overtaken the reading: what was read is not handed out in part. */
async function whyIncomplete(store: Store, query: { stream: StreamName; after: number }): Promise<Error> {
  const { floor } = await headOf(store, query.stream)
  if (query.after < floor) return resync('compacted')
  return new Error(`the log of ${query.stream} lacks events after ${query.after}: run "quotedesk verify"`)
}
