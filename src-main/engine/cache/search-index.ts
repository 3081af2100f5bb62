import { quoteLabel } from '../../../domain/ids.ts'
import { type Line } from '../../../domain/quote.ts'
import type { WritableDb } from './sql.ts'

interface Searchable {
  quote_id: number | null
  revision: number
  title: string
  customer_name: string | null
  owner_name: string | null
  lines: readonly Pick<Line, 'product'>[]
}

/** Everything a search may find a quote by. The number stands alone too, so that "1042" finds Q-1042. */
export function searchText(quote: Searchable): string {
  const products = new Set(quote.lines.map((line) => line.product))
  return [quoteLabel(quote), quote.title, quote.customer_name ?? '', quote.owner_name ?? '', ...products].join(' ')
}

export function addToSearch(db: WritableDb, row: number, text: string): void {
  db.run('INSERT INTO search (rowid, words) VALUES (?, ?)', row, text)
}

export function removeFromSearch(db: WritableDb, row: number): void {
  db.run('DELETE FROM search WHERE rowid = ?', row)
}

/**
 * What a person typed as an FTS5 expression: every word must start some word. Null when nothing searchable was typed.
 * Words are cut as the tokenizer cuts them, and quoted, so no input is syntax.
 */
export function matchExpression(typed: string): string | null {
  const words = typed.split(/[^\p{L}\p{N}\p{M}\p{Co}]+/u).filter((word) => word !== '')
  return words.length === 0 ? null : words.map((word) => `"${word}"*`).join(' AND ')
}
