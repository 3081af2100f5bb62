import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import { type Clock, toInstantText } from '../../domain/time.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { Store } from './store.ts'
import { chainChecksum, type Tx } from './tx.ts'

/** How much of the log is kept: an event goes when it is older than `keepMs` and not among the newest `keepEvents`. */
export interface Retention {
  keepMs: number
  keepEvents: number
}

export interface Compacted {
  stream: StreamName
  /** How many events were deleted now. */
  events: number
  /** Cursors below are no longer served. */
  floor: number
}

/** Deleting so many takes a few milliseconds; everybody else writes in between. */
const portion = 500

/**
 * Deletes the oldest events of every stream, a small transaction at a time; each raises the floor with what it deletes, so
 * that whoever reads sees all of it or none. The rows hold what the events did, so nothing else changes: a client that
 * needs what is gone takes a snapshot.
 * @param signal ends it between two transactions
 * @returns the streams that lost events
 */
export async function compact(
  store: Store,
  clock: Clock,
  retention: Retention,
  signal?: AbortSignal,
): Promise<Compacted[]> {
  const before = toInstantText(clock.nowMs() - retention.keepMs)
  const streams = await store.read.selectFrom('streams').select('stream').orderBy('stream').execute()
  const done: Compacted[] = []
  for (const row of streams) {
    const stream = row.stream as StreamName
    let events = 0
    let floor = 0
    for (;;) {
      if (signal?.aborted) return done
      const step = await store.transact((tx) => compactStep(tx, stream, before, retention.keepEvents))
      events += step.events
      floor = step.floor
      if (step.events < portion) break
      await nextTurn()
    }
    if (events > 0) done.push({ stream, events, floor })
  }
  return done
}

async function compactStep(tx: Tx, stream: StreamName, before: string, keepEvents: number) {
  const state = await tx.db.selectFrom('streams').selectAll().where('stream', '=', stream).executeTakeFirstOrThrow()
  const last = Math.min(state.compacted + portion, state.head - keepEvents)
  if (last <= state.compacted) return { events: 0, floor: state.floor }
  const rows = await tx.db
    .selectFrom('events')
    .select(['seq', 'body', sql<string>`json_extract(body, '$.place.at')`.as('at')])
    .where('stream', '=', stream)
    .where('seq', '>', state.compacted)
    .where('seq', '<=', last)
    .orderBy('seq')
    .execute()
  // Up to the first that is too young: what stays must have no hole, whatever the clock did.
  const young = rows.findIndex(({ at }) => at >= before)
  const old = young < 0 ? rows : rows.slice(0, young)
  const cut = old.at(-1)?.seq
  if (cut === undefined) return { events: 0, floor: state.floor }
  if (cut - state.compacted !== old.length) {
    throw new Error(`the log of ${stream} lacks events after ${state.compacted}: run "quotedesk verify"`)
  }
  const checksum = old.reduce((chain, { body }) => chainChecksum(chain, body), state.compacted_checksum)
  const floor = Math.max(state.floor, cut)
  await tx.db.deleteFrom('events').where('stream', '=', stream).where('seq', '<=', cut).execute()
  await tx.db
    .updateTable('streams')
    .set({ floor, compacted: cut, compacted_checksum: checksum })
    .where('stream', '=', stream)
    .execute()
  return { events: old.length, floor }
}
