import { Command } from 'commander'
import { PortError } from '../http/port-error.ts'
import { registerImportCommand } from '../import/cli.ts'
import { registerSampleCommand } from '../sample/cli.ts'
import { DataFolderError, NewerSchemaError, StorageBusyError, StorageFullError } from '../store/errors.ts'
import { registerBackupCommand } from './backup.ts'
import { UsageError } from './common.ts'
import { registerCompactCommand } from './compact.ts'
import { registerServeCommand } from './serve.ts'
import { registerTokenCommand } from './token.ts'
import { registerUserCommand } from './user.ts'
import { registerVerifyCommand } from './verify.ts'

function createProgram(): Command {
  const program = new Command('quotedesk').description('The QuoteDesk server and the tools to look after it')
  registerServeCommand(program)
  registerImportCommand(program)
  registerSampleCommand(program)
  registerUserCommand(program)
  registerTokenCommand(program)
  registerBackupCommand(program)
  registerVerifyCommand(program)
  registerCompactCommand(program)
  return program
}

/** Errors whose message already says what was wrong and what to do; others are bugs and show where they come from. */
const expected = [DataFolderError, NewerSchemaError, StorageFullError, StorageBusyError, PortError, UsageError]

/** Runs one command line; the process ends with 0 when it did what was asked, else 1. */
export async function runCli(argv: readonly string[]): Promise<void> {
  try {
    await createProgram().parseAsync([...argv])
  } catch (error) {
    const known = expected.some((kind) => error instanceof kind)
    const text = error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error)
    process.stderr.write(`quotedesk: ${text}\n`)
    process.exitCode = 1
  }
}
