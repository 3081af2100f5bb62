import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { playwrightCounts, vitestCounts } from './reports.ts'
import { type StageResult, summary, total } from './results.ts'

const stage = (name: string, outcome: StageResult['outcome']): StageResult => ({ name, outcome, seconds: 1 })
const counts = (passed: number, failed = 0, skipped = 0) => ({ passed, failed, skipped })
const lastLine = (text: string) => text.trimEnd().split('\n').at(-1)

describe('the end of a test run', () => {
  it('is one line with the totals of all runners', () => {
    const results = [
      stage('check', { kind: 'passed', counts: null }),
      stage('unit', { kind: 'passed', counts: counts(700) }),
      stage('e2e', { kind: 'passed', counts: counts(12) }),
    ]
    expect(lastLine(summary(results))).toBe('712 passed, 0 failed')
  })

  it('names what was not run and does not count it as passed', () => {
    const text = summary([
      stage('unit', { kind: 'passed', counts: counts(1) }),
      stage('electron', { kind: 'not_run', reason: 'no Electron runtime' }),
    ])
    expect(text).toMatch(/electron\s+1 s\s+NOT RUN: no Electron runtime/)
    expect(lastLine(text)).toBe('1 passed, 0 failed')
  })

  it('counts a part that failed as a whole: zero failures would lie', () => {
    expect(total([stage('check', { kind: 'failed', counts: null, why: 'lint' })]).failed).toBe(1)
    expect(total([stage('unit', { kind: 'failed', counts: counts(5), why: 'exit code 1' })])).toEqual(counts(5, 1))
    expect(total([stage('unit', { kind: 'failed', counts: counts(5, 2), why: 'exit code 1' })])).toEqual(counts(5, 2))
  })

  it('says what was skipped', () => {
    expect(lastLine(summary([stage('unit', { kind: 'passed', counts: counts(5, 0, 2) })]))).toBe(
      '5 passed, 0 failed, 2 skipped',
    )
  })
})

describe('reports of the runners', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quotedesk-reports-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))
  const report = async (content: unknown) => {
    const file = join(folder, 'report.json')
    await writeFile(file, JSON.stringify(content))
    return file
  }

  it('are counted', async () => {
    const vitest = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 0, success: false }
    expect(await vitestCounts(await report(vitest))).toEqual(counts(3, 1, 2))
  })

  it('count a flaky test as failed', async () => {
    const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 0 }
    expect(await playwrightCounts(await report({ stats }))).toEqual(counts(3, 2, 0))
  })

  it('that are missing or say something else are no counts', async () => {
    expect(await vitestCounts(join(folder, 'none.json'))).toBeNull()
    expect(await playwrightCounts(await report({}))).toBeNull()
  })
})
