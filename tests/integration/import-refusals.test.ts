import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { ImportRefused } from '../../server/import/refused.ts'
import { dumpDatabase } from './support/database-dump.ts'
import { createImportBench, crmFiles, writeCrm } from './support/import-request.ts'

const header = crmFiles['sales_pipeline.csv'].split('\n')[0] ?? ''
const goodRow = 'B1,Anna Snelling,GTX Basic,Acme Corporation,Won,10/20/2016,3/1/2017,1054'
const pipeline = (...rows: string[]) => [header, ...rows, ''].join('\n')
const utf16 = (text: string, mark: boolean) => Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le')

/** What is wrong with sales_pipeline.csv, and what the person is told. */
const cases: Array<[what: string, content: string | Buffer, told: RegExp]> = [
  ['an empty file', '', /sales_pipeline\.csv is empty/],
  ['blank lines alone', '\n\n', /is empty/],
  ['a header alone', `${header}\n`, /has no rows/],
  ['a row cut off', pipeline(goodRow, 'B2,Anna Snelling,GTX Ba').trimEnd(), /line 3 .* has 3 of 8 columns.*cut off/],
  ['a quoted cell cut off', `${pipeline(goodRow)}B2,"Anna Sn`, /never closed: the file seems to be cut off/],
  ['a short row in the middle', pipeline('B2,Anna Snelling', goodRow), /line 2 .* has 2 of 8 columns/],
  ['a binary file', Buffer.from([...Buffer.from(header), 10, 65, 0, 1, 2, 255]), /binary \(a zero byte in line 2\)/],
  ['a workbook', Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(200, 7)]), /Excel workbook/],
  ['a gzip archive', gzipSync(pipeline(goodRow)), /gzip/],
  ['UTF-16 with a mark', utf16(pipeline(goodRow), true), /UTF-16 text: save it as "CSV UTF-8"/],
  ['UTF-16 without a mark', utf16(pipeline(goodRow), false), /UTF-16 text: save it as "CSV UTF-8"/],
  [
    'another 8-bit encoding',
    Buffer.from(pipeline(goodRow.replace('Anna', 'Ann\u00e4')), 'latin1'),
    /not UTF-8 text \(near line/,
  ],
  ['semicolons', pipeline(goodRow).replaceAll(',', ';'), /separated by semicolons/],
  [
    'quoted cells and semicolons',
    pipeline(goodRow).replaceAll(',', '";"').replaceAll(/^|$/gm, '"'),
    /separated by semicolons/,
  ],
  ['tabs', pipeline(goodRow).replaceAll(',', '\t'), /separated by tabs/],
  ['a line of a million columns', pipeline(','.repeat(1_000_000), goodRow), /line 2 .* more than 500 columns/],
  ['a cell of a megabyte', pipeline('x'.repeat(1_000_000), goodRow), /line 2 .* longer than 65536 bytes/],
  ['a quoted cell of many lines', pipeline(`"${'x\n'.repeat(100_000)}"`, goodRow), /longer than 65536/],
  [
    'a formula',
    pipeline(goodRow, goodRow.replace('B1', '=1+1').replace('GTX Basic', '@SUM(A1)')),
    /formula \(line 3\)/,
  ],
  ['a formula in a name', pipeline(goodRow.replace('Acme Corporation', '+Acme!A1')), /formula \(line 2\)/],
  ['a missing column', pipeline(goodRow).replace('deal_stage', 'stage'), /lacks the column deal_stage/],
  ['a column twice', pipeline(goodRow).replace('deal_stage', 'account'), /two columns named "account"/],
  ['a column without a name', pipeline(goodRow).replace('deal_stage', ''), /column 5 .* has no name/],
  ['one id with two contents', pipeline(goodRow, goodRow.replace('1054', '9')), /1 row cannot be kept/],
  ['a row without an id', pipeline(goodRow.replace('B1', '')), /1 row cannot be kept/],
  ['an unknown stage', pipeline(goodRow.replace('Won', 'Winning')), /1 row cannot be kept/],
  ['an unknown agent', pipeline(goodRow.replace('Anna', 'Anne')), /1 row cannot be kept/],
  ['a date that does not exist', pipeline(goodRow.replace('3/1/2017', '2/30/2017')), /1 row cannot be kept/],
  ['day and month swapped', pipeline(goodRow.replace('3/1/2017', '25/3/2017')), /1 row cannot be kept/],
  ['an amount with a fraction of a cent', pipeline(goodRow.replace('1054', '10.545')), /1 row cannot be kept/],
  ['a name longer than a name', pipeline(goodRow.replace('Acme Corporation', 'A'.repeat(201))), /1 row cannot be kept/],
]

describe('a refusal leaves the database as it was', () => {
  const bench = createImportBench()
  let before: Record<string, unknown[]>
  beforeAll(async () => {
    await bench.run({ files: writeCrm(bench), preset: 'crm-opportunities' })
    before = dumpDatabase(bench.database)
  })

  test.each(cases)('%s is refused with the reason', async (_what, content, told) => {
    const files = [...writeCrm(bench).slice(0, 3), bench.file('sales_pipeline.csv', content)]
    await expect(bench.run({ files, preset: 'crm-opportunities' })).rejects.toThrow(told)
    expect(dumpDatabase(bench.database)).toEqual(before)
  })

  test('a refused row is told with file, line, column and reason, and stands in the report', async () => {
    const content = pipeline(goodRow, goodRow.replace('B1', 'B2').replace('3/1/2017', '2/30/2017'))
    const files = writeCrm(bench, { 'sales_pipeline.csv': content })
    const refusal = await bench.run({ files, preset: 'crm-opportunities' }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ImportRefused)
    expect(refusal).toMatchObject({
      rows: [
        {
          file: 'sales_pipeline.csv',
          line: 3,
          column: 'close_date',
          message: '"2/30/2017" is not a date of the form M/D/YYYY',
        },
      ],
    })
    expect(dumpDatabase(bench.database)).toEqual(before)
  })

  test.each([
    ['a file that is not there', ['nowhere.csv'], 'crm-opportunities', /there is no file nowhere\.csv/],
    ['a folder', ['.'], 'crm-opportunities', /is a folder/],
  ])('%s is refused', async (_what, files, preset, told) => {
    await expect(bench.run({ files, preset })).rejects.toThrow(told)
  })

  test('a table that is missing, or there twice, or unknown is named', async () => {
    const [accounts = '', products = '', teams = '', sales = ''] = writeCrm(bench)
    const preset = 'crm-opportunities'
    await expect(bench.run({ files: [accounts, products, sales], preset })).rejects.toThrow(
      /table sales_teams is missing/,
    )
    await expect(bench.run({ files: [accounts, accounts], preset })).rejects.toThrow(/both hold the table accounts/)
    const other = bench.file('other.csv', 'a,b\n1,2\n')
    await expect(bench.run({ files: [other, products, teams, sales], preset })).rejects.toThrow(/none of the tables/)
    await expect(bench.run({ files: [other], preset: 'nonsense' })).rejects.toThrow(/expected crm-opportunities/)
    expect(dumpDatabase(bench.database)).toEqual(before)
  })

  test('where there was no database, there is none afterwards', async () => {
    const fresh = createImportBench()
    const files = writeCrm(fresh, { 'sales_pipeline.csv': pipeline(goodRow.replace('Won', 'Winning')) })
    await expect(fresh.run({ files, preset: 'crm-opportunities' })).rejects.toThrow(ImportRefused)
    expect(fresh.exists()).toBe(false)
  })
})

test('a row that stands twice with the same content is taken once and reported', async () => {
  const bench = createImportBench()
  const files = writeCrm(bench, { 'sales_pipeline.csv': pipeline(goodRow, goodRow) })
  expect(await bench.run({ files, preset: 'crm-opportunities' })).toMatchObject({ quotes: 1, refused: 0 })
})

test('a last line without a line end is taken, and flagged because it may have been cut off', async () => {
  const bench = createImportBench()
  const files = writeCrm(bench, { 'sales_pipeline.csv': pipeline(goodRow).trimEnd() })
  expect(await bench.run({ files, preset: 'crm-opportunities' })).toMatchObject({ quotes: 1, flagged: 1 })
})
