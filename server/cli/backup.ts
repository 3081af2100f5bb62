import path from 'node:path'
import type { Command } from 'commander'
import { backupTo } from '../store/backup.ts'
import { answer, type CommonOptions, expectDatabase, withCommonOptions, withStore } from './common.ts'

export function registerBackupCommand(program: Command): void {
  withCommonOptions(
    program.command('backup').description('Copy the database to a new file, also while the server runs'),
  )
    .argument('<file>', 'where to write the copy; must not exist')
    .action((file: string, options: CommonOptions) => backup(path.resolve(file), options))
}

async function backup(file: string, options: CommonOptions): Promise<void> {
  expectDatabase(options)
  await withStore(options, (store) => backupTo(store, file))
  answer(options, { file }, `Copied to ${file}. To restore it, stop the server and put it in place of quotedesk.db.`)
}
