import { type Agent, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { backoffMs } from '../../../src-main/engine/sync/backoff.ts'
import { type RawClient, rawClient } from './raw-client.ts'

/** What all clients of the process did since the last storm. */
export interface StormCounts {
  attempts: number
  refused: number
  pulls: number
  snapshotPages: number
}

export interface StormClient {
  cut(forget: boolean): void
  cursors: ReadonlyMap<string, number>
}

const retryMs = 50

interface Welcome {
  epoch: string
  streams: { stream: string; head: number }[]
}

/**
 * As little of a client as takes part in a storm: it reconnects with the client's own back-off, keeps a cursor per stream,
 * applies what follows, pulls what is missing, takes a snapshot when it has nothing, and heeds every retry_after_ms.
 */
export function stormClient(options: {
  port: number
  auth: { token?: string }
  agent: Agent
  counts: StormCounts
  /** Called each time that it has caught up with what its welcome told. */
  onLevel: () => void
}): StormClient {
  const { port, auth, agent, counts } = options
  const cursors = new Map<string, number>()
  const busy = new Set<string>()
  let connection: RawClient | null = null
  let generation = 0
  let failures = 0
  let goal: Welcome | null = null

  const connect = (of: number) => {
    if (of !== generation) return
    counts.attempts += 1
    goal = null
    let over = false
    const lost = (reason: string) => {
      if (over || of !== generation) return
      over = true
      connection?.close()
      counts.refused += 1
      failures += 1
      const asked = Number(/"retry_after_ms":(\d+)/.exec(reason)?.[1] ?? 0)
      void delay(Math.max(asked, backoffMs(failures, Math.random))).then(() => connect(of))
    }
    connection = rawClient({
      port,
      auth,
      onReady: () => {
        failures = 0
      },
      onEvent: () => undefined,
      onText: (text) => {
        if (!over && of === generation) hear(text)
      },
      onClose: lost,
    })
  }

  const hear = (text: string) => {
    if (!text.startsWith('42[')) return
    const [name, data] = JSON.parse(text.slice(2)) as [string, never]
    if (name === 'welcome') welcome(data)
    else if (name === 'event') event(data)
    else if (name === 'beat')
      catchUp((data as { stream: string; head: number }).stream, (data as { head: number }).head)
  }

  const welcome = (told: Welcome) => {
    goal = told
    for (const { stream, head } of told.streams) catchUp(stream, head)
    levelOrNot()
  }

  const event = ({ place }: { place: { stream: string; seq: number } }) => {
    const cursor = cursors.get(place.stream)
    if (cursor === place.seq - 1) cursors.set(place.stream, place.seq)
    else if (cursors.has(place.stream)) catchUp(place.stream, place.seq)
  }

  const levelOrNot = () => {
    if (goal?.streams.every(({ stream, head }) => (cursors.get(stream) ?? -1) >= head)) options.onLevel()
  }

  const catchUp = (stream: string, head: number) => {
    if ((cursors.get(stream) ?? -1) >= head || busy.has(stream)) return
    busy.add(stream)
    const of = generation
    void fetchUpTo(stream, head, of).finally(() => {
      if (of !== generation) return
      busy.delete(stream)
      levelOrNot()
    })
  }

  const fetchUpTo = async (stream: string, head: number, of: number) => {
    if (!cursors.has(stream)) await takeSnapshot(stream, of)
    for (;;) {
      const cursor = cursors.get(stream)
      if (of !== generation || cursor === undefined || cursor >= head) return
      const header = await get(`/sync/streams/${stream}/events?epoch=${goal?.epoch}&after=${cursor}`, of)
      if (!header) return
      counts.pulls += 1
      // A live event may have been applied meanwhile.
      cursors.set(stream, Math.max(cursors.get(stream) ?? 0, cursor + Number(header['count'])))
    }
  }

  const takeSnapshot = async (stream: string, of: number) => {
    const first = await get(`/sync/streams/${stream}/snapshot?page=0`, of)
    if (!first) return
    counts.snapshotPages += 1
    for (let page = 1; page < Number(first['pages']); page += 1) {
      const next = await get(
        `/sync/streams/${stream}/snapshot?page=${page}&snapshot_id=${String(first['snapshot_id'])}`,
        of,
      )
      if (!next) return
      counts.snapshotPages += 1
    }
    cursors.set(stream, Number(first['seq']))
  }

  /** The header line of the answer; null when the client was cut meanwhile. */
  const get = async (path: string, of: number): Promise<Record<string, unknown> | null> => {
    for (;;) {
      if (of !== generation) return null
      const answer = await fetchFirstLine({ port, path, token: auth.token ?? '', agent }).catch(() => null)
      if (!answer) {
        // The server had closed the idle connection that was to be used again.
        await delay(retryMs)
        continue
      }
      const { status, firstLine } = answer
      const body = JSON.parse(firstLine) as Record<string, unknown> & { data?: { retry_after_ms?: number } }
      if (status === 200) return body
      if (status !== 429 && status !== 503) throw new Error(`${path}: ${firstLine}`)
      counts.refused += 1
      await delay(body.data?.retry_after_ms ?? 1_000)
    }
  }

  connect(generation)
  return {
    cursors,
    cut: (forget) => {
      generation += 1
      connection?.close()
      busy.clear()
      if (forget) cursors.clear()
      failures = 1
      const of = generation
      void delay(backoffMs(failures, Math.random)).then(() => connect(of))
    },
  }
}

function fetchFirstLine({
  port,
  path,
  token,
  agent,
}: {
  port: number
  path: string
  token: string
  agent: Agent
}): Promise<{ status: number; firstLine: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` }
    const sent = request({ host: '127.0.0.1', port, path, agent, headers }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(chunks)
        const end = text.indexOf('\n')
        resolve({ status: answer.statusCode ?? 0, firstLine: text.toString('utf8', 0, end < 0 ? text.length : end) })
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
