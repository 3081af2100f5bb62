import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { daysUntilExpiry } from '../../domain/expiry.ts'
import { statuses } from '../../domain/quote.ts'
import { databaseFile } from '../config.ts'
import { DataFolderError } from '../store/errors.ts'
import { openStore, type Store } from '../store/store.ts'
import { findWorkspace } from '../workspace/queries.ts'
import { makeSample, type Sample } from './make-sample.ts'
import { makeAccounts, NotEmptyError, writeSample } from './write-sample.ts'

export interface SampleSummary {
  seed: number
  teams: number
  people: number
  customers: number
  quotes: number
  by_status: Record<string, number>
  /** Open, not yet expired, with at most 7 days left. */
  expiring_within_7_days: number
  events: number
  accounts_file: string
}

export function sampleAccountsFile(dataDir: string): string {
  return path.join(dataDir, 'sample-accounts.json')
}

/**
 * Makes the sample workspace in an empty database and writes the accounts beside it, readable by this user alone.
 * @param onStart told how many quotes there will be; returns what to tell about each
 * @throws NotEmptyError
 */
export async function runSample(request: {
  dataDir: string
  seed: number
  nowMs: number
  onStart: (quotes: number) => (done: number) => void
}): Promise<SampleSummary> {
  const { dataDir, seed, nowMs } = request
  const store = await openStore({ file: databaseFile(dataDir), clock: { nowMs: () => nowMs } })
  try {
    if (await findWorkspace(store.read)) throw new NotEmptyError(store.file)
    const sample = makeSample(seed, nowMs)
    const { events, accountsFile } = await writeWithAccounts(store, sample, request)
    const left = sample.quotes.map(({ quote: { status, expires_on, time_zone } }) =>
      expires_on === null || status === 'closed' || status === 'draft'
        ? null
        : daysUntilExpiry({ expires_on, time_zone }, nowMs),
    )
    const countOf = (status: string) => sample.quotes.filter(({ quote }) => quote.status === status).length
    return {
      seed,
      teams: sample.teams.length,
      people: sample.people.length,
      customers: sample.customers.length,
      quotes: sample.quotes.length,
      by_status: Object.fromEntries(statuses.map((status) => [status, countOf(status)])),
      expiring_within_7_days: left.filter((days) => days !== null && days >= 0 && days <= 7).length,
      events,
      accounts_file: accountsFile,
    }
  } finally {
    await store.close()
  }
}

/** The file comes first: a committed sample whose passwords nobody knows would be of no use. */
async function writeWithAccounts(
  store: Store,
  sample: Sample,
  { dataDir, onStart }: { dataDir: string; onStart: (quotes: number) => (done: number) => void },
): Promise<{ events: number; accountsFile: string }> {
  const accounts = await makeAccounts(sample)
  const accountsFile = sampleAccountsFile(dataDir)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    // An old file would keep its old mode.
    rmSync(accountsFile, { force: true })
    writeFileSync(accountsFile, `${JSON.stringify(accounts.shown, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  } catch (error) {
    throw new DataFolderError(
      `the sample's accounts cannot be written to ${accountsFile}: check the rights of its folder`,
      {
        cause: error,
      },
    )
  }
  try {
    const { events } = await writeSample(store, sample, accounts, onStart(sample.quotes.length))
    return { events, accountsFile }
  } catch (error) {
    rmSync(accountsFile, { force: true })
    throw error
  }
}
