import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Temporal } from 'temporal-polyfill'
import { systemClock } from '../../server/clock.ts'
import { serverConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { createServer } from '../../server/server.ts'
import type { Store } from '../../server/store/store.ts'
import { cacheFile } from '../../src-main/engine/account/account.ts'
import { startBareOutbox } from './support/bare-outbox-server.ts'
import { Child } from './support/child.ts'
import { startEngine, untilLive } from './support/engine-child.ts'
import type { Measure, Progress } from './support/machine.ts'
import type { OutboxReply, OutboxTask } from './support/outbox-protocol.ts'
import { makeWorkspace, type Workspace } from './support/quotes.ts'
import { account, seedDirectory, seedQuotes, signIn } from './support/seed-server.ts'
import { round } from './support/statistics.ts'

/**
 * 1,000 edits queued offline, of as many quotes, until each is acknowledged and durable at both ends: in one batch and at
 * 100 an answer. The engine's own sender against the whole server. The limit: the same rows by bare HTTP into the same
 * tables at either end.
 */
const count = 1_000
const runs = 5
const ways = { one_batch: count, by_100: 100 }

type Done = Extract<OutboxReply, { kind: 'done' }>
type Way = keyof typeof ways

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-outbox-'))
  const dataDir = path.join(folder, 'server')
  const server = createServer(serverConfig({ dataDir, port: 0 }), { clock: systemClock, log: createLog('error') })
  try {
    const { url, store } = await server.start()
    const workspace = makeWorkspace(14_000, Temporal.Now.plainDateISO('UTC'))
    await seedDirectory(store, workspace)
    await seedQuotes(store, workspace)
    const synced = await syncOnce(path.join(folder, 'client'), url, workspace)
    const copy = path.join(folder, 'bare.db')
    await store.backup(copy)
    progress(`${workspace.quotes.length} quotes are seeded and synced`)

    const task = makeTasks(workspace, synced, folder)
    const ours = await eachWay((way) => send({ ...task(way), kind: 'ours', url }), 'ours', progress)
    const limit = await measureLimit(copy, await sampleBody(store), task, progress)
    const best = (all: Record<Way, number[]>, way: Way) => Math.min(...all[way])
    const figures = (all: Record<Way, number[]>) => ({
      edits: count,
      one_batch_ms: round(best(all, 'one_batch')),
      by_100_ms: round(best(all, 'by_100')),
      one_batch_runs_ms: all.one_batch.map(round),
      by_100_runs_ms: all.by_100.map(round),
    })
    return {
      ours: figures(ours),
      baseline: figures(limit),
      ratio: {
        one_batch: round(best(ours, 'one_batch') / best(limit, 'one_batch')),
        by_100: round(best(ours, 'by_100') / best(limit, 'by_100')),
      },
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @returns the cache of a client that has seen everything and is closed again */
async function syncOnce(dir: string, url: string, workspace: Workspace): Promise<string> {
  const engine = startEngine(dir, url)
  await signIn(engine.client)
  await untilLive(engine.client)
  await engine.stop()
  return cacheFile(dir, url, workspace.people[0]?.id ?? '')
}

/** Each task has a copy of the cache and quotes of its own, so that no run meets what another one changed. */
function makeTasks(workspace: Workspace, synced: string, folder: string) {
  const editable = workspace.quotes.filter(({ status }) => status !== 'closed').map(({ id }) => id)
  let made = 0
  return (way: Way): Omit<OutboxTask, 'kind' | 'url'> => {
    const file = path.join(folder, `cache-${made}.db`)
    copyFileSync(synced, file)
    const quoteIds = editable.slice((made % (runs * 2)) * count, ((made % (runs * 2)) + 1) * count)
    if (quoteIds.length !== count) throw new Error(`only ${editable.length} quotes can be edited`)
    made += 1
    return { account, personId: workspace.people[0]?.id ?? '', file, quoteIds, perAnswer: ways[way] }
  }
}

async function eachWay(run: (way: Way) => Promise<Done>, name: string, progress: Progress) {
  const all: Record<Way, number[]> = { one_batch: [], by_100: [] }
  for (let at = 0; at < runs; at += 1) {
    for (const way of ['one_batch', 'by_100'] as const) {
      const { ms, requests } = await run(way)
      if (requests !== count / ways[way]) throw new Error(`${name} sent ${requests} requests for ${way}`)
      all[way].push(ms)
      progress(`${name} ${way}: ${round(ms)} ms`)
    }
  }
  return all
}

async function measureLimit(copy: string, eventBody: string, task: ReturnType<typeof makeTasks>, progress: Progress) {
  const bare = await startBareOutbox(copy, eventBody)
  try {
    return await eachWay((way) => send({ ...task(way), kind: 'limit', url: bare.url }), 'limit', progress)
  } finally {
    await bare.stop()
  }
}

async function send(task: OutboxTask): Promise<Done> {
  const client = new Child(path.join(import.meta.dirname, 'support/outbox-client.ts'), [JSON.stringify(task)])
  try {
    await client.next('queued')
    return await client.ask<Done>({ kind: 'go' }, 'done')
  } finally {
    await client.end()
  }
}

/** What the log holds of one edit. */
async function sampleBody(store: Store): Promise<string> {
  const { body } = await store.read
    .selectFrom('events')
    .select('body')
    .where('body', 'like', '%"quote.changed"%')
    .limit(1)
    .executeTakeFirstOrThrow()
  return body
}
