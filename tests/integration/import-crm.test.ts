import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import { toInstantText } from '../../domain/time.ts'
import { streamEventSchema } from '../../domain/wire/stream-event.ts'
import type { ImportSummary } from '../../server/import/summary.ts'
import { chainChecksum } from '../../server/store/tx.ts'
import { verifyDatabase } from '../../server/store/verify.ts'
import { readState } from '../../server/sync/read-state.ts'
import { dumpDatabase } from './support/database-dump.ts'
import { createImportBench, importedAtMs, writeCrm } from './support/import-request.ts'

const crm = path.resolve(import.meta.dirname, '../../../shared/data/crm')
const crmFilePaths = ['accounts', 'products', 'sales_pipeline', 'sales_teams'].map((name) =>
  path.join(crm, `${name}.csv`),
)
const isThere = crmFilePaths.every((file) => existsSync(file))
if (!isThere) console.warn(`NOT RUN: import of the real CRM export (${crm} is not there)`)

interface Row {
  [column: string]: unknown
}

const rowsOf = (dump: Record<string, unknown[]>, table: string) => (dump[table] ?? []) as Row[]

function byVersion(a: HistoryEntry, b: HistoryEntry): number {
  return a.quote < b.quote ? -1 : a.quote > b.quote ? 1 : a.version - b.version
}

describe.skipIf(!isThere)(`${isThere ? '' : 'NOT RUN, no ../shared/data/crm: '}the real CRM export`, () => {
  const bench = createImportBench()
  let summary: ImportSummary
  let dump: Record<string, unknown[]>
  beforeAll(async () => {
    summary = await bench.run({ files: crmFilePaths, preset: 'crm-opportunities' })
    dump = dumpDatabase(bench.database)
  })

  test('comes in whole, with the figures that an independent count of the files gives', () => {
    expect(summary).toMatchObject({ quotes: 8800, customers: 85, people: 41, teams: 3, refused: 0 })
    expect(summary.by_status).toEqual({ draft: 500, negotiation: 1589, closed: 6711 })
    expect(summary.by_outcome).toEqual({ won: 4238, lost: 2473 })
    expect(summary.won_value).toEqual({ USD: 1_000_553_400 })
    // 1,480 × GTXPro, 12 × technolgy, 1 × Philipines; without valid-until dates no open quote is complete.
    expect(summary.mended).toBe(1493)
    expect(summary.flagged).toBe(2089)
    expect(rowsOf(dump, 'quotes')).toHaveLength(8800)
    const wonMinor = rowsOf(dump, 'quotes').filter((row) => row['outcome'] === 'won')
    expect(wonMinor.reduce((sum, row) => sum + Number(row['value_minor']), 0)).toBe(1_000_553_400)
  })

  test('a second run changes nothing: no row, no event, no head', async () => {
    const again = await bench.run({ files: crmFilePaths, preset: 'crm-opportunities' })
    expect(again.applied).toMatchObject({ events: 0, quotes: { added: 0, already_here: 8800, differing: 0 } })
    expect(again).toMatchObject({ quotes: 8800, customers: 85, won_value: { USD: 1_000_553_400 } })
    expect(dumpDatabase(bench.database)).toEqual(dump)
  })

  test('I2: every row has its event, seqs are dense, checksums chain, and the log folds to the rows', () => {
    const events = rowsOf(dump, 'events')
    const quotes = new Map<string, Quote>()
    const history: HistoryEntry[] = []
    const heads = new Map<string, { head: number; checksum: string }>()
    for (const row of events) {
      const body = String(row['body'])
      const { place, change } = streamEventSchema.parse(JSON.parse(body))
      const before = heads.get(place.stream) ?? { head: 0, checksum: '' }
      expect(place.seq).toBe(before.head + 1)
      heads.set(place.stream, { head: place.seq, checksum: chainChecksum(before.checksum, body) })
      if (change.type !== 'quote.added') continue
      quotes.set(change.data.quote.id, change.data.quote)
      history.push(...change.data.history)
    }
    expect(rowsOf(dump, 'streams')).toEqual(
      [...heads]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([stream, state]) => ({
          stream,
          floor: 0,
          compacted: 0,
          compacted_checksum: '',
          ...state,
        })),
    )
    const stored = rowsOf(dump, 'quotes').map((row) => ({ ...row, lines: JSON.parse(String(row['lines'])) }))
    expect(stored).toEqual([...quotes.values()].sort((a, b) => (a.id < b.id ? -1 : 1)))
    expect(rowsOf(dump, 'history')).toEqual(history.sort(byVersion).map((entry) => ({ ...entry, client_id: null })))
  })

  test('rows and log agree, as `quotedesk verify` judges', async () => {
    expect(await verifyDatabase(bench.database, readState)).toMatchObject({ ok: true, problems: [] })
  })

  test('managers manage their office, agents are its reps, and nobody imported can sign in', () => {
    const roles = new Map<unknown, number>()
    for (const { role } of rowsOf(dump, 'memberships')) roles.set(role, (roles.get(role) ?? 0) + 1)
    expect(Object.fromEntries(roles)).toEqual({ rep: 35, manager: 6 })
    expect(rowsOf(dump, 'credentials')).toEqual([])
    expect(new Set(rowsOf(dump, 'teams').map((team) => team['name']))).toEqual(new Set(['Central', 'East', 'West']))
  })

  test('the report names each mended and flagged row with its line in the file', () => {
    const report = readFileSync(summary.report, 'utf8').trimEnd().split('\n')
    expect(report).toHaveLength(1 + 1493 + 2089)
    const pipeline = readFileSync(path.join(crm, 'sales_pipeline.csv'), 'utf8').split('\n')
    for (const line of report.filter((text) => text.includes('GTXPro'))) {
      const [file, number] = line.split(',')
      expect(file).toBe('sales_pipeline.csv')
      expect(pipeline[Number(number) - 1]).toContain('GTXPro')
    }
  })

  test('--valid-days sets the date from the engage date and completes the open quotes that have a customer', async () => {
    const other = createImportBench()
    const dated = await other.run({ files: crmFilePaths, preset: 'crm-opportunities', validDays: 30 })
    // 500 without dates, 1,088 in negotiation without a customer.
    expect(dated.flagged).toBe(1588)
    const quotes = rowsOf(dumpDatabase(other.database), 'quotes')
    expect(quotes.filter((row) => row['expires_on'] === null)).toHaveLength(500)
    const first = quotes.find((row) => row['quote_id'] === 1)
    expect(first).toMatchObject({ expires_on: '2016-11-19', created_at: '2016-10-20T04:00:00.000Z' })
  })
})

describe('the preset crm-opportunities', () => {
  test('keeps rows as they are, never with invented values', async () => {
    const bench = createImportBench()
    await bench.run({ files: writeCrm(bench), preset: 'crm-opportunities' })
    const quotes = rowsOf(dumpDatabase(bench.database), 'quotes')
    const byNumber = new Map(
      quotes.map((row) => [row['quote_id'], { ...row, lines: JSON.parse(String(row['lines'])) }]),
    )
    expect(byNumber.get(1)).toMatchObject({
      status: 'closed',
      outcome: 'won',
      value_minor: 105_400,
      lines: [{ product: 'GTX Basic', description: '', quantity: 1, unit_price_minor: 105_400 }],
      closed_at: '2017-03-01T05:00:00.000Z',
      version: 2,
    })
    expect(byNumber.get(2)).toMatchObject({ outcome: 'lost', value_minor: 482_100, title: 'GTX Pro' })
    expect(byNumber.get(3)).toMatchObject({
      status: 'negotiation',
      customer_id: null,
      expires_on: null,
      closed_at: null,
    })
    const draft = byNumber.get(4)
    expect(draft).toMatchObject({ status: 'draft', expires_on: null, sent_at: null, version: 1 })
    expect(draft).toMatchObject({ created_at: toInstantText(importedAtMs) })
  })

  test('a later export that says otherwise changes nothing here, and is told row by row', async () => {
    const bench = createImportBench()
    await bench.run({ files: writeCrm(bench), preset: 'crm-opportunities' })
    const before = dumpDatabase(bench.database)
    const later = readFileSync(path.join(bench.dataDir, 'sales_pipeline.csv'), 'utf8').replace(
      'A5,Anna Snelling,GTX Pro,Acme Corporation,Engaging,12/24/2016,,',
      'A5,Anna Snelling,GTX Pro,Acme Corporation,Won,12/24/2016,1/2/2017,4800',
    )
    const again = await bench.run({
      files: writeCrm(bench, { 'sales_pipeline.csv': later }),
      preset: 'crm-opportunities',
    })
    expect(again.applied).toMatchObject({ quotes: { added: 0, already_here: 5, differing: 1 }, events: 0 })
    expect(dumpDatabase(bench.database)).toEqual(before)
    expect(readFileSync(again.report, 'utf8')).toContain(
      'sales_pipeline.csv,6,kept,status,"Q-5 stays as it is here: status negotiation (file: closed), outcome none (file: won), ' +
        'value_minor 482100 (file: 480000)"',
    )
  })

  test('what exists is not overwritten, and new rows of a later export are added', async () => {
    const bench = createImportBench()
    await bench.run({ files: writeCrm(bench), preset: 'crm-opportunities' })
    const before = dumpDatabase(bench.database)
    const grown = `${readFileSync(path.join(bench.dataDir, 'sales_pipeline.csv'), 'utf8')}A6,Carl Lin,GTX Pro,Betatech,Won,1/2/2017,1/9/2017,4800\n`
    const again = await bench.run({
      files: writeCrm(bench, { 'sales_pipeline.csv': grown }),
      preset: 'crm-opportunities',
    })
    expect(again.applied).toMatchObject({ quotes: { added: 1, already_here: 5 }, customers: { added: 0 }, events: 1 })
    expect(rowsOf(dumpDatabase(bench.database), 'quotes')).toEqual(expect.arrayContaining(rowsOf(before, 'quotes')))
  })
})
