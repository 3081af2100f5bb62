import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Kysely, Selectable } from 'kysely'
import type { StreamName } from '../../domain/wire/stream-name.ts'
import { openRaw, type RawDatabase, toKysely } from './connect.ts'
import { type FoldedState, foldEvent } from './fold.ts'
import { parseBody, readBodies } from './log.ts'
import type { Tables } from './tables.ts'
import { chainChecksum } from './tx.ts'

export interface VerifyReport {
  ok: boolean
  /** One sentence for each thing that is wrong. */
  problems: string[]
  /** Null in a backup that was not restored yet. */
  epoch: string | null
  streams: Selectable<Tables['streams']>[]
  events: number
}

/** All rows of each stream as a folded state, from the features' own queries. */
type ReadState = (db: Kysely<Tables>) => Promise<Map<StreamName, FoldedState>>

const portion = 2_000
/** Damage repeats itself; a person needs the first few. */
const maxProblems = 50

/**
 * Reads the whole database without changing it: SQLite's own check, every stream dense with its chain of checksums, and
 * the rows equal to what the log adds up to. A log that was compacted is checked from where it begins.
 */
export async function verifyDatabase(file: string, readState: ReadState): Promise<VerifyReport> {
  const problems: string[] = []
  const raw = openRaw(file, 'read')
  const db = toKysely(raw)
  try {
    raw.exec('begin')
    problems.push(...checkPages(raw))
    return await verifyRows(db, readState, problems)
  } catch (error) {
    // Damage also shows as rows that cannot be read as what they should be; whatever stopped the reading is reported.
    problems.push(`reading stopped: ${error instanceof Error ? error.message : String(error)}`)
    return { ok: false, problems: problems.slice(0, maxProblems), epoch: null, streams: [], events: 0 }
  } finally {
    raw.close()
  }
}

function checkPages(raw: RawDatabase): string[] {
  const integrity = raw.prepare<[], string>('pragma integrity_check(20)').pluck().all()
  const foreign = raw.prepare<[], { table: string }>('pragma foreign_key_check').all()
  return [
    ...integrity.filter((line) => line !== 'ok').map((line) => `SQLite: ${line}`),
    ...foreign.slice(0, maxProblems).map((row) => `table ${row.table} has a row that points at nothing`),
  ]
}

async function verifyRows(db: Kysely<Tables>, readState: ReadState, problems: string[]): Promise<VerifyReport> {
  const meta = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirst()
  const streams = await db.selectFrom('streams').selectAll().orderBy('stream').execute()
  const rows = await readState(db)
  let events = 0
  for (const stream of streams) {
    const name = stream.stream as StreamName
    const log = await verifyStream(db, stream, problems)
    events += log.events
    problems.push(...differences(log, rows.get(name) ?? new Map()))
    rows.delete(name)
  }
  // A team whose stream never had an event cannot have anything.
  for (const state of rows.values()) problems.push(...differences({ folded: new Map(), removed: null }, state))
  return {
    ok: problems.length === 0,
    problems: problems.slice(0, maxProblems),
    epoch: meta?.value ?? null,
    streams,
    events,
  }
}

/** What the events of a stream add up to. */
interface Log {
  folded: FoldedState
  /** Quotes that left and did not come back; null when the log is whole, so that what it does not tell is not there. */
  removed: ReadonlySet<string> | null
}

async function verifyStream(
  db: Kysely<Tables>,
  { stream, head, floor, checksum, compacted, compacted_checksum }: Selectable<Tables['streams']>,
  problems: string[],
): Promise<Log & { events: number }> {
  const { events } = await db
    .selectFrom('events')
    .select((eb) => eb.fn.countAll<number>().as('events'))
    .where('stream', '=', stream)
    .executeTakeFirstOrThrow()
  if (events !== head - compacted) {
    problems.push(`${stream}: the log has ${events} events, but its head is ${head} and it begins after ${compacted}`)
  }
  if (floor < compacted)
    problems.push(`${stream}: cursors from ${floor} on are served, but the log begins at ${compacted}`)
  const folded: FoldedState = new Map()
  const removed = new Set<string>()
  let seq = compacted
  let chain = compacted_checksum
  for (;;) {
    const bodies = await readBodies(db, stream as StreamName, seq, portion)
    for (const body of bodies) {
      seq += 1
      chain = chainChecksum(chain, body)
      const event = parseBody(body)
      if (event.place.stream !== stream || event.place.seq !== seq) {
        problems.push(`${stream}: at ${seq} stands event ${event.place.seq} of ${event.place.stream}`)
      }
      const { change } = event
      if (change.type === 'quote.removed') removed.add(change.data.id)
      if (change.type === 'quote.added') removed.delete(change.data.quote.id)
      foldEvent(folded, event)
    }
    if (bodies.length < portion) break
    await nextTurn()
  }
  if (chain !== checksum) problems.push(`${stream}: the events do not match their checksum`)
  return { events, folded, removed: compacted === 0 ? null : removed }
}

/**
 * What the log says of a thing must be its row. A whole log must tell of everything; one that was compacted may be silent
 * about what did not change since, but not about what left.
 */
function differences({ folded, removed }: Log, rows: FoldedState): string[] {
  const missing = [...folded.keys()]
    .filter((key) => !rows.has(key))
    .map((key) => `${key}: in the log, not in its table`)
  const extra = [...rows.keys()]
    .filter((key) => !folded.has(key) && (removed === null || removed.has(key.split(' ')[1] ?? '')))
    .map((key) => `${key}: in its table, not in the log`)
  const changed = [...rows].flatMap(([key, value]) => {
    const logged = folded.get(key)
    return logged !== undefined && logged !== value ? [`${key}: its row differs from the log`] : []
  })
  return [...missing, ...extra, ...changed]
}
