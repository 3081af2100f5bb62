import Database from 'better-sqlite3'
import { type MetaKey, metaKeys } from './meta.ts'
import { migrate, schemaVersion } from './migrate.ts'
import type { SqlValue } from './sql.ts'

type Row = Record<string, SqlValue>

/** `complete`: every row could be read. */
export interface SalvagedTable {
  rows: Row[]
  complete: boolean
}

/** What this machine alone knows, as far as a damaged file gives it away. */
export interface Salvaged {
  /** Of the schema that its rows are of. */
  version: number
  meta: Map<MetaKey, string>
  /** Whether it is known under which name, and with which numbers, changes were sent. */
  client: boolean
  outbox: SalvagedTable
  alerts: SalvagedTable
  others: Map<string, SalvagedTable>
}

/** Tables beside `outbox` and `alerts` that no server can bring back. */
const otherLocalTables: readonly string[] = ['alert_log']
/** Of the numbers between the first and the last readable row, each is asked for by itself; more would take too long. */
const mostSingleReads = 100_000
/** What the numbers of changes go on from: the server answers with the number it expects, and that one counts. */
const numberLeap = 1_000_000

const nothing: Salvaged = {
  version: schemaVersion,
  meta: new Map(),
  client: false,
  outbox: { rows: [], complete: false },
  alerts: { rows: [], complete: false },
  others: new Map(),
}

/** Reads row by row, around what is broken. Never throws for what it finds: whatever is unreadable is left out. */
export function salvage(file: string): Salvaged {
  let connection: Database.Database | null = null
  try {
    connection = new Database(file, { readonly: true, fileMustExist: true })
    const version = connection.pragma('user_version', { simple: true }) as number
    if (version < 1 || version > schemaVersion) return nothing
    const db = connection
    const meta = new Map<MetaKey, string>()
    for (const { key, value } of readTable(db, 'meta').rows) {
      const known = metaKeys.find((candidate) => candidate === key)
      if (known && known !== 'last_synced_at') meta.set(known, String(value))
    }
    return {
      version,
      meta,
      client: meta.has('client_id') && meta.has('next_mutation_id'),
      outbox: readTable(db, 'outbox'),
      alerts: readTable(db, 'alerts'),
      others: new Map(otherLocalTables.map((table) => [table, readTable(db, table)])),
    }
  } catch {
    return nothing
  } finally {
    connection?.close()
  }
}

/** From the front as far as it goes, from the back as far as it goes, and what lies between one by one. */
function readTable(db: Database.Database, table: string): SalvagedTable {
  try {
    const keys = db
      .prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
      .all(table)
      .map(({ name }) => name)
    const front = readUntilBroken(db, `SELECT * FROM ${table} ORDER BY ${keys.join(', ')}`)
    if (front.complete) return front
    const back = readUntilBroken(db, `SELECT * FROM ${table} ORDER BY ${keys.map((key) => `${key} DESC`).join(', ')}`)
    const keyOf = (row: Row) => JSON.stringify(keys.map((key) => row[key]))
    const found = new Map([...front.rows, ...back.rows.toReversed()].map((row) => [keyOf(row), row]))
    const [only, ...others] = keys
    if (only !== undefined && others.length === 0) {
      for (const row of readSingly(db, table, only, front.rows.at(-1)?.[only], back.rows.at(-1)?.[only])) {
        found.set(keyOf(row), row)
      }
    }
    const rows = [...found.values()]
    if (only !== undefined && typeof rows[0]?.[only] === 'number')
      rows.sort((a, b) => Number(a[only]) - Number(b[only]))
    return { rows, complete: false }
  } catch {
    return { rows: [], complete: false }
  }
}

function readUntilBroken(db: Database.Database, sql: string): SalvagedTable {
  const rows: Row[] = []
  try {
    for (const row of db.prepare<[], Row>(sql).iterate()) rows.push(row)
    return { rows, complete: true }
  } catch {
    return { rows, complete: false }
  }
}

function* readSingly(
  db: Database.Database,
  table: string,
  key: string,
  after: SqlValue | undefined,
  before: SqlValue | undefined,
): Generator<Row> {
  const first = typeof after === 'number' ? after + 1 : 1
  const last = typeof before === 'number' ? before - 1 : first + mostSingleReads / 100
  const one = db.prepare<[number], Row>(`SELECT * FROM ${table} WHERE ${key} = ?`)
  for (let at = first; at <= Math.min(last, first + mostSingleReads); at += 1) {
    try {
      const row = one.get(at)
      if (row) yield row
    } catch {
      // This one is broken; its neighbours may not be.
    }
  }
}

/** Makes a file of the schema that the rows are of; opening it brings it to the present one. */
export function writeSalvaged(connection: Database.Database, file: string, salvaged: Salvaged, notice: string): void {
  connection.pragma('journal_mode = DELETE')
  connection.pragma('synchronous = FULL')
  migrate(connection, file, salvaged.version)
  const insert = (table: string, row: Row) => {
    const columns = Object.keys(row)
    const sql = `INSERT OR IGNORE INTO ${table} (${columns.map((name) => `"${name}"`).join(', ')})
      VALUES (${columns.map(() => '?').join(', ')})`
    connection.prepare(sql).run(...Object.values(row))
  }
  connection.transaction(() => {
    for (const row of salvaged.outbox.rows) insert('outbox', salvaged.client ? row : withoutNumber(row))
    for (const row of salvaged.alerts.rows) insert('alerts', row)
    for (const [table, { rows }] of salvaged.others) for (const row of rows) insert(table, row)
    for (const [key, value] of numbering({ ...salvaged, notice })) insert('meta', { key, value })
  })()
}

/**
 * The file may have lost its last transactions, and with them how far the numbers had come. Going on from too low a number
 * would get the answer to another change; from too high a one, the server says which it expects and has done nothing.
 */
function numbering({ meta, client, notice }: Salvaged & { notice: string }): Map<MetaKey, string> {
  const kept = new Map(meta).set('notice', notice)
  if (client) kept.set('next_mutation_id', String(Number(meta.get('next_mutation_id')) + numberLeap))
  else {
    kept.delete('client_id')
    kept.delete('next_mutation_id')
  }
  return kept
}

/** Sent under a name that is lost: sending it again under another one could do it twice. */
function withoutNumber(row: Row): Row {
  if (row['name'] === 'alert.mark' || row['mutation_id'] === null || row['state'] !== 'waiting')
    return { ...row, mutation_id: null }
  const message = 'It is not known whether the server has this change: look at the quote, then retry or discard it.'
  return { ...row, mutation_id: null, state: 'refused', code: 'failed', message }
}
