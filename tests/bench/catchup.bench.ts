import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
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
import { eventsOf, makeWorkspace, type Workspace } from './support/quotes.ts'
import { seedDirectory, seedQuotes, signIn } from './support/seed-server.ts'
import { round } from './support/statistics.ts'

/**
 * 100,000 missed events until they are applied and durable: a client that has synced before comes back to a server that went
 * on without it. The limit: the same events by one plain HTTP response into the same indexed tables.
 */
const count = 100_000
const runs = 3

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-catchup-'))
  const config = serverConfig({ dataDir: path.join(folder, 'server'), port: 0 })
  const server = createServer(config, { clock: systemClock, log: createLog('error') })
  try {
    const { url, store } = await server.start()
    const workspace = makeWorkspace(count, Temporal.Now.plainDateISO('UTC'))
    await seedDirectory(store, workspace)
    const bodies = bodiesOf(workspace)

    const dirs = Array.from({ length: runs }, (_, run) => path.join(folder, `client-${run}`))
    for (const dir of dirs) await syncOnce(dir, url)
    progress(`the clients have left; writing ${count} events`)
    await seedQuotes(store, workspace)

    const ours: Array<{ ms: number; peak_rss_mb: number }> = []
    for (const dir of dirs) {
      ours.push(await catchUp(dir, url))
      progress(`ours: ${JSON.stringify(ours.at(-1))}`)
    }
    const limits: number[] = []
    for (let run = 0; run < runs; run += 1) {
      limits.push(await limit(bodies, path.join(folder, `limit-${run}.db`)))
      progress(`limit: ${limits.at(-1)} ms`)
    }
    const best = ours.reduce((least, run) => (run.ms < least.ms ? run : least))
    const limitMs = Math.min(...limits)
    return {
      ours: {
        events: count,
        ms: round(best.ms),
        peak_rss_mb: round(best.peak_rss_mb),
        runs_ms: ours.map(({ ms }) => round(ms)),
      },
      baseline: { events: count, ms: round(limitMs), runs_ms: limits.map(round) },
      ratio: { time: round(best.ms / limitMs) },
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function syncOnce(dir: string, url: string): Promise<void> {
  const engine = startEngine(dir, url)
  await signIn(engine.client)
  await untilLive(engine.client)
  await engine.stop()
}

async function catchUp(dir: string, url: string): Promise<{ ms: number; peak_rss_mb: number }> {
  const engine = startEngine(dir, url)
  const startMs = performance.now()
  await signIn(engine.client)
  await untilLive(engine.client)
  const ms = performance.now() - startMs
  const { total } = await engine.client.quotes.page({
    filter: quoteFilterSchema.parse({}),
    sort: { column: 'quote_id', direction: 'asc' },
    offset: 0,
    limit: 1,
  })
  if (total !== count) throw new Error(`live with ${total} of ${count} quotes`)
  const peak_rss_mb = peakRssMb(engine.process.pid ?? 0)
  await engine.stop()
  return { ms, peak_rss_mb }
}

function peakRssMb(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8').match(/VmHWM:\s+(\d+) kB/)
  return Number(line?.[1] ?? Number.NaN) / 1024
}

/** Every event as the log holds it, one JSON a line. */
function bodiesOf(workspace: Workspace): string {
  const lines: string[] = []
  for (const [stream, events] of eventsOf(workspace, randomUUID())) {
    if (stream.startsWith('team:')) for (const event of events) lines.push(JSON.stringify(event))
  }
  return lines.join('\n')
}

async function limit(bodies: string, file: string): Promise<number> {
  const http = createHttpServer((_request, response) => response.end(bodies))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`
  const client = new Child(path.join(import.meta.dirname, 'support/limit-client.ts'), [url, file])
  try {
    const done = await client.next<{ kind: 'done'; ms: number; count: number }>('done')
    if (done.count !== count) throw new Error(`the limit wrote ${done.count} of ${count}`)
    return done.ms
  } finally {
    http.closeAllConnections()
    http.close()
  }
}
