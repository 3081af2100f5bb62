import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../project-root.ts'
import { mergeLines } from './coverage.ts'
import { readRawCoverage } from './raw-coverage.ts'

const vitestFile = (lines: Record<number, number>) => ({
  statementMap: Object.fromEntries(Object.keys(lines).map((line) => [line, { start: { line: Number(line) } }])),
  s: lines,
})

const ranges = (startOffset: number, endOffset: number, count: number) => ({
  ranges: [{ startOffset, endOffset, count }],
})

describe('merged line coverage', () => {
  it('counts a line that ran anywhere, once', () => {
    const vitest = { [join(projectRoot, 'domain/a.ts')]: vitestFile({ 1: 3, 2: 0, 3: 0 }) }
    const merged = mergeLines(vitest, new Map([['domain/a.ts', new Set([1, 2, 99])]]))
    expect(merged).toEqual([{ file: 'domain/a.ts', lines: 3, covered: 2 }])
  })
})

describe('raw coverage', () => {
  let folder: string
  beforeEach(async () => {
    await mkdir(join(projectRoot, 'coverage'), { recursive: true })
    folder = await mkdtemp(join(projectRoot, 'coverage', 'raw-test-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const code = 'export function ran() {\n  return 1\n}\nexport function never() {\n  return 2\n}\n'
  const neverStart = code.indexOf('function never')
  const write = async (file: string) => {
    const functions = [ranges(0, code.length, 1), ranges(7, 34, 1), ranges(neverStart, code.length - 1, 0)]
    await writeFile(
      join(folder, 'coverage-1.json'),
      JSON.stringify({ result: [{ url: pathToFileURL(file).href, functions }] }),
    )
  }

  it('of a source run as it is names the lines that ran, not those of functions never called', async () => {
    const file = join(folder, 'source.ts')
    await writeFile(file, code)
    await write(file)
    const lines = await readRawCoverage(folder)
    const [[name, ran] = ['', new Set()]] = lines
    expect(name).toMatch(/source\.ts$/)
    expect(ran).toContain(2)
    expect(ran).not.toContain(5)
  })

  it('of a bundle is told by its source map', async () => {
    const file = join(folder, 'bundle.js')
    await writeFile(file, code)
    // Generated lines 1 to 6 are lines 11 to 16 of the source.
    const mappings = ['AAUA', 'AACA', 'AACA', 'AACA', 'AACA', 'AACA'].join(';')
    await writeFile(`${file}.map`, JSON.stringify({ version: 3, sources: ['../../domain/a.ts'], names: [], mappings }))
    await write(file)
    const ran = (await readRawCoverage(folder)).get('domain/a.ts')
    expect(ran).toContain(12)
    expect(ran).not.toContain(15)
  })

  it('that was cut short while it was written is left out', async () => {
    await writeFile(join(folder, 'coverage-2.json'), '{"result": [{')
    expect((await readRawCoverage(folder)).size).toBe(0)
  })
})
