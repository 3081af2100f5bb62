import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Database from 'better-sqlite3'
import type { Mutation } from '../../../domain/wire/sync-http.ts'

/**
 * The limit of taking queued edits: the same rows into the same tables of a copy of the same database, one durable
 * transaction a request, with nothing asked, judged, remembered or told.
 * @param eventBody what the log holds of one such edit
 */
export async function startBareOutbox(
  file: string,
  eventBody: string,
): Promise<{ url: string; stop(): Promise<void> }> {
  const db = new Database(file)
  db.pragma('synchronous = FULL')
  const update = db.prepare('update quotes set version = version + 1, title = ?, updated_at = ? where id = ?')
  const addHistory = db.prepare(
    `insert into history (quote, version, kind, from_status, to_status, before, after, at, stream, seq)
      values (?, 2, 'edited', 'sent', 'sent', ?, ?, ?, 'bare', ?)`,
  )
  const addEvent = db.prepare(`insert into events (stream, seq, body) values ('bare', ?, ?)`)
  const addClient = db.prepare(
    `insert into clients (client_id, person_id, last_mutation_id, created_at, spoke_at)
      select ?, id, 0, '', '' from people limit 1`,
  )
  const addResult = db.prepare(
    'insert into mutation_results (client_id, mutation_id, version, result) values (?, ?, 2, ?)',
  )
  let seq = 0
  let clients = 0

  const take = db.transaction((mutations: Mutation[]) => {
    const client = `bare ${(clients += 1)}`
    addClient.run(client)
    return mutations.map((mutation) => {
      if (mutation.name !== 'quote.edit') throw new Error(`the limit knows no ${mutation.name}`)
      seq += 1
      const fields = JSON.stringify(mutation.fields)
      const result = {
        outcome: 'committed',
        mutation_id: mutation.mutation_id,
        stream: 'bare',
        epoch: 'bare',
        seq,
        version: 2,
      }
      update.run(mutation.fields.title, '', mutation.quote)
      addHistory.run(mutation.quote, fields, fields, '', seq)
      addEvent.run(seq, eventBody)
      addResult.run(client, mutation.mutation_id, JSON.stringify(result))
      return result
    })
  })

  const http = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (chunks.length === 0) return response.end()
      const { mutations } = JSON.parse(Buffer.concat(chunks).toString()) as { mutations: Mutation[] }
      return response.end(JSON.stringify({ results: take(mutations) }))
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/`,
    stop: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      db.close()
    },
  }
}
