import { parseMajor } from '../../../domain/money.ts'
import { type CsvTable, cell } from '../csv/read-csv.ts'
import type { ImportReport } from '../report.ts'
import { uniqueRows } from '../unique-rows.ts'

export interface ListedProduct {
  name: string
  price_minor: number
}

export interface PriceList {
  find(name: string): ListedProduct | null
}

/** `GTXPro` and `GTX Pro` are one product: spaces and capitals do not tell products apart. */
const key = (name: string) => name.replaceAll(/\s/g, '').toLowerCase()

export function readPriceList(products: CsvTable, currency: string, report: ImportReport): PriceList {
  const byKey = new Map<string, ListedProduct>()
  for (const row of uniqueRows(products, (candidate) => cell(candidate, 'product'), report)) {
    const at = { file: products.file, line: row.line }
    const name = cell(row, 'product')
    const price = parseMajor(cell(row, 'sales_price'), currency)
    if (!price.ok) report.add('refused', at, 'sales_price', price.problem)
    else if (byKey.has(key(name))) report.add('refused', at, 'product', `"${name}" is on the price list twice`)
    else byKey.set(key(name), { name, price_minor: price.money.minor })
  }
  return { find: (name) => byKey.get(key(name)) ?? null }
}
