import { type Command, InvalidArgumentError } from 'commander'
import { systemClock } from '../clock.ts'
import { serverConfig } from '../config.ts'
import { compact } from '../store/compact.ts'
import {
  answer,
  type CommonOptions,
  dataDirOf,
  expectDatabase,
  parseDuration,
  withCommonOptions,
  withStore,
} from './common.ts'

interface CompactOptions extends CommonOptions {
  keep?: string
  keepEvents?: number
}

export function registerCompactCommand(program: Command): void {
  withCommonOptions(
    program
      .command('compact')
      .description('Delete old events of the log, also while the server runs; it does so itself each hour'),
  )
    .option('--keep <duration>', 'keep what is younger: 12h, 45d (default: 45d)')
    .option('--keep-events <number>', 'keep at least the newest so many of each stream (default: 100000)', parseCount)
    .action((options: CompactOptions) => run(options))
}

async function run(options: CompactOptions): Promise<void> {
  expectDatabase(options)
  const { log: defaults } = serverConfig({ dataDir: dataDirOf(options) })
  const retention = {
    keepMs: options.keep === undefined ? defaults.keepMs : parseDuration(options.keep),
    keepEvents: options.keepEvents ?? defaults.keepEvents,
  }
  const streams = await withStore(options, (store) => compact(store, systemClock, retention))
  const lines = streams.map(({ stream, events, floor }) => `${stream}  ${events} events deleted, up to ${floor}`)
  answer(options, { ...retention, streams }, lines.join('\n') || 'Nothing is old enough to be deleted.')
}

function parseCount(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('expected a whole number from 0 on')
  return Number(text)
}
