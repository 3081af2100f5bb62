import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import { type QuoteFilter, type QuoteSort, quoteFilterSchema } from '../../domain/rpc/quotes.ts'
import { readSums } from '../../src-main/engine/cache/figures.ts'
import { createQuotePages } from '../../src-main/engine/cache/quote-pages.ts'
import { fillCache } from './support/filled-cache.ts'
import type { Measure } from './support/machine.ts'
import { median, quantile, round } from './support/statistics.ts'

/**
 * What a view asks, at 100,000 quotes, against hand-written SQL on the same file that gives the same answer: one page of 100
 * and how many match in all. Ours is measured cold (first time since a quote changed) and warm (while scrolling).
 */
const count = 100_000
const page = 100
const runs = 30

interface Question {
  name: string
  filter: Partial<QuoteFilter>
  sort: QuoteSort
  offset: number
  /** The limit: SQL for the page and for the total. */
  where: string
  values: Array<string | number>
  orderBy: string
}

const questions: Question[] = [
  {
    name: 'list',
    filter: {},
    sort: { column: 'updated', direction: 'desc' },
    offset: 0,
    where: '1',
    values: [],
    orderBy: 'updated_at DESC',
  },
  {
    name: 'deep_list',
    filter: {},
    sort: { column: 'updated', direction: 'desc' },
    offset: 90_000,
    where: '1',
    values: [],
    orderBy: 'updated_at DESC',
  },
  {
    name: 'sort_by_customer',
    filter: {},
    sort: { column: 'customer', direction: 'asc' },
    offset: 0,
    where: '1',
    values: [],
    orderBy: 'customer_name COLLATE NOCASE',
  },
  {
    name: 'filter',
    filter: { statuses: ['sent'] },
    sort: { column: 'updated', direction: 'desc' },
    offset: 0,
    where: "status = 'sent'",
    values: [],
    orderBy: 'updated_at DESC',
  },
  {
    name: 'filter_value_by_customer',
    filter: { currencies: ['EUR'], value_min_minor: 5_000_000 },
    sort: { column: 'customer', direction: 'asc' },
    offset: 0,
    where: "currency = 'EUR' AND value_minor >= 5000000",
    values: [],
    orderBy: 'customer_name COLLATE NOCASE',
  },
  {
    name: 'search',
    filter: { text: 'nordw exp' },
    sort: { column: 'updated', direction: 'desc' },
    offset: 0,
    where: 'row IN (SELECT rowid FROM search WHERE search MATCH ?)',
    values: ['"nordw"* AND "exp"*'],
    orderBy: 'updated_at DESC',
  },
  {
    name: 'search_one_letter',
    filter: { text: 'a' },
    sort: { column: 'updated', direction: 'desc' },
    offset: 0,
    where: 'row IN (SELECT rowid FROM search WHERE search MATCH ?)',
    values: ['"a"*'],
    orderBy: 'updated_at DESC',
  },
]

function timeMs(work: () => void): number {
  const startMs = performance.now()
  work()
  return performance.now() - startMs
}

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-query-'))
  try {
    const file = path.join(folder, 'cache.db')
    progress(`filling a cache with ${count} quotes`)
    const { cache } = fillCache(file, count)
    const raw = new Database(file, { readonly: true })
    raw.pragma('cache_size = -65536')
    const ours: Record<string, unknown> = { quotes: count }
    const baseline: Record<string, unknown> = { quotes: count }
    const ratio: Record<string, number> = {}
    const slowest: number[] = []

    for (const question of questions) {
      const { name, sort, offset, where, values, orderBy } = question
      const filter = quoteFilterSchema.parse(question.filter)
      const ask = (pages: ReturnType<typeof createQuotePages>) => pages.page({ filter, sort, offset, limit: page }, 0)
      const cold: number[] = []
      const warm: number[] = []
      let total = -1
      for (let run = 0; run < runs; run += 1) {
        const pages = createQuotePages(cache)
        cold.push(timeMs(() => (total = ask(pages).total)))
        warm.push(timeMs(() => ask(pages)))
      }
      const pageSql = raw.prepare(
        `SELECT * FROM quotes WHERE ${where} ORDER BY ${orderBy} LIMIT ${page} OFFSET ${offset}`,
      )
      const countSql = raw.prepare(`SELECT count(*) FROM quotes WHERE ${where}`).pluck()
      const limit: number[] = []
      for (let run = 0; run < runs; run += 1) {
        limit.push(
          timeMs(() => {
            pageSql.all(...values)
            const expected = countSql.get(...values)
            if (expected !== total) throw new Error(`${name}: ours finds ${total}, SQL finds ${String(expected)}`)
          }),
        )
      }
      ours[name] = {
        cold_ms: round(median(cold)),
        cold_p99_ms: round(quantile(cold, 0.99)),
        warm_ms: round(median(warm)),
        matches: total,
      }
      baseline[name] = { ms: round(median(limit)) }
      ratio[name] = round(median(cold) / median(limit))
      ratio[`${name}_warm`] = round(median(warm) / median(limit))
      slowest.push(quantile(cold, 0.99))
      progress(
        `${name}: cold ${median(cold).toFixed(2)} ms, warm ${median(warm).toFixed(2)} ms, SQL ${median(limit).toFixed(2)} ms`,
      )
    }

    const sums = Array.from({ length: runs }, () => timeMs(() => readSums(cache.read)))
    const sumSql = raw.prepare(
      'SELECT status, currency, count(*), sum(value_minor) FROM quotes GROUP BY status, currency',
    )
    const rawSums = Array.from({ length: runs }, () => timeMs(() => sumSql.all()))
    ours['sums'] = { cold_ms: round(median(sums)) }
    baseline['sums'] = { ms: round(median(rawSums)) }
    ratio['sums'] = round(median(sums) / median(rawSums))
    ratio['time'] = round(
      Math.exp(questions.reduce((sum, { name }) => sum + Math.log(ratio[name] ?? 1), 0) / questions.length),
    )
    ours['slowest_cold_p99_ms'] = round(Math.max(...slowest))
    raw.close()
    cache.close()
    return { ours, baseline, ratio }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
