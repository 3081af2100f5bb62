import { randomUUID } from 'node:crypto'
import Database from 'better-sqlite3'
import type { Mutation, MutationResult } from '../../../domain/wire/sync-http.ts'
import { readPerson } from '../../../src-main/engine/cache/directory-store.ts'
import { writeMeta } from '../../../src-main/engine/cache/meta.ts'
import { openCache } from '../../../src-main/engine/cache/open-cache.ts'
import { readQuote } from '../../../src-main/engine/cache/quote-store.ts'
import { createLog } from '../../../src-main/engine/log.ts'
import { editQuote } from '../../../src-main/engine/outbox/edits.ts'
import { createMadeHere } from '../../../src-main/engine/outbox/made-here.ts'
import { createSender } from '../../../src-main/engine/outbox/sender.ts'
import { systemScheduler } from '../../../src-main/engine/scheduler.ts'
import { createRestClient } from '../../../src-main/engine/session/rest-client.ts'
import type { OutboxReply, OutboxTask } from './outbox-protocol.ts'

/**
 * Queues edits as a person does who is offline, one durable write each, then waits for `go` and sends them all. Started by
 * fork; argv: an OutboxTask.
 */
const task = JSON.parse(process.argv[2] ?? '') as OutboxTask
const say = (reply: OutboxReply) => process.send?.(reply)
const go = () => new Promise((resolve) => process.once('message', resolve))

queueEdits()
await (task.kind === 'ours' ? ours() : limit())
process.disconnect()

function queueEdits(): void {
  const cache = openCache(task.file)
  const person = readPerson(cache.read, task.personId)
  if (!person) throw new Error('the cache does not know its person: sync it first')
  cache.transact((db) => writeMeta(db, 'client_id', randomUUID()))
  const editing = { cache, person, nowMs: 0, madeHere: createMadeHere() }
  for (const [index, id] of task.quoteIds.entries()) {
    const seen = readQuote(cache.read, id)
    if (!seen) throw new Error(`the cache does not know ${id}`)
    const base = { version: seen.version, fields: { title: seen.title } }
    editQuote(editing, { id, base, fields: { title: `Edited ${index}` } })
  }
  cache.close()
}

async function ours(): Promise<void> {
  const cache = openCache(task.file)
  const anonymous = createRestClient(task.url, fetch, () => null)
  const { access_token } = await anonymous.auth.signIn(task.account)
  const rest = createRestClient(task.url, fetch, () => access_token)
  const isDone = () => cache.read.value(`SELECT 1 FROM outbox WHERE state = 'waiting' LIMIT 1`) === undefined
  let requests = 0
  const done = Promise.withResolvers<void>()
  const mutate: typeof rest.sync.mutate = async (batch) => {
    const reply = await rest.sync.mutate(batch)
    requests += 1
    // The sender settles as soon as it has the reply: by the next turn the answers are on the disk.
    setImmediate(() => isDone() && done.resolve())
    return reply
  }
  const sender = createSender({
    cache,
    rest: { sync: { mutate } },
    tokens: { accessToken: () => Promise.resolve(access_token), invalidate: () => {} },
    scheduler: systemScheduler,
    random: Math.random,
    log: createLog('warn'),
    isLive: () => true,
    batch: { entries: task.perAnswer, bytes: 900_000 },
  })
  say({ kind: 'queued' })
  await go()
  const startMs = performance.now()
  sender.nudge()
  await done.promise
  const ms = performance.now() - startMs
  const refused = cache.read.value<number>(`SELECT count(*) FROM outbox WHERE state = 'refused'`)
  if (refused !== 0) throw new Error(`${refused} edits were refused`)
  sender.stop()
  say({ kind: 'done', ms, requests })
  cache.close()
}

/** Reads the rows, posts them, writes down the answers in one durable transaction; nothing is checked or put on show. */
async function limit(): Promise<void> {
  const db = new Database(task.file)
  db.pragma('synchronous = FULL')
  await fetch(task.url)
  say({ kind: 'queued' })
  await go()
  const startMs = performance.now()
  const read = db.prepare<[number], { entry: number; body: string }>(
    `SELECT entry, body FROM outbox WHERE state = 'waiting' ORDER BY entry LIMIT ?`,
  )
  const settle = db.prepare(
    `UPDATE outbox SET state = 'acknowledged', mutation_id = entry, ack_stream = ?, ack_epoch = ?, ack_seq = ?
      WHERE entry = ?`,
  )
  let requests = 0
  for (;;) {
    const rows = read.all(task.perAnswer)
    if (rows.length === 0) break
    const mutations = rows.map(({ entry, body }) => ({ ...(JSON.parse(body) as Mutation), mutation_id: entry }))
    const response = await fetch(task.url, { method: 'POST', body: JSON.stringify({ mutations }) })
    const { results } = (await response.json()) as { results: MutationResult[] }
    requests += 1
    db.transaction(() => {
      for (const result of results) {
        if (result.outcome === 'committed') settle.run(result.stream, result.epoch, result.seq, result.mutation_id)
      }
    })()
  }
  say({ kind: 'done', ms: performance.now() - startMs, requests })
  db.close()
}
