import { createHash, type Hash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import { listPeople, listTeams, readWorkspace } from './directory-store.ts'
import { quoteColumns, toQuote } from './quote-row.ts'
import { readSavedPolicy, readSavedSettings } from './saved-settings.ts'
import { listSharedAfter } from './shared-alerts.ts'
import type { ReadableDb } from './sql.ts'

/** Few enough that a slice takes a few milliseconds. */
const sliceRows = 100

/**
 * What this machine's copy of a stream hashes to, as the protocol says: the rows of a snapshot in order, each as canonical
 * JSON and a newline. It is the server's word that counts: pending changes are left out, and quotes that exist only here.
 * @param pause awaited between slices, so that others get their turn
 */
export async function hashStream(
  db: ReadableDb,
  stream: string,
  pause: () => Promise<unknown>,
): Promise<{ rows: number; hash: string }> {
  const hash = createHash('sha256')
  let rows = 0
  const slices = slicesOf(db, stream)
  for (const slice of slices) {
    for (const change of slice) addRow(hash, change)
    rows += slice.length
    await pause()
  }
  return { rows, hash: hash.digest('hex') }
}

function addRow(hash: Hash, change: StreamChange): void {
  hash.update(`${canonicalize(change)}\n`)
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)

function slicesOf(db: ReadableDb, stream: string): Generator<StreamChange[]> {
  if (stream.startsWith('org:')) return directorySlices(db)
  return stream.startsWith('user:') ? personSlices(db) : quoteSlices(db, stream)
}

/** Settings, then alerts by key. */
function* personSlices(db: ReadableDb): Generator<StreamChange[]> {
  const settings = readSavedSettings(db)
  if (settings) yield [{ type: 'settings.saved', data: settings }]
  for (let after = ''; ; ) {
    const alerts = listSharedAfter(db, after, sliceRows)
    const last = alerts.at(-1)
    if (!last) return
    after = last.key
    yield alerts.map((data) => ({ type: 'alert.saved', data }))
  }
}

function* directorySlices(db: ReadableDb): Generator<StreamChange[]> {
  const workspace = readWorkspace(db)
  yield workspace ? [{ type: 'workspace.saved', data: workspace }] : []
  const policy = readSavedPolicy(db)
  yield policy ? [{ type: 'policy.saved', data: policy }] : []
  yield listTeams(db)
    .sort(byId)
    .map((data) => ({ type: 'team.saved', data }))
  const people = listPeople(db).sort(byId)
  for (let at = 0; at < people.length; at += sliceRows) {
    yield people.slice(at, at + sliceRows).map((data) => ({ type: 'person.saved', data }))
  }
  yield* pages<CustomerSaved['data']>(db, 'SELECT * FROM customers WHERE id > ? ORDER BY id LIMIT ?', (customers) =>
    customers.map((data) => ({ type: 'customer.saved', data })),
  )
}

type CustomerSaved = Extract<StreamChange, { type: 'customer.saved' }>

/**
 * Quotes by id with their histories. A quote with pending changes counts with what is kept aside of it; one that is only
 * being made here, and that the server has not told of, does not count.
 */
function quoteSlices(db: ReadableDb, stream: string): Generator<StreamChange[]> {
  const aside = new Map<string, { stream: string; quote: string }>()
  for (const row of db.all<{ id: string; stream: string; quote: string }>('SELECT * FROM quote_confirmed')) {
    aside.set(row.id, row)
  }
  const confirmed = (row: ShownRow): Quote | null => {
    const kept = aside.get(row.id)
    // JSON null: the server has not told of it.
    if (kept) return kept.stream === stream ? (JSON.parse(kept.quote) as Quote | null) : null
    return row.stream === stream ? toQuote(row) : null
  }
  return pages<ShownRow>(db, `SELECT stream, ${quoteColumns} FROM quotes WHERE id > ? ORDER BY id LIMIT ?`, (shown) => {
    const histories = readHistories(db, shown[0]?.id ?? '', shown.at(-1)?.id ?? '')
    return shown.flatMap((row) => {
      const quote = confirmed(row)
      return quote ? [{ type: 'quote.added' as const, data: { quote, history: histories.get(row.id) ?? [] } }] : []
    })
  })
}

type ShownRow = Parameters<typeof toQuote>[0] & { stream: string }

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the row's type is named by whoever writes the SQL
function* pages<Row extends { id: string }>(
  db: ReadableDb,
  sql: string,
  toChanges: (rows: Row[]) => StreamChange[],
): Generator<StreamChange[]> {
  let after = ''
  for (;;) {
    const rows = db.all<Row>(sql, after, sliceRows)
    if (rows.length === 0) return
    after = rows.at(-1)?.id ?? after
    yield toChanges(rows)
  }
}

type StoredEntry = Omit<HistoryEntry, 'before' | 'after'> & { before: string | null; after: string | null }

const entryColumns =
  'quote, version, kind, from_status, to_status, outcome, reason, note, "before", "after", actor_id, at, stream, seq'

const parsed = (json: string | null) => (json === null ? null : (JSON.parse(json) as HistoryEntry['before']))

function readHistories(db: ReadableDb, first: string, last: string): Map<string, HistoryEntry[]> {
  const entries = db
    .all<StoredEntry>(
      `SELECT ${entryColumns} FROM history WHERE quote BETWEEN ? AND ? ORDER BY quote, version`,
      first,
      last,
    )
    .map((entry) => ({ ...entry, before: parsed(entry.before), after: parsed(entry.after) }))
  return Map.groupBy(entries, (entry) => entry.quote)
}
