import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { projectRoot } from '../project-root.ts'
import { type LinesRun, readRawCoverage } from './raw-coverage.ts'

export const rawCoverageDir = join(projectRoot, 'coverage', 'raw')

/** What vitest's `json` reporter writes, as far as lines need it. */
const vitestCoverageSchema = z.record(
  z.string(),
  z.object({
    statementMap: z.record(z.string(), z.object({ start: z.object({ line: z.int() }) })),
    s: z.record(z.string(), z.int()),
  }),
)

export interface FileCoverage {
  file: string
  lines: number
  covered: number
}

/** Lines of each file that hold a statement, and how many of them ran in some process of the test run. */
export function mergeLines(vitest: z.infer<typeof vitestCoverageSchema>, alsoRan: LinesRun): FileCoverage[] {
  return Object.entries(vitest).map(([path, { statementMap, s }]) => {
    const file = relative(projectRoot, path)
    const hits = new Map<number, number>()
    for (const [id, { start }] of Object.entries(statementMap)) {
      hits.set(start.line, Math.max(hits.get(start.line) ?? 0, s[id] ?? 0))
    }
    const elsewhere = alsoRan.get(file) ?? new Set<number>()
    const covered = [...hits].filter(([line, count]) => count > 0 || elsewhere.has(line)).length
    return { file, lines: hits.size, covered }
  })
}

const areas = [
  'domain',
  'server',
  'src-main/engine',
  'src-main/host',
  'src-main/browser-host',
  'src-main/shell',
  'src-renderer',
]

function percent(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0)
  const covered = files.reduce((sum, file) => sum + file.covered, 0)
  return lines === 0 ? 100 : (100 * covered) / lines
}

export interface CoverageReport {
  totalPercent: number
  /** For the terminal: one line an area and the files with the most lines that never ran. */
  text: string
}

/** Merges what vitest measured with what the processes and pages of the other stages ran. */
export async function coverageReport(): Promise<CoverageReport> {
  const vitest = vitestCoverageSchema.parse(
    JSON.parse(await readFile(join(projectRoot, 'coverage', 'coverage-final.json'), 'utf8')),
  )
  const files = mergeLines(vitest, await readRawCoverage(rawCoverageDir))
  await writeFile(join(projectRoot, 'coverage', 'merged.json'), JSON.stringify(files, null, 2))
  const rows = areas.map((area) => {
    const share = percent(files.filter(({ file }) => file.startsWith(`${area}/`)))
    return `   ${area.padEnd(22)} ${share.toFixed(1).padStart(5)} %`
  })
  const worst = files
    .map((file) => ({ ...file, missed: file.lines - file.covered }))
    .sort((a, b) => b.missed - a.missed)
    .slice(0, 10)
    .map(({ file, missed, lines }) => `   ${String(missed).padStart(4)} of ${lines} lines never ran: ${file}`)
  const totalPercent = percent(files)
  return {
    totalPercent,
    text: [...rows, `   ${'all'.padEnd(22)} ${totalPercent.toFixed(1).padStart(5)} %`, '', ...worst].join('\n'),
  }
}
