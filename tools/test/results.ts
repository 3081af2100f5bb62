/** What became of a part of the run. `counts` are of single tests; a part that is not made of tests has none. */
export type Outcome =
  | { kind: 'passed'; counts: Counts | null; note?: string }
  | { kind: 'failed'; counts: Counts | null; why: string }
  | { kind: 'not_run'; reason: string }

export interface Counts {
  passed: number
  failed: number
  skipped: number
}

export interface StageResult {
  name: string
  outcome: Outcome
  seconds: number
}

const none: Counts = { passed: 0, failed: 0, skipped: 0 }

function countsOf({ outcome }: StageResult): Counts {
  if (outcome.kind === 'not_run') return none
  const counts = outcome.counts ?? none
  // A part that failed as a whole (a check, a crash of the runner) must show in the total, or zero failures would lie.
  return outcome.kind === 'failed' && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

export function total(results: readonly StageResult[]): Counts {
  return results.map(countsOf).reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    none,
  )
}

function describe({ outcome }: StageResult): string {
  if (outcome.kind === 'not_run') return `NOT RUN: ${outcome.reason}`
  const { counts } = outcome
  const tests =
    counts === null
      ? ''
      : ` ${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`
  const more = outcome.kind === 'failed' ? outcome.why : outcome.note
  return `${outcome.kind === 'passed' ? 'passed' : 'FAILED'}${tests}${more ? ` (${more})` : ''}`
}

/** The end of the output: a line for each part, what was not run, and the totals alone on the last line. */
export function summary(results: readonly StageResult[]): string {
  const width = Math.max(...results.map(({ name }) => name.length))
  const rows = results.map(
    (result) => `  ${result.name.padEnd(width)}  ${`${result.seconds.toFixed(0)} s`.padStart(6)}  ${describe(result)}`,
  )
  const { passed, failed, skipped } = total(results)
  return [
    '',
    '━━ Summary',
    ...rows,
    '',
    `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
    '',
  ].join('\n')
}
