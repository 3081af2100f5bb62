import { existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { dueRule } from '../../domain/alert-rules.ts'
import { daysUntilExpiry, isExpired } from '../../domain/expiry.ts'
import { sampleAccountSchema } from '../../domain/host/messages.ts'
import { rolePermissions } from '../../domain/permissions.ts'
import { linesTotalMinor, missingParts, outcomes, type Quote, quoteSchema, statuses } from '../../domain/quote.ts'
import { toEpochMs } from '../../domain/time.ts'
import { applyTransition, checkTransition, type Transition } from '../../domain/workflow.ts'
import { verifyPassword } from '../../server/auth/passwords.ts'
import { databaseFile } from '../../server/config.ts'
import { makeSample, type Sample } from '../../server/sample/make-sample.ts'
import { runSample, type SampleSummary, sampleAccountsFile } from '../../server/sample/run-sample.ts'
import { NotEmptyError } from '../../server/sample/write-sample.ts'
import { verifyDatabase } from '../../server/store/verify.ts'
import { readState } from '../../server/sync/read-state.ts'
import { dumpDatabase } from './support/database-dump.ts'

const nowMs = toEpochMs('2026-03-10T12:00:00Z')
const newFolder = () => mkdtempSync(path.join(tmpdir(), 'quotedesk-sample-'))
const failing = () => (done: number) => {
  if (done === 100) throw new Error('the power went')
}
const quiet = () => () => undefined

/** Several days of the year and several seeds: what holds must hold on every machine that starts for the first time. */
const worlds: Array<[seed: number, now: string]> = [
  [1, '2026-03-10T12:00:00Z'],
  [1, '2026-02-28T23:59:59Z'],
  [2, '2028-02-29T00:00:00Z'],
  [3, '2026-11-01T06:30:00Z'],
  [999_999_999, '2027-01-01T03:00:00Z'],
]

describe.each(worlds)('seed %i at %s', (seed, now) => {
  const atMs = toEpochMs(now)
  let sample: Sample
  beforeAll(() => {
    sample = makeSample(seed, atMs)
  })

  test('has the promised size, and every status and outcome', () => {
    expect(sample.teams).toHaveLength(3)
    expect(sample.people).toHaveLength(12)
    expect(sample.customers).toHaveLength(60)
    expect(sample.quotes).toHaveLength(2_000)
    expect(new Set(sample.quotes.map(({ quote }) => quote.status))).toEqual(new Set(statuses))
    const closed = sample.quotes.flatMap(({ quote }) => (quote.outcome ? [quote.outcome] : []))
    expect(new Set(closed)).toEqual(new Set(outcomes))
    expect(new Set(sample.quotes.map(({ quote }) => quote.currency)).size).toBeGreaterThanOrEqual(10)
    expect(new Set(sample.quotes.map(({ quote }) => quote.time_zone)).size).toBeGreaterThanOrEqual(12)
  })

  test('is the same again for the same seed and instant', () => {
    expect(makeSample(seed, atMs)).toEqual(sample)
  })

  test('every history is a walk that the workflow allows, in order of time and never in the future', () => {
    const admin = { kind: 'person', permissions: rolePermissions('admin') } as const
    const refused: string[] = []
    for (const { quote, past } of sample.quotes) {
      let current: Quote = quoteSchema.parse({ ...quote, quote_id: 1, revision: 1, version: 1, ...fresh })
      expect(past[0]).toMatchObject({ kind: 'created', from_status: null, to_status: 'draft' })
      let before = past[0]?.at ?? ''
      for (const entry of past.slice(1)) {
        expect(entry.from_status).toBe(current.status)
        expect(entry.at > before && toEpochMs(entry.at) <= atMs).toBe(true)
        before = entry.at
        const step = { to: entry.to_status, outcome: entry.outcome } as Transition
        const actor = entry.actor_id === null ? ({ kind: 'policy' } as const) : admin
        const check = checkTransition(current, step, actor, toEpochMs(entry.at))
        // Superseded is no step of the workflow: making the successor closes its predecessor.
        if (!check.ok && entry.outcome !== 'superseded') refused.push(check.message)
        current = applyTransition(current, step, entry.reason, entry.at)
      }
      const { version: _version, quote_id: _number, revision: _revision, ...end } = current
      expect(end).toEqual(quote)
    }
    expect(refused).toEqual([])
  })

  test('the value is what the lines add up to, and only drafts are incomplete', () => {
    const incomplete = sample.quotes.filter(({ quote }) => missingParts(quote).length > 0)
    expect(incomplete.length).toBeGreaterThan(5)
    expect(new Set(incomplete.map(({ quote }) => quote.status))).toEqual(new Set(['draft']))
    for (const { quote } of sample.quotes) expect(quote.value_minor).toBe(linesTotalMinor(quote.lines))
  })

  test('40 to 60 open quotes expire within a week, each rep has some, and some have expired unnoticed', () => {
    const open = sample.quotes.flatMap(({ quote }) => {
      const { expires_on, time_zone, status } = quote
      return expires_on === null || status === 'closed' || status === 'draft'
        ? []
        : [{ ...quote, expires_on, time_zone }]
    })
    const soon = open.filter((quote) => dueRule(quote, atMs) !== null && !isExpired(quote, atMs))
    expect(soon.length).toBeGreaterThanOrEqual(40)
    expect(soon.length).toBeLessThanOrEqual(60)
    for (const { person } of sample.people) {
      if (person.memberships[0]?.role !== 'rep') continue
      const own = soon.filter((quote) => quote.owner_id === person.id)
      expect(own.length).toBeGreaterThanOrEqual(3)
      expect(new Set(own.map((quote) => daysUntilExpiry(quote, atMs))).size).toBeGreaterThanOrEqual(3)
    }
    const expired = open.filter((quote) => isExpired(quote, atMs))
    expect(expired.length).toBeGreaterThanOrEqual(10)
  })

  test('some names and titles are as long as real ones get, and ids are unique', () => {
    expect(sample.customers.filter(({ customer }) => customer.name.length > 90)).toHaveLength(3)
    expect(sample.quotes.some(({ quote }) => quote.title.length > 120)).toBe(true)
    expect(new Set(sample.quotes.map(({ quote }) => quote.id)).size).toBe(2_000)
    expect(new Set(sample.customers.map(({ customer }) => customer.name)).size).toBe(60)
  })
})

const fresh = { status: 'draft', outcome: null, reason: null, sent_at: null, closed_at: null } as const

describe('quotedesk sample', () => {
  const dataDir = newFolder()
  let summary: SampleSummary
  beforeAll(async () => {
    summary = await runSample({ dataDir, seed: 1, nowMs, onStart: quiet })
  })

  test('writes rows, history and events of every quote, numbered in order of time', () => {
    const dump = dumpDatabase(databaseFile(dataDir))
    const quotes = dump['quotes'] as Array<{ quote_id: number; created_at: string; version: number }>
    const byNumber = quotes.toSorted((a, b) => a.quote_id - b.quote_id)
    expect(byNumber.map((quote) => quote.quote_id)).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1))
    expect(byNumber.map((quote) => quote.created_at)).toEqual(quotes.map((quote) => quote.created_at).sort())
    expect(dump['history']).toHaveLength(quotes.reduce((sum, quote) => sum + quote.version, 0))
    expect(dump['events']).toHaveLength(summary.events)
    expect(summary.events).toBe(1 + 3 + 12 + 60 + 2_000)
    expect(summary).toMatchObject({ seed: 1, quotes: 2_000, expiring_within_7_days: 52 })
  })

  test('rows and log agree, as `quotedesk verify` judges', async () => {
    expect(await verifyDatabase(databaseFile(dataDir), readState)).toMatchObject({ ok: true, problems: [] })
  })

  test('the accounts file is for this user alone, a rep first, and its passwords open the accounts', async () => {
    const file = sampleAccountsFile(dataDir)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const accounts = sampleAccountSchema.array().parse(JSON.parse(readFileSync(file, 'utf8')))
    expect(accounts.length).toBeGreaterThanOrEqual(4)
    expect(accounts.length).toBeLessThanOrEqual(6)
    expect(accounts[0]?.role).toMatch(/^rep /)
    expect(new Set(accounts.map((account) => account.role.split(' ')[0]))).toEqual(
      new Set(['rep', 'manager', 'admin', 'viewer']),
    )
    const stored = dumpDatabase(databaseFile(dataDir))['credentials'] as Array<{ email: string; password_hash: string }>
    expect(stored).toHaveLength(accounts.length)
    for (const { email, password } of accounts) {
      const hash = stored.find((row) => row.email === email)?.password_hash ?? ''
      expect(await verifyPassword(password, hash)).toBe(true)
    }
  })

  test('another folder with the same seed gets other passwords', async () => {
    const other = newFolder()
    await runSample({ dataDir: other, seed: 1, nowMs, onStart: quiet })
    const [mine, theirs] = [dataDir, other].map((dir) => readFileSync(sampleAccountsFile(dir), 'utf8'))
    expect(mine).not.toBe(theirs)
  })

  test('a database that holds a workspace is refused and left alone, its accounts too', async () => {
    const before = dumpDatabase(databaseFile(dataDir))
    const accounts = readFileSync(sampleAccountsFile(dataDir), 'utf8')
    await expect(runSample({ dataDir, seed: 2, nowMs, onStart: quiet })).rejects.toThrow(NotEmptyError)
    expect(dumpDatabase(databaseFile(dataDir))).toEqual(before)
    expect(readFileSync(sampleAccountsFile(dataDir), 'utf8')).toBe(accounts)
  })

  test('when it fails half-way there is neither workspace nor accounts file, and it can be run again', async () => {
    const broken = newFolder()
    await expect(runSample({ dataDir: broken, seed: 1, nowMs, onStart: failing })).rejects.toThrow('the power went')
    expect(dumpDatabase(databaseFile(broken))['workspace']).toEqual([])
    expect(existsSync(sampleAccountsFile(broken))).toBe(false)
    writeFileSync(sampleAccountsFile(broken), 'an old file with an open mode', { mode: 0o644 })
    await expect(runSample({ dataDir: broken, seed: 1, nowMs, onStart: quiet })).resolves.toMatchObject({
      quotes: 2_000,
    })
    expect(statSync(sampleAccountsFile(broken)).mode & 0o777).toBe(0o600)
  })
})
