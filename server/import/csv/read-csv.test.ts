import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findFormulas } from './formulas.ts'
import { cell, readCsv } from './read-csv.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-csv-'))

function read(content: string) {
  const file = path.join(folder, 'table.csv')
  writeFileSync(file, content)
  return readCsv(file)
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const readBack = async (rows: readonly (readonly string[])[]) => {
  const columns = ['a', 'b', 'c']
  const table = await read([columns, ...rows].map((row) => `${row.map(quoted).join(',')}\r\n`).join(''))
  return table.rows.map((row) => columns.map((column) => cell(row, column)))
}

describe('reading', () => {
  test('every text survives quoting, but for the white space around it', async () => {
    // A cell that begins like a formula is refused, and that is another test.
    const text = fc.string({ unit: 'grapheme', maxLength: 30 }).map((value) => `x${value.replaceAll('\u0000', '')}`)
    const rows = fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(rows, async (given) => {
        expect(await readBack(given)).toEqual(given.map((row) => row.map((value) => value.trim())))
      }),
      { numRuns: 60 },
    )
  })

  test('line numbers are those of the file, over blank lines and cells of several lines', async () => {
    const table = await read('\uFEFFid,note\n1,a\n\n2,"b\nc"\n3,d\n')
    expect(table.columns).toEqual(['id', 'note'])
    expect(table.rows.map((row) => [row.line, cell(row, 'id')])).toEqual([
      [2, '1'],
      [5, '2'],
      [6, '3'],
    ])
  })

  test('characters over the edge of two portions are not broken', async () => {
    const long = Array.from({ length: 20_000 }, (_, index) => `${index},${'é€😀'.repeat(3)}`)
    const table = await read(`id,text\n${long.join('\n')}\n`)
    expect(table.rows).toHaveLength(20_000)
    expect(new Set(table.rows.map((row) => cell(row, 'text')))).toEqual(new Set(['é€😀'.repeat(3)]))
  })

  test('a last line without its end is noticed', async () => {
    expect((await read('a\n1\n')).endsWithoutNewline).toBe(false)
    expect((await read('a\n1')).endsWithoutNewline).toBe(true)
  })
})

const found = (value: string) => findFormulas('f.csv', ['a'], [{ line: 7, values: [value] }])

describe('cells that a spreadsheet would run', () => {
  test.each(['=1+1', '+SUM(A1)', '-cmd|calc', '@import', '=', '+a', '-2+3+cmd'])(
    '%s is found with its line',
    (value) => {
      expect(found(value)).toMatchObject([{ file: 'f.csv', line: 7, column: 'a' }])
    },
  )

  test.each(['-5', '+1.5', '-1,234.50', '+49 30 1234', '+1 (555) 010-0199', '-', 'a=b', '1-2', '-5%', ''])(
    '%j is none',
    (value) => {
      expect(found(value)).toEqual([])
    },
  )
})
