import { CompiledQuery, type Kysely } from 'kysely'
import type { Line, Quote } from '../../domain/quote.ts'
import type { QuoteRow, Tables } from './tables.ts'

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

type ColumnsOf<Table extends keyof Tables> = readonly (keyof Tables[Table] & string)[]

/**
 * Writers with fixed SQL: an import writes tens of thousands of rows, and building each query anew would cost more than
 * running it. `key` makes it an upsert.
 */
export function rowWriter<Table extends keyof Tables>(
  table: Table,
  columns: ColumnsOf<Table>,
  key: ColumnsOf<Table> = [],
): (db: Kysely<Tables>, row: Tables[Table]) => Promise<void> {
  const rest = columns.filter((column) => !key.includes(column))
  const onConflict =
    key.length === 0
      ? ''
      : ` on conflict (${key.join(', ')}) do update set ${rest.map((column) => `${column} = excluded.${column}`).join(', ')}`
  const text = `insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})${onConflict}`
  return async (db, row) => {
    await db.executeQuery(
      CompiledQuery.raw(
        text,
        columns.map((column) => row[column]),
      ),
    )
  }
}

export const historyColumns = [
  'quote',
  'version',
  'kind',
  'from_status',
  'to_status',
  'outcome',
  'reason',
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
