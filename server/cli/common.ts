import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Command } from 'commander'
import envPaths from 'env-paths'
import { systemClock } from '../clock.ts'
import { databaseFile } from '../config.ts'
import { openStore, type Store } from '../store/store.ts'

/** Something on the command line that cannot be done as asked; the message says why. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}

export interface CommonOptions {
  data: string
  json: boolean
}

/** Every command takes these. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'folder of this user’s QuoteDesk data', envPaths('QuoteDesk', { suffix: '' }).data)
    .option('--json', 'answer as JSON on standard output', false)
}

export function dataDirOf({ data }: Pick<CommonOptions, 'data'>): string {
  return path.resolve(data)
}

/** Opens the database, runs `work` and closes it again, whatever happens. */
export async function withStore<T>(options: CommonOptions, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore({ file: databaseFile(dataDirOf(options)), clock: systemClock })
  try {
    return await work(store)
  } finally {
    await store.close()
  }
}

/** @throws UsageError when there is no database yet: looking after nothing is a mistake in --data */
export function expectDatabase(options: CommonOptions): string {
  const file = databaseFile(dataDirOf(options))
  if (!existsSync(file)) throw new UsageError(`there is no database at ${file}: name its data folder with --data DIR`)
  return file
}

/** The answer of a command: JSON for programs, words for people. */
export function answer(options: Pick<CommonOptions, 'json'>, json: unknown, words: string): void {
  process.stdout.write(`${options.json ? JSON.stringify(json) : words}\n`)
}

const unitMs: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s`, `15m`, `8h`, `7d` in milliseconds. */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})([smhd])$/.exec(text)
  const unit = unitMs[match?.[2] ?? '']
  if (!match || unit === undefined) throw new UsageError(`"${text}" is not a duration: expected 30s, 15m, 8h or 7d`)
  return Number(match[1]) * unit
}
