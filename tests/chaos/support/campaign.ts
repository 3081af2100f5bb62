import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../../server/clock.ts'
import { databaseFile } from '../../../server/config.ts'
import { openStore } from '../../../server/store/store.ts'
import { verifyDatabase } from '../../../server/store/verify.ts'
import { readState } from '../../../server/sync/read-state.ts'
import { projectRoot } from '../../../tools/project-root.ts'
import { nextMondayMorning } from '../../e2e/support/clocked-server.ts'
import { scratchFolder } from '../../fuzz/support/files.ts'
import { createPrng, type Prng } from '../../fuzz/support/prng.ts'
import { type ChaosEngine, createChaosEngine, EngineGoneError, firstOf } from './chaos-engine.ts'
import { type ChaosServer, createChaosServer } from './chaos-server.ts'
import { addExpiring, emailOf, password, seedChaosWorld, type World } from './chaos-world.ts'
import { checkAlerts, checkHashes, checkLog, type Damage, noDamage, reportsOf } from './checks.ts'
import { type Made, pause, work } from './load.ts'
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts'

export interface CampaignOptions {
  rounds: number
  seed: number
  /** The folder of the built engine; a copy of it is run, so that it may be built anew meanwhile. */
  built: string
  onRound: (line: string) => void
}

export interface CampaignResult {
  seed: number
  rounds: number
  seconds: number
  rounds_per_minute: number
  edits: number
  edits_in_the_log: number
  refused: number
  server_kills: number
  engine_kills: number
  connections: { connections: number; cut: number; doubled: number }
  toasts: number
  damage: Damage
}

/** Work under faults lasts this long in each round. */
const faultsMs = 1_800
/** After the last fault everybody must be level within this. */
const levelWithinMs = 60_000

interface Site {
  world: World
  serverDir: string
  serverUrl: string
  server: ChaosServer
  proxy: TcpProxy
  engines: readonly ChaosEngine[]
}

/** Rounds of faults on real processes and real sockets; after each, everything is counted. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const began = performance.now()
  const prng = createPrng(options.seed)
  const scratch = scratchFolder()
  const site = await openSite(scratch.dir, copyOfBuilt(options.built, scratch.dir))
  const damage = noDamage()
  const made: Made[] = []
  const refused = new Set<string>()
  let inLog = 0
  let rounds = 0
  try {
    for (; rounds < options.rounds && isWhole(damage); rounds += 1) {
      await faultyRound(site, prng, made)
      const levelMs = await untilLevel(site)
      for (const engine of site.engines) await collectRefused(engine, made, refused)
      inLog = checkLog(site.serverDir, made, refused, damage)
      for (const engine of site.engines) {
        await checkHashes(engine, damage)
        const person = engine.name === 'mia' ? site.world.mia : site.world.rob
        checkAlerts(engine, site.serverUrl, person.id, damage)
      }
      if (rounds % 10 === 0) await checkWholeFile(site, damage)
      options.onRound(`round ${rounds + 1}: ${made.length} edits, level after ${Math.round(levelMs)} ms`)
    }
    await checkWholeFile(site, damage)
    const seconds = (performance.now() - began) / 1_000
    return {
      seed: options.seed,
      rounds,
      seconds: Math.round(seconds * 10) / 10,
      rounds_per_minute: Math.round((rounds / seconds) * 600) / 10,
      edits: made.length,
      edits_in_the_log: inLog,
      refused: refused.size,
      server_kills: site.server.kills(),
      engine_kills: site.engines.reduce((sum, engine) => sum + engine.kills(), 0),
      connections: site.proxy.figures(),
      toasts: site.engines.reduce((sum, engine) => sum + engine.toasts(), 0),
      damage,
    }
  } finally {
    await Promise.all([site.server.kill(), ...site.engines.map((engine) => engine.kill())])
    await site.proxy.close()
    rmSync(scratch.dir, { recursive: true, force: true, maxRetries: 5 })
  }
}

export const isWhole = (damage: Damage): boolean => Object.values(damage).every((list) => list.length === 0)

function copyOfBuilt(built: string, dir: string): string {
  const copy = path.join(dir, 'engine')
  cpSync(built, copy, { recursive: true })
  symlinkSync(path.join(projectRoot, 'node_modules'), path.join(dir, 'node_modules'))
  writeFileSync(path.join(dir, 'package.json'), '{"type":"module"}')
  return path.join(copy, 'engine.js')
}

async function openSite(dir: string, engineEntry: string): Promise<Site> {
  const clock = nextMondayMorning()
  const aheadMs = clock.nowMs() - systemClock.nowMs()
  const serverDir = path.join(dir, 'server')
  const world = await seedChaosWorld(serverDir, clock)
  const server = createChaosServer(serverDir, aheadMs)
  await server.start()
  const proxy = await startTcpProxy(server.port)
  const serverUrl = `http://127.0.0.1:${proxy.port}`
  // Two devices of one person, and another person.
  const engines = (['rob', 'rob-laptop', 'mia'] as const).map((name) => {
    const person = name === 'mia' ? world.mia : world.rob
    const dataDir = path.join(dir, name)
    mkdirSync(dataDir, { recursive: true })
    return createChaosEngine({ name, entry: engineEntry, dataDir, serverUrl, email: emailOf(person), password })
  })
  const site = { world, serverDir, serverUrl, server, proxy, engines }
  await Promise.all(engines.map((engine) => engine.start()))
  await untilLevel(site)
  return site
}

async function faultyRound(site: Site, prng: Prng, made: Made[]): Promise<void> {
  let goesOn = true
  let marks = made.length
  const nextMark = () => `mark ${(marks += 1)} ${prng.int(1_000_000)}`
  const working = site.engines.map((engine) =>
    work(engine, site.world, createPrng(prng.int(2 ** 31)), made, nextMark, () => goesOn),
  )
  const office = officeWork(site, prng)
  const endAt = performance.now() + faultsMs
  while (performance.now() < endAt) {
    await pause(50 + prng.int(300))
    await oneFault(site, prng)
  }
  goesOn = false
  site.proxy.stall(false)
  site.proxy.double(false)
  await Promise.all([...working, office])
}

async function oneFault({ server, proxy, engines }: Site, prng: Prng): Promise<void> {
  const what = prng.weighted({ server: 3, engine: 4, cut: 3, stall: 2, flow: 2, double: 2, start: 6 })
  const engine = prng.pick(engines)
  if (what === 'server') await server.kill()
  else if (what === 'engine') await engine?.kill()
  else if (what === 'cut') proxy.cut()
  else if (what === 'stall') proxy.stall(true)
  else if (what === 'flow') proxy.stall(false)
  else if (what === 'double') proxy.double(prng.chance(0.7))
  else {
    // Not waited for: the next fault may well hit a start.
    if (!server.isUp()) void server.start().catch(() => undefined)
    if (engine && !engine.isUp()) void engine.start().catch(() => undefined)
  }
}

/** The command line is another process on the server's file; so is this. */
async function officeWork(site: Site, prng: Prng): Promise<void> {
  const store = await openStore({ file: databaseFile(site.serverDir), clock: nextMondayMorning() })
  await addExpiring(store, site.world, prng.int(4))
  await store.close()
}

/** Faults have stopped. @returns how long it took until everybody was level (I14) */
async function untilLevel(site: Site): Promise<number> {
  const began = performance.now()
  await Promise.all([site.server.start(), ...site.engines.map((engine) => startAgain(engine))])
  let why = ''
  while (performance.now() - began < levelWithinMs) {
    why = await whyNotLevel(site)
    if (why === '') return performance.now() - began
    await pause(40)
  }
  throw new Error(`I14: not level ${levelWithinMs / 1_000} s after the last fault: ${why}`)
}

/** Signing in needs the server, which may still be on its way: then it is done later. */
async function startAgain(engine: ChaosEngine): Promise<void> {
  if (!engine.isUp()) await engine.start().catch(() => undefined)
}

async function whyNotLevel({ engines }: Site): Promise<string> {
  for (const engine of engines) {
    try {
      if (!engine.isUp()) await engine.start()
      const status = await engine.ask((client) => firstOf(client.status.watch()))
      const { state } = status.connection
      if (state === 'signed_out') await engine.start()
      // What a person does who sees that the network is back.
      if (state === 'offline') await engine.ask((client) => client.status.retryNow())
      if (state !== 'live') return `${engine.name} is ${JSON.stringify(status.connection)}`
      if (status.pending_changes > 0) return `${engine.name} has ${status.pending_changes} changes`
      const behind = (await reportsOf(engine)).filter(({ gap, state: now }) => gap > 0 || now !== 'level')
      if (behind.length > 0) return `${engine.name}: ${JSON.stringify(behind)}`
    } catch (error) {
      if (error instanceof EngineGoneError) return error.message
      return `${engine.name}: ${String(error)}`
    }
  }
  return ''
}

/** Refused changes are seen by the person, who lets go of them. */
async function collectRefused(engine: ChaosEngine, made: readonly Made[], refused: Set<string>): Promise<void> {
  const { changes } = await engine.ask((client) => client.outbox.list())
  for (const change of changes) {
    if (change.state.kind !== 'refused') continue
    const record = made.find(({ device, entry }) => device === engine.name && entry === change.entry)
    if (record) refused.add(record.mark)
    await engine.ask((client) => client.outbox.discard({ entry: change.entry }))
  }
}

/** SQLite's pages, the chain of checksums, and the rows against the log. */
async function checkWholeFile(site: Site, damage: Damage): Promise<void> {
  const report = await verifyDatabase(databaseFile(site.serverDir), readState)
  damage.different.push(...report.problems)
}
