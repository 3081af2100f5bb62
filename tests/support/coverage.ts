import { randomUUID } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Page } from '@playwright/test'

const rendererDir = join(import.meta.dirname, '..', '..', 'out', 'renderer')

/** Where this run collects raw coverage, or null when it does not. */
export const coverageFolder = (): string | null => process.env['QUOTEDESK_COVERAGE'] ?? null

/** For the environment of a child process: V8 writes what it ran when it ends in order. */
export function coverageEnv(): Record<string, string> {
  const folder = coverageFolder()
  return folder === null ? {} : { NODE_V8_COVERAGE: folder }
}

/** What a page ran of the built renderer, in the format that Node writes for processes. */
export async function writePageCoverage(page: Page): Promise<void> {
  const folder = coverageFolder()
  if (folder === null || page.isClosed()) return
  const scripts = await page.coverage.stopJSCoverage()
  const result = scripts
    .filter(({ url }) => new URL(url).pathname.startsWith('/assets/'))
    .map(({ url, functions }) => ({ url: pathToFileURL(join(rendererDir, new URL(url).pathname)).href, functions }))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, `page-${randomUUID()}.json`), JSON.stringify({ result }))
}
