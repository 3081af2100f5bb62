import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Child } from './support/child.ts'
import type { Measure, Progress } from './support/machine.ts'
import { quantile, round } from './support/statistics.ts'
import type { StormServerReply, StormSwarmReply } from './support/storm-protocol.ts'

/**
 * All clients are cut at once and come back with the client's own back-off, again and again, while the server commits 50
 * edits a second; in every fifth storm they have also lost what they had and need a snapshot. Level means: caught up with
 * the heads of the welcome, by live events, pulls or a snapshot. The limit: a bare Socket.IO server that lets as many come
 * back and has nothing to tell them, in the same run. BENCH_CLIENTS and BENCH_STORMS make it smaller.
 */
const clients = Number(process.env['BENCH_CLIENTS'] ?? 1_000)
const storms = Number(process.env['BENCH_STORMS'] ?? 20)
const forgetEach = 5

type Figures = Extract<StormServerReply, { kind: 'figures' }>
type Level = Extract<StormSwarmReply, { kind: 'level' }>

interface Storm {
  level: Level
  forget: boolean
  cpuMs: number
}

const file = (name: string) => path.join(import.meta.dirname, 'support', name)

export const measure: Measure = async (progress) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-storm-'))
  try {
    const oursRun = await run('ours', new Child(file('storm-server.ts'), [String(clients), folder]), folder, progress)
    const bareRun = await run('bare', new Child(file('bare-storm-server.ts'), [String(clients)]), folder, progress)
    const ours = summary(oursRun.storms)
    const bare = summary(bareRun.storms)
    return {
      ours: { clients, storms, ...ours, ...oursRun.after },
      baseline: { clients, storms, ...bare, ...bareRun.after },
      ratio: {
        all_level: round(ours.all_level_median_ms / bare.all_level_median_ms),
        all_level_worst: round(ours.all_level_worst_ms / bare.all_level_worst_ms),
        client_level_p99: round(ours.client_level_p99_ms / bare.client_level_p99_ms),
        cpu: round(ours.server_cpu_ms_a_storm / bare.server_cpu_ms_a_storm),
        peak_memory: round(oursRun.after.server_peak_mb / bareRun.after.server_peak_mb),
      },
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(name: string, server: Child, folder: string, progress: Progress) {
  try {
    const { port, auths } = await server.next<Extract<StormServerReply, { kind: 'listening' }>>('listening')
    const authFile = path.join(folder, 'auths.txt')
    writeFileSync(authFile, auths.join('\n'))
    const swarm = new Child(file('storm-swarm.ts'), [String(port), authFile])
    try {
      await swarm.next('ready')
      progress(`${name}: ${clients} clients are in and level`)
      const before = await figuresOf(server)
      const done = await allStorms(name, server, swarm, progress)
      const after = await figuresOf(server)
      const built = after.snapshots_built - before.snapshots_built
      await expectNothingLost(server, swarm)
      const peak = after.peak_rss_bytes / 2 ** 20
      return {
        storms: done,
        after: {
          server_peak_mb: round(peak),
          snapshots_built: built,
          streams: Object.keys(after.heads).length,
          longest_turn_ms: round(after.longest_turn_ms),
        },
      }
    } finally {
      await swarm.end()
    }
  } finally {
    await server.end()
  }
}

async function allStorms(name: string, server: Child, swarm: Child, progress: Progress): Promise<Storm[]> {
  const done: Storm[] = []
  server.tell({ kind: 'work' })
  for (let storm = 1; storm <= storms; storm += 1) {
    const forget = storm % forgetEach === 0
    const before = await figuresOf(server)
    const level = await swarm.ask<Level>({ kind: 'storm', forget } as never, 'level')
    const cpuMs = ((await figuresOf(server)).cpu_us - before.cpu_us) / 1000
    done.push({ level, forget, cpuMs })
    const { attempts, refused, pulls, snapshot_pages } = level
    const worst = Math.round(Math.max(...level.times_ms))
    progress(
      `${name}: storm ${storm}${forget ? ' (with snapshots)' : ''}: all level after ${worst} ms; ${attempts} attempts, ` +
        `${refused} told to wait, ${pulls} pulls, ${snapshot_pages} snapshot pages, ${Math.round(cpuMs)} ms of CPU`,
    )
  }
  await server.ask({ kind: 'rest' }, 'resting')
  return done
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function summary(done: readonly Storm[]) {
  const plain = done.filter(({ forget }) => !forget)
  const forgotten = done.filter(({ forget }) => forget)
  const worst = (of: readonly Storm[]) => of.map(({ level }) => Math.max(...level.times_ms))
  const clientTimes = plain.flatMap(({ level }) => level.times_ms)
  return {
    all_level_median_ms: round(quantile(worst(plain), 0.5)),
    all_level_worst_ms: round(Math.max(...worst(plain))),
    client_level_p50_ms: round(quantile(clientTimes, 0.5)),
    client_level_p99_ms: round(quantile(clientTimes, 0.99)),
    server_cpu_ms_a_storm: round(mean(plain.map(({ cpuMs }) => cpuMs))),
    with_snapshots_all_level_worst_ms: forgotten.length === 0 ? null : round(Math.max(...worst(forgotten))),
    attempts_a_client: round(mean(done.map(({ level }) => level.attempts / clients))),
    told_to_wait: done.reduce((sum, { level }) => sum + level.refused, 0),
  }
}

function figuresOf(server: Child): Promise<Figures> {
  return server.ask<Figures>({ kind: 'figures' }, 'figures')
}

/** Nobody writes any more: every cursor of every client comes to its head, or the bench fails. */
async function expectNothingLost(server: Child, swarm: Child): Promise<void> {
  const { heads } = await figuresOf(server)
  let behind: string[] = []
  for (let attempt = 0; attempt < 300; attempt += 1) {
    const { least } = await swarm.ask<Extract<StormSwarmReply, { kind: 'cursors' }>>({ kind: 'cursors' }, 'cursors')
    behind = Object.keys(heads).filter((stream) => least[stream] !== heads[stream])
    if (behind.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`clients did not come level in ${behind.join(', ')}`)
}
