import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Counts } from './results.ts'

const vitestSchema = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int().default(0),
  success: z.boolean(),
})

const playwrightSchema = z.object({
  stats: z.object({ expected: z.int(), unexpected: z.int(), flaky: z.int(), skipped: z.int() }),
})

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}

/** null when the runner ended before it could report. */
export async function vitestCounts(file: string): Promise<Counts | null> {
  const report = vitestSchema.safeParse(await readJson(file))
  if (!report.success) return null
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = report.data
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests }
}

/** null when the runner ended before it could report. */
export async function playwrightCounts(file: string): Promise<Counts | null> {
  const report = playwrightSchema.safeParse(await readJson(file))
  if (!report.success) return null
  const { expected, unexpected, flaky, skipped } = report.data.stats
  // A test that passes only sometimes is not one that passed.
  return { passed: expected, failed: unexpected + flaky, skipped }
}
