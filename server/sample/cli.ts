import { type Command, InvalidArgumentError } from 'commander'
import { plainDateSchema, toEpochMs } from '../../domain/time.ts'
import { answer, type CommonOptions, dataDirOf, UsageError, withCommonOptions } from '../cli/common.ts'
import { createProgress, type Progress } from '../cli/progress.ts'
import { systemClock } from '../clock.ts'
import { runSample } from './run-sample.ts'
import { NotEmptyError } from './write-sample.ts'

interface Options extends CommonOptions {
  seed: number
  today?: string
}

const defaultSeed = 1

function seed(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('expected a whole number from 0 to 999999999')
}

function date(text: string): string {
  if (plainDateSchema.safeParse(text).success) return text
  throw new InvalidArgumentError('expected a date as YYYY-MM-DD')
}

/** `quotedesk sample`: only into an empty database. */
export function registerSampleCommand(program: Command): void {
  withCommonOptions(program.command('sample'))
    .summary('fill an empty database with a sample workspace')
    .description('Makes a sample workspace: 3 teams, 12 people, 60 customers, 2,000 quotes with dates around today.')
    .option('--seed <n>', 'the same seed on the same day makes the same workspace', seed, defaultSeed)
    .option('--today <date>', 'the day around which dates are put, at noon UTC (default: now)', date)
    .action((options: Options) => makeSampleWorkspace(options))
}

async function makeSampleWorkspace(options: Options): Promise<void> {
  const nowMs = options.today === undefined ? systemClock.nowMs() : toEpochMs(`${options.today}T12:00:00Z`)
  const drawn: Progress[] = []
  try {
    const summary = await runSample({
      dataDir: dataDirOf(options),
      seed: options.seed,
      nowMs,
      onStart: (quotes) => {
        const progress = createProgress(process.stderr, 'making sample quotes', quotes)
        drawn.push(progress)
        return (done) => progress.update(done)
      },
    })
    for (const progress of drawn) progress.stop()
    answer(
      options,
      summary,
      `Made the sample workspace (seed ${summary.seed}): ${summary.teams} teams, ${summary.people} people, ` +
        `${summary.customers} customers, ${summary.quotes} quotes, ${summary.expiring_within_7_days} of them expiring ` +
        `within 7 days.\nWho can sign in: ${summary.accounts_file}`,
    )
  } catch (error) {
    for (const progress of drawn) progress.stop()
    throw error instanceof NotEmptyError ? new UsageError(error.message) : error
  }
}
