import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { quoteFilterSchema } from '../../domain/rpc/quotes.ts'
import { systemClock } from '../../server/clock.ts'
import { serverConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { createServer } from '../../server/server.ts'
import { Child } from './support/child.ts'
import { startEngine, untilLive } from './support/engine-child.ts'
import type { Measure } from './support/machine.ts'
import { makeWorkspace } from './support/quotes.ts'
import { seedDirectory, seedQuotes, signIn } from './support/seed-server.ts'
import { median, round } from './support/statistics.ts'

/**
 * Cold start of the engine, offline, until the first page of 100 from a cache of 100,000 quotes: a new process from its
 * fork to the answer. The limit: a new process that only opens the file and reads the page.
 */
const count = 100_000
const runs = 9

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-start-'))
  try {
    const { url, secret } = await fillClient(folder, progress)
    const [file] = globSync('client/**/*.db', { cwd: folder })
    if (file === undefined) throw new Error('the engine left no cache file')
    const ours: number[] = []
    const limit: number[] = []
    for (let run = 0; run < runs; run += 1) {
      ours.push(await firstPage(path.join(folder, 'client'), url, secret))
      limit.push(await openFile(path.join(folder, file)))
    }
    progress(`ours ${median(ours)} ms, opening the file ${median(limit)} ms`)
    return {
      ours: { quotes: count, ms: round(median(ours)), slowest_ms: round(Math.max(...ours)) },
      baseline: { quotes: count, ms: round(median(limit)), slowest_ms: round(Math.max(...limit)) },
      ratio: { time: round(median(ours) / median(limit)) },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A client that has synced once with a server that is gone now. */
async function fillClient(folder: string, progress: (line: string) => void): Promise<{ url: string; secret: string }> {
  const config = serverConfig({ dataDir: path.join(folder, 'server'), port: 0 })
  const server = createServer(config, { clock: systemClock, log: createLog('error') })
  try {
    const { url, store } = await server.start()
    const workspace = makeWorkspace(count, Temporal.Now.plainDateISO('UTC'))
    await seedDirectory(store, workspace)
    await seedQuotes(store, workspace)
    progress(`filling the client's cache with ${count} quotes`)
    const engine = startEngine(path.join(folder, 'client'), url)
    await signIn(engine.client)
    await untilLive(engine.client)
    const secret = engine.secret()
    await engine.stop()
    if (secret === null) throw new Error('the engine gave no secret to keep')
    return { url, secret }
  } finally {
    await server.stop()
  }
}

async function firstPage(dataDir: string, url: string, secret: string): Promise<number> {
  const startMs = performance.now()
  const engine = startEngine(dataDir, url, secret)
  const filter = quoteFilterSchema.parse({})
  const { total, rows } = await engine.client.quotes.page({
    filter,
    sort: { column: 'updated', direction: 'desc' },
    offset: 0,
    limit: 100,
  })
  const ms = performance.now() - startMs
  if (total !== count || rows.length !== 100) throw new Error(`the first page had ${rows.length} of ${total}`)
  await engine.stop()
  return ms
}

async function openFile(file: string): Promise<number> {
  const startMs = performance.now()
  const child = new Child(path.join(import.meta.dirname, 'support/open-file.ts'), [file])
  const { rows } = await child.next<{ kind: 'done'; rows: number }>('done')
  const ms = performance.now() - startMs
  if (rows !== 100) throw new Error(`the file gave ${rows} rows`)
  await child.end()
  return ms
}
