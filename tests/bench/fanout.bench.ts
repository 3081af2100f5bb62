import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Child } from './support/child.ts'
import type { Measure, Progress } from './support/machine.ts'
import type { Audience, Published, PublisherReply } from './support/publisher-protocol.ts'
import { quantile, round } from './support/statistics.ts'
import type { Taken } from './support/swarm.ts'

/**
 * One event to 10,000 connected clients, and one to each team of 25 among them: our server with authentication, log and
 * database on, against a bare Socket.IO server with the same events. Latency is from handing the event to the sockets to
 * the client's read; CPU and memory are the whole server process's, commits included.
 */
const clients = Number(process.env['BENCH_CLIENTS'] ?? 10_000)
const teamSize = 25
const rounds: Record<Audience, number> = { everybody: 20, teams: 5 }

interface AudienceFigures {
  p50_ms: number
  p99_ms: number
  cpu_us_per_delivery: number
  deliveries: number
}
interface Figures {
  everybody: AudienceFigures
  teams: AudienceFigures
  memory_kb_per_connection: number
}

const file = (name: string) => path.join(import.meta.dirname, 'support', name)

export const measure: Measure = async (progress) => {
  const teams = Math.ceil(clients / teamSize)
  const oursRun = await run('ours', file('our-server.ts'), [String(clients), String(teams)], teams, progress)
  const samples = JSON.stringify(oursRun.samples)
  const bareRun = await run('bare', file('bare-server.ts'), [String(clients), String(teams), samples], teams, progress)
  const [ours, bare] = [oursRun.figures, bareRun.figures]
  return {
    ours: { clients, ...ours },
    baseline: { clients, ...bare },
    ratio: {
      p99: round(ours.everybody.p99_ms / bare.everybody.p99_ms),
      p99_teams: round(ours.teams.p99_ms / bare.teams.p99_ms),
      cpu_per_delivery: round(ours.everybody.cpu_us_per_delivery / bare.everybody.cpu_us_per_delivery),
      cpu_per_delivery_teams: round(ours.teams.cpu_us_per_delivery / bare.teams.cpu_us_per_delivery),
      memory_per_connection: round(ours.memory_kb_per_connection / bare.memory_kb_per_connection),
    },
  }
}

async function run(
  name: string,
  server: string,
  args: string[],
  teams: number,
  progress: Progress,
): Promise<{ figures: Figures; samples: unknown }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-fanout-'))
  const publisher = new Child(server, [...args, folder], ['--expose-gc'])
  try {
    const { port, auths, samples } = await publisher.next<Extract<PublisherReply, { kind: 'listening' }>>('listening')
    const before = await rssBytes(publisher)
    const authFile = path.join(folder, 'auths.txt')
    writeFileSync(authFile, auths.join('\n'))
    const swarm = new Child(file('swarm.ts'), [String(port), authFile])
    try {
      await swarm.next('ready')
      const memory = (await rssBytes(publisher)) - before
      progress(`${name}: ${clients} clients are in, ${Math.round(memory / clients / 1024)} KB each`)
      const everybody = await fanOut(publisher, swarm, 'everybody', teams, progress)
      const toTeams = await fanOut(publisher, swarm, 'teams', teams, progress)
      const figures = { everybody, teams: toTeams, memory_kb_per_connection: round(memory / clients / 1024) }
      progress(`${name}: ${JSON.stringify(figures)}`)
      return { figures, samples }
    } finally {
      await swarm.end()
    }
  } finally {
    await publisher.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function rssBytes(publisher: Child): Promise<number> {
  const { rss_bytes } = await publisher.ask<Extract<PublisherReply, { kind: 'memory' }>>({ kind: 'memory' }, 'memory')
  return rss_bytes
}

async function cpuUs(publisher: Child): Promise<number> {
  const { cpu_us } = await publisher.ask<Extract<PublisherReply, { kind: 'cpu' }>>({ kind: 'cpu' }, 'cpu')
  return cpu_us
}

async function fanOut(
  publisher: Child,
  swarm: Child,
  audience: Audience,
  teams: number,
  progress: Progress,
): Promise<AudienceFigures> {
  const latencies: number[] = []
  const cpuBefore = await cpuUs(publisher)
  for (let turn = 1; turn <= rounds[audience]; turn += 1) {
    swarm.tell({ kind: 'reset' })
    const { events } = await publisher.ask<Published>({ kind: 'publish', audience, round: turn } as never, 'published')
    await everyoneHas(swarm, clients, progress)
    const { clients: receivers, seqs, times_us } = await swarm.ask<Taken>({ kind: 'take' }, 'taken')
    const sentAt = new Map(events.map(({ team, seq, at_us }) => [`${team ?? 'all'} ${seq}`, at_us]))
    receivers.forEach((client, index) => {
      const key = `${audience === 'everybody' ? 'all' : client % teams} ${seqs[index]}`
      const at = sentAt.get(key)
      if (at === undefined) throw new Error(`client ${client} got an event nobody sent: ${key}`)
      latencies.push(((times_us[index] ?? Number.NaN) - at) / 1000)
    })
  }
  const cpu = (await cpuUs(publisher)) - cpuBefore
  return {
    p50_ms: round(quantile(latencies, 0.5)),
    p99_ms: round(quantile(latencies, 0.99)),
    cpu_us_per_delivery: round(cpu / latencies.length),
    deliveries: latencies.length,
  }
}

/** Asks until all have it; a lost delivery would make the bench wait, so it gives up loudly. */
async function everyoneHas(swarm: Child, expected: number, progress: Progress): Promise<void> {
  let count = 0
  for (let attempt = 0; attempt < 600; attempt += 1) {
    count = (await swarm.ask<{ kind: 'count'; count: number }>({ kind: 'count' }, 'count')).count
    if (count >= expected) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  progress(`only ${count} of ${expected} deliveries arrived`)
  throw new Error('deliveries were lost')
}
