import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import Database from 'better-sqlite3'
import type { Quote } from '../../../domain/quote.ts'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import { migrate } from '../../../src-main/engine/cache/migrate.ts'

/**
 * The limit of catching up: the same events by one plain HTTP response into the same indexed tables, with nothing checked,
 * nothing kept in order and nothing shown. Started by fork; argv: url, database file. Tells `{kind:'done', ms}`.
 */
const [url, file] = process.argv.slice(2)
const perTransaction = 10_000

const db = new Database(file ?? '')
db.pragma('journal_mode = WAL')
db.pragma('synchronous = FULL')
db.pragma('wal_autocheckpoint = 40000')
db.pragma('cache_size = -65536')
migrate(db, file ?? '')

const words = (text: string) => text.trim().split(/\s+/)
const quoteColumns = words(`
  id stream quote_id revision version stage status outcome value_minor currency expires_at_ms incomplete team_id owner_id
  customer_id customer_name owner_name team_name title expires_on time_zone updated_at reason sent_at closed_at created_at
  lines`)
const historyColumns = words(
  'quote version kind from_status to_status outcome reason note before after actor_id at stream seq',
)
const insert = (table: string, columns: string[]) =>
  db.prepare(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map((column) => `@${column}`).join(', ')})`,
  )
const insertQuote = insert('quotes', quoteColumns)
const insertHistory = insert('history', historyColumns)
const insertSearch = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)')
const saveCursor = db.prepare('INSERT OR REPLACE INTO streams VALUES (?, ?, ?)')

function toRow(quote: Quote, stream: string) {
  const derived = {
    stage: 0,
    expires_at_ms: null,
    incomplete: 0,
    customer_name: null,
    owner_name: null,
    team_name: null,
  }
  return { ...quote, ...derived, stream, lines: JSON.stringify(quote.lines) }
}

const insertAll = db.transaction((events: readonly StreamEvent[]) => {
  for (const { place, change } of events) {
    if (change.type !== 'quote.added') throw new Error(`the limit knows no ${change.type}`)
    const { quote, history } = change.data
    const { lastInsertRowid } = insertQuote.run(toRow(quote, place.stream))
    insertSearch.run(lastInsertRowid, `Q-${quote.quote_id} ${quote.title} ${quote.lines[0]?.product ?? ''}`)
    for (const entry of history) insertHistory.run(entry)
  }
  const last = events.at(-1)?.place
  if (last) saveCursor.run(last.stream, last.epoch, last.seq)
})

const startMs = performance.now()
const response = await fetch(url ?? '')
if (!response.ok || !response.body) throw new Error(`the limit's server answered ${response.status}`)
let batch: StreamEvent[] = []
let count = 0
for await (const line of createInterface({ input: Readable.fromWeb(response.body as never) })) {
  batch.push(JSON.parse(line) as StreamEvent)
  if (batch.length === perTransaction) {
    insertAll(batch)
    count += batch.length
    batch = []
  }
}
insertAll(batch)
count += batch.length
process.send?.({ kind: 'done', ms: performance.now() - startMs, count })
