import { readFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { type StormClient, type StormCounts, stormClient } from './storm-client.ts'
import type { StormSwarmReply, StormSwarmRequest } from './storm-protocol.ts'

/** A process full of clients that storm. Started by fork; argv: port, file with one JSON `auth` a line. */
const [port, authFile] = process.argv.slice(2)
const auths = readFileSync(authFile ?? '', 'utf8')
  .trim()
  .split('\n')
const agent = new Agent({ keepAlive: true, maxSockets: 256 })
const counts: StormCounts = { attempts: 0, refused: 0, pulls: 0, snapshotPages: 0 }
const say = (message: StormSwarmReply) => process.send?.(message)

let cutAtMs = performance.now()
let levelAtMs: (number | null)[] = auths.map(() => null)
let isFirst = true

const onLevel = (index: number) => {
  if (levelAtMs[index] !== null) return
  levelAtMs[index] = performance.now()
  if (levelAtMs.includes(null)) return
  if (isFirst) say({ kind: 'ready' })
  else {
    const times = levelAtMs.map((at) => (at ?? Number.NaN) - cutAtMs)
    const { attempts, refused, pulls, snapshotPages } = counts
    say({ kind: 'level', times_ms: times, attempts, refused, pulls, snapshot_pages: snapshotPages })
  }
  isFirst = false
}

const clients: StormClient[] = auths.map((auth, index) =>
  stormClient({
    port: Number(port),
    auth: JSON.parse(auth) as { token?: string },
    agent,
    counts,
    onLevel: () => onLevel(index),
  }),
)

function leastCursors(): Record<string, number> {
  const least: Record<string, number> = {}
  for (const { cursors } of clients) {
    for (const [stream, cursor] of cursors) least[stream] = Math.min(least[stream] ?? cursor, cursor)
  }
  return least
}

process.on('message', (request: StormSwarmRequest) => {
  if (request.kind === 'cursors') say({ kind: 'cursors', least: leastCursors() })
  if (request.kind !== 'storm') return
  Object.assign(counts, { attempts: 0, refused: 0, pulls: 0, snapshotPages: 0 })
  levelAtMs = auths.map(() => null)
  cutAtMs = performance.now()
  for (const client of clients) client.cut(request.forget)
})
