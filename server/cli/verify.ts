import type { Command } from 'commander'
import { verifyDatabase } from '../store/verify.ts'
import { readState } from '../sync/read-state.ts'
import { answer, type CommonOptions, expectDatabase, withCommonOptions } from './common.ts'

export function registerVerifyCommand(program: Command): void {
  withCommonOptions(
    program.command('verify').description('Check the whole database: pages, logs, checksums, and rows against the log'),
  ).action((options: CommonOptions) => verify(options))
}

async function verify(options: CommonOptions): Promise<void> {
  const report = await verifyDatabase(expectDatabase(options), readState)
  const lines = [
    ...report.streams.map(({ stream, head, checksum }) => `${stream}  ${head} events  ${checksum.slice(0, 16)}`),
    ...report.problems.map((problem) => `DAMAGED  ${problem}`),
    report.ok ? `All ${report.events} events and the rows agree.` : 'The database is damaged: restore a backup.',
  ]
  answer(options, report, lines.join('\n'))
  if (!report.ok) process.exitCode = 1
}
