import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createImportBench, crmFiles, writeCrm } from './support/import-request.ts'

const main = path.resolve(import.meta.dirname, '../../server/cli/main.ts')

function quotedesk(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
}

test('import prints its figures as one JSON object and its progress elsewhere', () => {
  const bench = createImportBench()
  const run = quotedesk(
    'import',
    ...writeCrm(bench),
    '--preset',
    'crm-opportunities',
    '--data',
    bench.dataDir,
    '--json',
  )
  expect(run.status).toBe(0)
  const summary: { report: string } = JSON.parse(run.stdout)
  expect(summary).toMatchObject({
    quotes: 5,
    customers: 2,
    by_status: { draft: 1, negotiation: 2, closed: 2 },
    by_outcome: { won: 1, lost: 1 },
    won_value: { USD: 105_400 },
    refused: 0,
    time_zone: 'UTC',
    currency: 'USD',
  })
  expect(run.stderr).toContain('importing quotes: 5 of 5')
  expect(readFileSync(summary.report, 'utf8')).toContain('sales_pipeline.csv,4,flagged,,')
})

test('for people it says what was assumed, what was counted and where the report is', () => {
  const bench = createImportBench()
  const run = quotedesk('import', ...writeCrm(bench), '--preset', 'crm-opportunities', '--data', bench.dataDir)
  expect(run.status).toBe(0)
  expect(run.stdout).toContain('new workspace "Workspace"')
  expect(run.stdout).toContain('Dates count in UTC, amounts without a currency are USD')
  expect(run.stdout).toMatch(/4 rows mended, 3 rows flagged, 0 rows refused: .*import-report-/)
  expect(run.stdout).toContain('cannot sign in')
})

test('a refusal exits with 1, names lines, and makes no database', () => {
  const bench = createImportBench()
  const bad = crmFiles['sales_pipeline.csv'].replace('3/1/2017', '2/30/2017')
  const args = ['--preset', 'crm-opportunities', '--data', bench.dataDir]
  const run = quotedesk('import', ...writeCrm(bench, { 'sales_pipeline.csv': bad }), ...args)
  expect(run.status).toBe(1)
  expect(run.stderr).toContain('Nothing was imported: 1 row cannot be kept')
  expect(run.stderr).toContain('sales_pipeline.csv line 2: close_date: "2/30/2017"')
  const json = quotedesk('import', path.join(bench.dataDir, 'none.csv'), ...args, '--json')
  expect(json.status).toBe(1)
  expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'import_refused', rows: [] } })
  expect(existsSync(bench.database)).toBe(false)
})

test.each([
  [['--valid-days', 'soon'], /number of days/],
  [['--currency', 'usd'], /ISO 4217/],
  [['--time-zone', '+02:00'], /IANA/],
  [['--preset', 'crm-opportunities', '--map', 'map.json'], /cannot be used with/],
])('the options %j are refused with what was expected', (options, told) => {
  const run = quotedesk('import', 'file.csv', ...options, '--data', createImportBench().dataDir)
  expect(run.status).toBe(1)
  expect(run.stderr).toMatch(told)
})

test('an imported person is let in by name, once', () => {
  const bench = createImportBench()
  const data = ['--data', bench.dataDir]
  quotedesk('import', ...writeCrm(bench), '--preset', 'crm-opportunities', ...data)
  const admit = (...who: string[]) => quotedesk('user', 'admit', ...who, ...data, '--json')
  const admitted = admit('Anna Snelling', 'anna@company.example')
  expect(admitted.status).toBe(0)
  expect(JSON.parse(admitted.stdout)).toMatchObject({
    person: { name: 'Anna Snelling', memberships: [{ role: 'rep' }] },
    email: 'anna@company.example',
    password: expect.stringMatching(/^[\w-]{16}$/),
  })
  expect(admit('Anna Snelling', 'other@company.example').stderr).toContain('signs in as anna@company.example already')
  expect(admit('Carl Lin', 'anna@company.example').stderr).toContain('somebody has the e-mail address')
  expect(admit('Nobody', 'n@company.example').stderr).toContain('nobody is called Nobody')
})
