import type { Kysely } from 'kysely'
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
  streams: { stream: string; head: number; floor: number; checksum: string }[]
  events: number
}

const portion = 2_000
/** Damage repeats itself; a person needs the first few. */
const maxProblems = 50

/**
 * Reads the whole database without changing it: SQLite's own check, every stream dense with its chain of checksums, and
 * the rows equal to what the log adds up to.
 * @param readState all rows as a folded state, from the features' own queries
 */
export async function verifyDatabase(
  file: string,
  readState: (db: Kysely<Tables>) => Promise<FoldedState>,
): Promise<VerifyReport> {
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

async function verifyRows(
  db: Kysely<Tables>,
  readState: (db: Kysely<Tables>) => Promise<FoldedState>,
  problems: string[],
): Promise<VerifyReport> {
  const meta = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirst()
  const streams = await db.selectFrom('streams').selectAll().orderBy('stream').execute()
  const folded: FoldedState = new Map()
  let events = 0
  for (const stream of streams) events += await verifyStream(db, stream, folded, problems)
  problems.push(...differences(folded, await readState(db)))
  return {
    ok: problems.length === 0,
    problems: problems.slice(0, maxProblems),
    epoch: meta?.value ?? null,
    streams,
    events,
  }
}

async function verifyStream(
  db: Kysely<Tables>,
  { stream, head, checksum }: { stream: string; head: number; checksum: string },
  folded: FoldedState,
  problems: string[],
): Promise<number> {
  const { events } = await db
    .selectFrom('events')
    .select((eb) => eb.fn.countAll<number>().as('events'))
    .where('stream', '=', stream)
    .executeTakeFirstOrThrow()
  if (events !== head) problems.push(`${stream}: the log has ${events} events, but its head is ${head}`)
  let seq = 0
  let chain = ''
  for (;;) {
    const bodies = await readBodies(db, stream as StreamName, seq, portion)
    for (const body of bodies) {
      seq += 1
      chain = chainChecksum(chain, body)
      const event = parseBody(body)
      if (event.place.stream !== stream || event.place.seq !== seq) {
        problems.push(`${stream}: at ${seq} stands event ${event.place.seq} of ${event.place.stream}`)
      }
      foldEvent(folded, event)
    }
    if (bodies.length < portion) break
  }
  if (chain !== checksum) problems.push(`${stream}: the events do not match their checksum`)
  return events
}

function differences(folded: FoldedState, rows: FoldedState): string[] {
  const missing = [...folded.keys()]
    .filter((key) => !rows.has(key))
    .map((key) => `${key}: in the log, not in its table`)
  const extra = [...rows.keys()].filter((key) => !folded.has(key)).map((key) => `${key}: in its table, not in the log`)
  const changed = [...rows].flatMap(([key, value]) => {
    const logged = folded.get(key)
    return logged !== undefined && logged !== value ? [`${key}: its row differs from the log`] : []
  })
  return [...missing, ...extra, ...changed]
}
