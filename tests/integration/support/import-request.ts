import { existsSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { toEpochMs } from '../../../domain/time.ts'
import { databaseFile } from '../../../server/config.ts'
import { type ImportRequest, runImport } from '../../../server/import/run-import.ts'
import type { ImportSummary } from '../../../server/import/summary.ts'

export const importedAtMs = toEpochMs('2026-03-10T08:00:00Z')

/** A data folder of its own and what a test does with it. */
export interface ImportBench {
  dataDir: string
  database: string
  /** Writes a file into the folder; returns its path. */
  file(name: string, content: string | Buffer): string
  run(request: Partial<ImportRequest> & Pick<ImportRequest, 'files'>): Promise<ImportSummary>
  exists(): boolean
}

export function createImportBench(): ImportBench {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'quotedesk-import-'))
  const database = databaseFile(dataDir)
  return {
    dataDir,
    database,
    file: (name, content) => {
      const file = path.join(dataDir, name)
      writeFileSync(file, content)
      return file
    },
    run: (request) =>
      runImport({
        preset: null,
        map: null,
        dateFormat: null,
        validDays: null,
        currency: 'USD',
        timeZone: 'America/New_York',
        workspaceName: 'Test',
        report: null,
        dataDir,
        clock: { nowMs: () => importedAtMs },
        onStart: () => () => undefined,
        ...request,
      }),
    exists: () => existsSync(database),
  }
}

/** A small export of the same shape as the real one. */
export const crmFiles = {
  'accounts.csv':
    'account,sector,year_established,revenue,employees,office_location,subsidiary_of\nAcme Corporation,technolgy,1996,1100.04,2822,United States,\nBetatech,medical,1986,647.18,1185,Philipines,\n',
  'products.csv': 'product,series,sales_price\nGTX Basic,GTX,550\nGTX Pro,GTX,4821\n',
  'sales_teams.csv':
    'sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\nCarl Lin,Summer Sewald,West\n',
  'sales_pipeline.csv':
    'opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n' +
    'A1,Anna Snelling,GTX Basic,Acme Corporation,Won,10/20/2016,3/1/2017,1054\n' +
    'A2,Carl Lin,GTXPro,Betatech,Lost,10/25/2016,3/11/2017,0\n' +
    'A3,Carl Lin,GTXPro,,Engaging,11/5/2016,,\n' +
    'A4,Anna Snelling,GTX Basic,Betatech,Prospecting,,,\n' +
    'A5,Anna Snelling,GTX Pro,Acme Corporation,Engaging,12/24/2016,,\n',
} as const

export function writeCrm(bench: ImportBench, changes: Partial<Record<keyof typeof crmFiles, string>> = {}): string[] {
  return Object.entries({ ...crmFiles, ...changes }).map(([name, content]) => bench.file(name, content))
}
