import path from 'node:path'
import { type Clock, toInstantText } from '../../domain/time.ts'
import { databaseFile } from '../config.ts'
import { openStore } from '../store/store.ts'
import { type ApplyOptions, applyPlan } from './apply-plan.ts'
import { checkPlan } from './check-plan.ts'
import { type CsvTable, readCsv } from './csv/read-csv.ts'
import type { DateFormat } from './dates.ts'
import { planMapped } from './mapping/plan-mapped.ts'
import { readMap, recogniseMap } from './mapping/read-map.ts'
import type { ImportPlan } from './plan.ts'
import type { PlanOptions } from './preset.ts'
import { presets } from './presets/all.ts'
import { ImportRefused } from './refused.ts'
import { ImportReport } from './report.ts'
import { type ImportSummary, summarise } from './summary.ts'

export interface ImportRequest extends PlanOptions, Pick<ApplyOptions, 'workspaceName' | 'timeZone'> {
  files: readonly string[]
  preset: string | null
  map: string | null
  /** Overrides the map's own. */
  dateFormat: DateFormat | null
  dataDir: string
  /** Where the report goes; null for `<dataDir>/server/import-report-<instant>.csv`. */
  report: string | null
  clock: Clock
  onStart: (quotes: number) => ApplyOptions['onProgress']
}

/**
 * Reads the files, plans, and writes everything in one transaction. Until every file has been read and every row found
 * good, no database is even opened.
 * @throws ImportRefused; when single rows are the reason, they are in it and in the report that was written
 */
export async function runImport(request: ImportRequest): Promise<ImportSummary> {
  const tables: CsvTable[] = []
  for (const file of request.files) tables.push(await readCsv(file))
  const report = new ImportReport()
  for (const table of tables) {
    if (!table.endsWithoutNewline) continue
    const at = { file: table.file, line: table.rows.at(-1)?.line ?? 1 }
    report.add('flagged', at, null, 'the last line has no line end: if the file was cut off, its last cell is short')
  }
  const { plan, readAs } = makePlan(tables, request, report)
  checkPlan(plan, report)
  const stamp = toInstantText(request.clock.nowMs()).replaceAll(/[:.]/g, '')
  const reportPath = path.resolve(request.report ?? path.join(request.dataDir, 'server', `import-report-${stamp}.csv`))
  report.write(reportPath)
  const refused = report.entries('refused')
  if (refused.length > 0) {
    const rows = report.rows('refused')
    throw new ImportRefused(`${rows} ${rows === 1 ? 'row' : 'rows'} cannot be kept: see ${reportPath}`, refused)
  }
  const store = await openStore({ file: databaseFile(request.dataDir), clock: request.clock })
  try {
    const { workspaceName, timeZone } = request
    const onProgress = request.onStart(plan.quotes.length)
    const applied = await applyPlan(store, plan, { workspaceName, timeZone, onProgress, report })
    if (applied.quotes.differing > 0) report.write(reportPath)
    return summarise(plan, applied, report, {
      time_zone: timeZone,
      currency: request.currency,
      read_as: readAs,
      report: reportPath,
    })
  } finally {
    await store.close()
  }
}

function makePlan(
  tables: readonly CsvTable[],
  request: ImportRequest,
  report: ImportReport,
): { plan: ImportPlan; readAs: string } {
  if (request.preset !== null) {
    const preset = presets.find((candidate) => candidate.name === request.preset)
    if (!preset) {
      const names = presets.map((candidate) => candidate.name).join(', ')
      throw new ImportRefused(`there is no preset "${request.preset}": expected ${names}`)
    }
    return { plan: preset.plan(tables, request, report), readAs: `preset ${preset.name}` }
  }
  const [table, ...more] = tables
  if (!table || more.length > 0) throw new ImportRefused('without --preset, give exactly one file')
  const chosen = request.map === null ? recogniseMap(table) : { name: request.map, map: readMap(request.map) }
  if (!chosen) {
    throw new ImportRefused(
      `the columns of ${table.file} are not known (${table.columns.join(', ')}): say what they are with --map FILE, ` +
        `or give --preset ${presets.map((preset) => preset.name).join('|')}`,
    )
  }
  const map = request.dateFormat === null ? chosen.map : { ...chosen.map, date_format: request.dateFormat }
  return { plan: planMapped(table, map, request, report), readAs: `map ${chosen.name}` }
}
