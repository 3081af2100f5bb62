import type { ChangedFields, HistoryEntry, Line, Quote } from '../../domain/quote.ts'
import type { Db } from './connect.ts'
import type { HistoryRow, QuoteRow, Tables } from './tables.ts'

export function toQuote(row: QuoteRow): Quote {
  return { ...row, lines: toLines(row.lines) }
}

/** Only commands write the column, and they validate; a snapshot reads it 100,000 times. */
function toLines(text: string): Line[] {
  return text === '[]' ? [] : (JSON.parse(text) as Line[])
}

export function toQuoteRow(quote: Quote): QuoteRow {
  return { ...quote, lines: quote.lines.length === 0 ? '[]' : JSON.stringify(quote.lines) }
}

/** Most entries changed no fields, and a snapshot reads 100,000 of them: those are taken as they come. */
export function toHistoryEntry(row: Omit<HistoryRow, 'client_id'>): HistoryEntry {
  if (row.before === null && row.after === null) return row as HistoryEntry
  return { ...row, before: toFields(row.before), after: toFields(row.after) }
}

/** Written by commands only, from what they have validated. */
function toFields(text: string | null): ChangedFields | null {
  return text === null ? null : (JSON.parse(text) as ChangedFields)
}

export function toHistoryRow(entry: HistoryEntry, clientId: string | null): HistoryRow {
  const { before, after } = entry
  return {
    ...entry,
    before: before === null ? null : JSON.stringify(before),
    after: after === null ? null : JSON.stringify(after),
    client_id: clientId,
  }
}

type ColumnsOf<Table extends keyof Tables> = readonly (keyof Tables[Table] & string)[]

/**
 * Writers with fixed SQL: an import writes tens of thousands of rows, and building each query anew would cost more than
 * running it. `key` makes it an upsert.
 */
export function rowWriter<Table extends keyof Tables>(
  table: Table,
  columns: ColumnsOf<Table>,
  key: ColumnsOf<Table> = [],
): (db: Db, row: Tables[Table]) => void {
  const rest = columns.filter((column) => !key.includes(column))
  const onConflict =
    key.length === 0
      ? ''
      : ` on conflict (${key.join(', ')}) do update set ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`
  const text = `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})${onConflict}`
  return (db, row) => {
    db.fixed(
      text,
      columns.map((column) => row[column]),
    )
  }
}

/**
 * Sets the columns of a quote that differ, and no others: SQLite maintains every index on a column that is named, and most
 * changes touch few of them.
 */
export function updateQuoteRow(db: Db, before: QuoteRow, after: QuoteRow): void {
  const changed = quoteColumns.filter((column) => before[column] !== after[column])
  if (changed.length === 0) return
  db.fixed(`update quotes set ${changed.map((column) => `${column} = ?`).join(', ')} where id = ?`, [
    ...changed.map((column) => after[column]),
    after.id,
  ])
}

/** What the log tells of a history entry; `client_id` stays here. */
export const historyColumns = [
  'quote',
  'version',
  'kind',
  'from_status',
  'to_status',
  'outcome',
  'reason',
  'note',
  'before',
  'after',
  'actor_id',
  'at',
  'stream',
  'seq',
] as const

export const quoteColumns = [
  'id',
  'quote_id',
  'revision',
  'version',
  'team_id',
  'owner_id',
  'customer_id',
  'title',
  'status',
  'outcome',
  'reason',
  'value_minor',
  'currency',
  'lines',
  'expires_on',
  'time_zone',
  'sent_at',
  'closed_at',
  'created_at',
  'updated_at',
] as const
