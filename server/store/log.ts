import type { Kysely } from 'kysely'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import type { Tables } from './tables.ts'

export interface StreamHead {
  stream: StreamName
  head: number
  floor: number
}

/** A stream without a row has no events yet: head and floor are 0. */
export async function readHeads(db: Kysely<Tables>, streams: readonly StreamName[]): Promise<StreamHead[]> {
  const rows = await db
    .selectFrom('streams')
    .select(['stream', 'head', 'floor'])
    .where('stream', 'in', streams)
    .execute()
  const byName = new Map(rows.map((row) => [row.stream, row]))
  return streams.map((stream) => ({
    stream,
    head: byName.get(stream)?.head ?? 0,
    floor: byName.get(stream)?.floor ?? 0,
  }))
}

/** Bodies of the events with seq in (after, after + limit], in order, as stored. */
export async function readBodies(
  db: Kysely<Tables>,
  stream: StreamName,
  after: number,
  limit: number,
): Promise<string[]> {
  const rows = await db
    .selectFrom('events')
    .select('body')
    .where('stream', '=', stream)
    .where('seq', '>', after)
    .where('seq', '<=', after + limit)
    .orderBy('seq')
    .execute()
  return rows.map((row) => row.body)
}

/** The log holds only what this program wrote and checksums guard it, so reading does not validate again. */
export function parseBody(body: string): StreamEvent {
  return JSON.parse(body) as StreamEvent
}
