import { type Command, InvalidArgumentError, Option } from 'commander'
import { currencySchema } from '../../domain/money.ts'
import { timeZoneSchema } from '../../domain/time.ts'
import { answer, type CommonOptions, dataDirOf, withCommonOptions } from '../cli/common.ts'
import { createProgress, type Progress } from '../cli/progress.ts'
import { systemClock } from '../clock.ts'
import { type DateFormat, dateFormats } from './dates.ts'
import { presets } from './presets/all.ts'
import { ImportRefused } from './refused.ts'
import { runImport } from './run-import.ts'
import { summaryText } from './summary-text.ts'

interface Options extends CommonOptions {
  preset?: string
  map?: string
  dateFormat?: DateFormat
  validDays?: number
  currency: string
  timeZone: string
  workspace: string
  report?: string
}

function days(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a number of days from 0 to 9999')
}

function currency(text: string): string {
  if (currencySchema.safeParse(text).success) return text
  throw new InvalidArgumentError('expected an ISO 4217 currency code such as EUR')
}

function timeZone(text: string): string {
  if (timeZoneSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('expected an IANA time zone such as Europe/Berlin')
}

const presetList = presets.map((preset) => `  ${preset.name}  ${preset.summary}`).join('\n')

/** `quotedesk import FILE…`: exit code 1 and an unchanged database when anything is refused. */
export function registerImportCommand(program: Command): void {
  withCommonOptions(program.command('import'))
    .summary('bring in quotes from CSV files')
    .description(
      'Brings in quotes, customers, people and teams from CSV files, all or nothing. A second run changes nothing.',
    )
    .argument('<files...>', 'CSV files (UTF-8, commas, first line names the columns)')
    .option('--preset <name>', 'what kind of export the files are')
    .addOption(new Option('--map <file>', 'JSON file that says which column is what').conflicts('preset'))
    .addOption(
      new Option('--date-format <form>', 'how the file writes dates, instead of what the map says').choices(
        dateFormats,
      ),
    )
    .option('--valid-days <n>', 'set valid-until this many days after a quote began', days)
    .option('--currency <code>', 'currency of amounts that come without one', currency, 'USD')
    .option('--time-zone <zone>', "zone of the quotes' dates and of new people", timeZone, 'UTC')
    .option('--workspace <name>', 'name of the workspace, if there is none yet', 'Workspace')
    .option('--report <file>', 'where the report of rows goes (default: beside the database)')
    .addHelpText(
      'after',
      `\nPresets:\n${presetList}\n\nWithout --preset and --map, Salesforce-style columns are recognised.`,
    )
    .action((files: string[], options: Options) => importFiles(files, options))
}

async function importFiles(files: string[], options: Options): Promise<void> {
  let progress: Progress | null = null
  try {
    const summary = await runImport({
      files,
      preset: options.preset ?? null,
      map: options.map ?? null,
      dateFormat: options.dateFormat ?? null,
      validDays: options.validDays ?? null,
      currency: options.currency,
      timeZone: options.timeZone,
      workspaceName: options.workspace,
      report: options.report ?? null,
      dataDir: dataDirOf(options),
      clock: systemClock,
      onStart: (quotes) => {
        const started = createProgress(process.stderr, 'importing quotes', quotes)
        progress = started
        return (done) => started.update(done)
      },
    })
    stop(progress)
    answer(options, summary, summaryText(summary))
  } catch (error) {
    stop(progress)
    if (!(error instanceof ImportRefused)) throw error
    tellRefusal(error, options.json)
  }
}

function stop(progress: Progress | null): void {
  progress?.stop()
}

const rowsShown = 10

function tellRefusal({ message, rows }: ImportRefused, json: boolean): void {
  process.exitCode = 1
  if (json) {
    process.stdout.write(`${JSON.stringify({ error: { code: 'import_refused', message, rows } })}\n`)
    return
  }
  const lines = rows.slice(0, rowsShown).map((row) => {
    const column = row.column === null ? '' : `${row.column}: `
    return `  ${row.file} line ${row.line}: ${column}${row.message}\n`
  })
  const more = rows.length > rowsShown ? `  … and ${rows.length - rowsShown} more\n` : ''
  process.stderr.write(`Nothing was imported: ${message}\n${lines.join('')}${more}`)
}
