import { isDeepStrictEqual } from 'node:util'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import { readMeta } from '../../../src-main/engine/cache/meta.ts'
import { listEntries, type OutboxEntry } from '../../../src-main/engine/cache/outbox-store.ts'
import type { ReadableDb } from '../../../src-main/engine/cache/sql.ts'
import { show } from './mutations.ts'
import type { Ledger } from './server-checks.ts'
import type { ClientRun } from './sim-client.ts'
import { type KnownQuote, stateAt } from './truth.ts'
import { expectThat, Violation } from './violation.ts'

interface Cursor {
  stream: string
  epoch: string
  seq: number
}

/** What one client has been seen to hold, over all its runs. */
export interface ClientWatch {
  check: (run: ClientRun) => void
  /** Entries still to be answered. */
  open: () => number
  /** The person may be taking it back now … */
  mayGo: (entry: number) => void
  /** … or could not. */
  mustStay: (entry: number) => void
}

/** A quote as some stream tells it, up to a client's cursor in it. */
interface Told extends KnownQuote {
  stream: string
  epoch: string
}

/** Compares a client's cache with the log, from the outside and by other means than the client's own. */
export function createClientWatch(ledger: Ledger): ClientWatch {
  let cursors = new Map<string, Cursor>()
  const open = new Map<number, OutboxEntry>()
  const refused = new Set<number>()
  const letGo = new Set<number>()

  const checkCursors = (run: ClientRun): Cursor[] => {
    const now = run.cache.read.all<Cursor>('SELECT stream, epoch, seq FROM streams')
    for (const cursor of now) {
      const before = cursors.get(cursor.stream)
      expectThat(
        before?.epoch !== cursor.epoch || before.seq <= cursor.seq,
        'I6',
        () => `the cursor of ${cursor.stream} went back from ${before?.seq} to ${cursor.seq}`,
      )
    }
    cursors = new Map(now.map((cursor) => [cursor.stream, cursor]))
    const welcomed = run.welcomed()
    if (welcomed) {
      const readable = new Set<string>(welcomed.streams.map(({ stream }) => stream))
      for (const { stream } of now) {
        expectThat(readable.has(stream), 'I16', () => `after the welcome the cache still holds ${stream}`)
      }
    }
    return now
  }

  const stateOf = ({ stream, epoch, seq }: Cursor) => {
    const truth = ledger.truthOfEpoch(epoch)
    const state = truth && stateAt(truth, stream, seq)
    if (!state) throw new Violation('I6', `a cursor at ${stream} ${epoch} ${seq}, where nothing was ever committed`)
    return state
  }

  /** I5: an entry goes when its effect is in the log, or stays with a refusal; never both, never neither. */
  const checkOutbox = (run: ClientRun, now: readonly Cursor[]) => {
    const entries = listEntries(run.cache.read)
    const clientId = readMeta(run.cache.read, 'client_id') ?? ''
    const present = new Map(entries.map((entry) => [entry.entry, entry]))
    for (const entry of entries) {
      expectThat(
        entry.state === 'refused' || !refused.has(entry.entry),
        'I5',
        () => `entry ${entry.entry} was refused, and is ${entry.state}`,
      )
      if (entry.state === 'refused') {
        refused.add(entry.entry)
        open.delete(entry.entry)
      } else open.set(entry.entry, entry)
      if (entry.state === 'refused' || entry.mutation_id === null) continue
      const places = ledger.truth().effects.get(`${clientId} ${entry.mutation_id}`) ?? []
      for (const { stream, seq } of places) {
        const cursor = now.find((other) => other.stream === stream && other.epoch === ledger.truth().epoch)
        // The answer got lost, and a snapshot brought the effect: only the next answer tells that it was this edit's.
        if (entry.state === 'waiting' && ledger.snapshotOf(run.person().id, stream) >= seq) continue
        expectThat(
          cursor === undefined || cursor.seq < seq,
          'I15',
          () => `entry ${entry.entry} is still ${entry.state}, and its event ${stream} ${seq} is applied`,
        )
      }
    }
    for (const [id, entry] of open) {
      if (present.has(id)) continue
      open.delete(id)
      if (letGo.has(id)) continue
      // What left between two looks had a number that was never seen; its mark is counted at the end.
      const had = entry.mutation_id === null || ledger.hadEffect(`${clientId} ${entry.mutation_id}`)
      expectThat(had, 'I5', () => `entry ${id} is gone without an effect: ${JSON.stringify(entry)}`)
    }
    return entries
  }

  return {
    open: () => open.size,
    mayGo: (entry) => void letGo.add(entry),
    mustStay: (entry) => void letGo.delete(entry),
    check: (run) => {
      const now = checkCursors(run)
      const entries = checkOutbox(run, now)
      checkQuotes(
        run,
        now.map((cursor) => [cursor, stateOf(cursor)] as const),
        entries,
        ledger,
      )
      const org = now.find(({ stream }) => stream.startsWith('org:'))
      checkDirectory(run.cache.read, org ? directoryIn(stateOf(org).rows) : new Map())
      checkSums(run.cache.read)
    },
  }
}

function checkQuotes(
  run: ClientRun,
  streams: readonly (readonly [Cursor, ReturnType<typeof stateAt> & object])[],
  entries: readonly OutboxEntry[],
  ledger: Ledger,
): void {
  const { read } = run.cache
  const told = new Map<string, Told[]>()
  for (const [{ stream, epoch }, { quotes }] of streams) {
    for (const [id, known] of quotes) told.set(id, [...(told.get(id) ?? []), { ...known, stream, epoch }])
  }
  const shown = new Map(read.all<QuoteRow>(quoteSql).map((row) => [row.id, row]))
  const aside = new Map(
    read
      .all<{ id: string; stream: string; quote: string }>('SELECT id, stream, quote FROM quote_confirmed')
      .map((row) => [row.id, row]),
  )
  const history = Map.groupBy(read.all<HistoryEntry>('SELECT * FROM history ORDER BY quote, version'), (e) => e.quote)
  const pending = Map.groupBy(
    entries.filter(({ state }) => state !== 'refused'),
    (entry) => entry.quote,
  )
  for (const id of new Set([...told.keys(), ...shown.keys(), ...aside.keys(), ...history.keys()])) {
    const row = shown.get(id)
    const copy = aside.get(id)
    const confirmed = copy ? (JSON.parse(copy.quote) as Quote | null) : row ? toQuote(row) : null
    const stream = copy?.stream ?? row?.stream ?? null
    const mine = pending.get(id) ?? []
    const candidates = told.get(id) ?? []
    const newest = candidates.toSorted((a, b) => b.quote.version - a.quote.version)[0]
    const mixed = new Set(candidates.map(({ epoch }) => epoch)).size > 1
    const made =
      newest === undefined ? mine.map(({ body }) => body).find(({ name }) => name === 'quote.create') : undefined
    if (made?.name === 'quote.create') {
      // Out of sight with its team, or not yet in sight: then it is not shown, and waits all the same.
      const inSight = streams.some(([{ stream: one }]) => one === `team:${made.team_id}`)
      if (row || inSight) expectShown(id, row, null, mine)
      continue
    }
    if (confirmed === null) {
      const stale = newest && (ledger.truthOfEpoch(newest.epoch)?.versions.get(id) ?? 0) > newest.quote.version
      expectThat(newest === undefined || stale === true || mixed, 'I7', () => `quote ${id} is missing`)
      continue
    }
    const source = mixed ? candidates.find((one) => one.stream === stream) : newest
    if (!source) throw new Violation('I7', `quote ${id} of ${stream} is in no stream up to its cursor`)
    expectSame('I7', `quote ${id} of ${stream}`, confirmed, source.quote)
    expectThat(stream === source.stream, 'I7', () => `quote ${id} counts to ${stream}, not ${source.stream}`)
    const entriesTold = [...source.history.values()].toSorted((a, b) => a.version - b.version)
    expectSame('I7', `the history of ${id}`, (history.get(id) ?? []).map(toEntry), entriesTold)
    expectShown(id, row, source.quote, mine)
  }
}

/** I15 */
function expectShown(
  id: string,
  row: QuoteRow | undefined,
  confirmed: Quote | null,
  mine: readonly OutboxEntry[],
): void {
  const expected = mine.reduce(show, confirmed)
  expectSame('I15', `what is shown of ${id}`, row ? toQuote(row) : null, expected)
}

const directoryIn = (rows: ReadonlyMap<string, unknown>) =>
  new Map([...rows].filter(([key]) => /^(customer|team|person|workspace) /.test(key)))

function checkDirectory(read: ReadableDb, expected: ReadonlyMap<string, unknown>): void {
  const rows = new Map<string, unknown>()
  for (const row of read.all<{ id: string }>('SELECT * FROM customers')) rows.set(`customer ${row.id}`, row)
  for (const row of read.all<{ id: string }>('SELECT * FROM teams')) rows.set(`team ${row.id}`, row)
  for (const row of read.all<{ id: string; active: number; memberships: string }>('SELECT * FROM people')) {
    rows.set(`person ${row.id}`, {
      ...row,
      active: row.active === 1,
      memberships: JSON.parse(row.memberships) as unknown,
    })
  }
  for (const row of read.all<{ id: string; stage_probabilities: string }>('SELECT * FROM workspace')) {
    rows.set(`workspace ${row.id}`, { ...row, stage_probabilities: JSON.parse(row.stage_probabilities) as unknown })
  }
  expectThat(rows.size === expected.size, 'I7', () => `the directory has ${rows.size} rows, the log ${expected.size}`)
  for (const [key, row] of rows) expectSame('I7', key, row, expected.get(key))
}

/** The totals of the header are those of the rows, at any moment. */
function checkSums(read: ReadableDb): void {
  const kept = read.all(
    'SELECT status, currency, count, value_minor FROM sums WHERE count <> 0 ORDER BY status, currency',
  )
  const counted = read.all(
    `SELECT status, currency, count(*) AS count, sum(value_minor) AS value_minor FROM quotes
     GROUP BY status, currency ORDER BY status, currency`,
  )
  expectSame('I15', 'the sums', kept, counted)
  const found = read.value<number>('SELECT count(*) FROM search')
  const quotes = read.value<number>('SELECT count(*) FROM quotes')
  expectThat(found === quotes, 'I16', () => `search knows ${found} quotes, the list ${quotes}`)
}

function expectSame(invariant: string, what: string, actual: unknown, expected: unknown): void {
  expectThat(
    isDeepStrictEqual(actual, expected),
    invariant,
    () => `${what} is ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`,
  )
}

interface QuoteRow extends Omit<Quote, 'lines'> {
  lines: string
  stream: string
}

const quoteSql = `SELECT id, stream, quote_id, revision, version, team_id, owner_id, customer_id, title, currency, lines,
  value_minor, expires_on, time_zone, status, outcome, reason, sent_at, closed_at, created_at, updated_at FROM quotes`

function toQuote({ stream: _stream, lines, ...row }: QuoteRow): Quote {
  return { ...row, lines: JSON.parse(lines) as Quote['lines'] }
}

const read = (value: unknown): unknown => (typeof value === 'string' ? (JSON.parse(value) as unknown) : value)

/** Columns that hold JSON are read as what they say. */
function toEntry(row: HistoryEntry): HistoryEntry {
  return 'before' in row ? ({ ...row, before: read(row.before), after: read(row.after) } as HistoryEntry) : row
}
