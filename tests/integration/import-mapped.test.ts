import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ImportRefused } from '../../server/import/refused.ts'
import { dumpDatabase } from './support/database-dump.ts'
import { createImportBench } from './support/import-request.ts'

const salesforce = [
  'Opportunity ID,Opportunity Name,Account Name,Stage,Amount,Amount Currency,Close Date,Created Date,Opportunity Owner',
  '006A,Two presses,Müller GmbH,Negotiation/Review,"12,500.50",EUR,4/30/2026,3/2/2026,Jane Roe',
  '006B,Spare parts,Acme Corp,Closed Won,980000,JPY,2/14/2026,1/9/2026,Jane Roe',
  '006C,"Line 7, refit",Acme Corp,Prospecting,,EUR,6/30/2026,,Sam Lee',
  '',
].join('\n')

test('Salesforce-style columns are recognised; money keeps its currency; a second run changes nothing', async () => {
  const bench = createImportBench()
  const files = [bench.file('opportunities.csv', salesforce)]
  const summary = await bench.run({ files })
  expect(summary).toMatchObject({
    quotes: 3,
    customers: 2,
    people: 2,
    teams: 1,
    by_status: { draft: 1, negotiation: 1, closed: 1 },
    by_outcome: { won: 1 },
    won_value: { JPY: 980_000 },
    read_as: 'map salesforce.json',
  })
  const dump = dumpDatabase(bench.database)
  expect(dump['quotes']).toMatchObject(
    expect.arrayContaining([
      expect.objectContaining({
        quote_id: 1,
        title: 'Two presses',
        status: 'negotiation',
        value_minor: 1_250_050,
        currency: 'EUR',
        created_at: '2026-03-02T05:00:00.000Z',
        // An open opportunity's close date is a forecast, neither an end nor a valid-until date.
        closed_at: null,
        expires_on: null,
      }),
      expect.objectContaining({ quote_id: 2, outcome: 'won', closed_at: '2026-02-14T05:00:00.000Z' }),
    ]),
  )
  expect(await bench.run({ files })).toMatchObject({ applied: { events: 0, quotes: { added: 0, already_here: 3 } } })
  expect(dumpDatabase(bench.database)).toEqual(dump)
})

const ownMap = {
  source: 'ledger',
  columns: {
    ref: 'Nr',
    customer: 'Kunde',
    owner: 'Verkäufer',
    team: 'Team',
    status: 'Stand',
    value: 'Wert',
    product: 'Artikel',
    expires_on: 'Gültig bis',
  },
  statuses: { offen: { status: 'sent' }, gewonnen: { status: 'closed', outcome: 'won' } },
  date_format: 'D.M.YYYY',
  grouping: "'",
  defaults: { currency: 'CHF' },
}
const ledger =
  "Nr,Kunde,Verkäufer,Team,Stand,Wert,Artikel,Gültig bis\n1,Acme Corp,Eva,Nord,offen,45'000.00,Presse,3.4.2026\n"

test('a map of one’s own says which column is what, and a complete row is not flagged', async () => {
  const bench = createImportBench()
  const map = bench.file('map.json', JSON.stringify(ownMap))
  const summary = await bench.run({ files: [bench.file('ledger.csv', ledger)], map })
  expect(summary).toMatchObject({ quotes: 1, flagged: 0, read_as: `map ${map}` })
  expect(dumpDatabase(bench.database)['quotes']).toMatchObject([
    { value_minor: 4_500_000, currency: 'CHF', expires_on: '2026-04-03', status: 'sent' },
  ])
})

test('customers, teams and people of the same name are found again, across sources, and keep their roles', async () => {
  const bench = createImportBench()
  await bench.run({ files: [bench.file('opportunities.csv', salesforce)] })
  const map = bench.file('map.json', JSON.stringify(ownMap))
  const renamed = ledger.replace('Eva', 'Jane Roe').replace('Nord', 'Sales')
  const summary = await bench.run({ files: [bench.file('ledger.csv', renamed)], map })
  expect(summary.applied).toMatchObject({
    customers: { added: 0, already_here: 1 },
    people: { added: 0, already_here: 1 },
    teams: { added: 0, already_here: 1 },
    events: 1,
  })
})

test.each([
  ['a status that the map does not know', ledger.replace('offen', 'schwebend'), ownMap, /1 row cannot be kept/],
  ['an unknown currency', ledger, { ...ownMap, columns: { ...ownMap.columns, currency: 'Artikel' } }, /1 row cannot/],
  ['a column that the file lacks', ledger.replace('Stand', 'Status'), ownMap, /lacks the column Stand \(status\)/],
  ['nobody to own the quotes', ledger, { ...ownMap, columns: { ...ownMap.columns, owner: undefined } }, /the owner/],
  ['no column for the id', ledger, { ...ownMap, columns: { ...ownMap.columns, ref: undefined } }, /no column for ref/],
  ['a map with a typo', ledger, { ...ownMap, date_format: 'DD.MM.YY' }, /not a column map/],
  ['a closed status without outcome', ledger, { ...ownMap, statuses: { offen: { status: 'closed' } } }, /outcome/],
])('%s is refused and nothing is written', async (_what, content, map, told) => {
  const bench = createImportBench()
  const files = [bench.file('ledger.csv', content)]
  await expect(bench.run({ files, map: bench.file('map.json', JSON.stringify(map)) })).rejects.toThrow(told)
  expect(bench.exists()).toBe(false)
})

test('unknown columns without a map are refused, with what to do', async () => {
  const bench = createImportBench()
  const files = [bench.file('ledger.csv', ledger)]
  await expect(bench.run({ files })).rejects.toThrow(/--map FILE/)
  await expect(bench.run({ files: [...files, ...files] })).rejects.toThrow(/exactly one file/)
  await expect(bench.run({ files, map: bench.file('map.json', '{') })).rejects.toThrow(ImportRefused)
})

test('text that a spreadsheet would run is made harmless in the report too', async () => {
  const bench = createImportBench()
  const map = bench.file('map.json', JSON.stringify(ownMap))
  const report = `${bench.dataDir}/rows.csv`
  await bench.run({ files: [bench.file('-ledger.csv', ledger.replace('Presse', ''))], map, report })
  expect(readFileSync(report, 'utf8')).toBe(
    "file,line,action,column,message\n'-ledger.csv,2,flagged,,incomplete: it lacks lines\n",
  )
})
