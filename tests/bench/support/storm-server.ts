import { randomUUID } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { v7 as uuidv7 } from 'uuid'
import { defaultStageProbabilities } from '../../../domain/directory.ts'
import type { Quote } from '../../../domain/quote.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import { createAccessTokens } from '../../../server/auth/access-tokens.ts'
import type { Caller } from '../../../server/auth/caller.ts'
import { beginFamily } from '../../../server/auth/sessions.ts'
import { loadSigningKey } from '../../../server/auth/signing-key.ts'
import { systemClock } from '../../../server/clock.ts'
import { scaledLimits, serverConfig, signingKeyFile } from '../../../server/config.ts'
import { createLog } from '../../../server/log.ts'
import { savePerson, saveTeam } from '../../../server/people/commands.ts'
import { addDraft } from '../../../server/quotes/add-quote.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { findQuote } from '../../../server/quotes/queries.ts'
import { createServer } from '../../../server/server.ts'
import { saveWorkspace } from '../../../server/workspace/commands.ts'
import type { StormServerReply, StormServerRequest } from './storm-protocol.ts'

/** The whole server with a team of quotes for every 25 clients. Started by fork; argv: clients, data folder. */
const [clientsText, dataDir] = process.argv.slice(2)
const clients = Number(clientsText)
const teamSize = 25
const quotesOfTeam = 100
const commitEachMs = 20

const defaults = serverConfig({ dataDir: dataDir ?? '' })
// All clients come from one address here; what is measured is admission, which is as it ships.
const config = { ...defaults, port: 0, limits: scaledLimits(defaults.limits, 1_000) }
const server = createServer(config, { clock: systemClock, log: createLog('error') })
const { port, store, snapshots } = await server.start()
const say = (message: StormServerReply) => process.send?.(message)

const people: Caller[] = []
const quotes: Quote['id'][] = []
await store.transact(async (tx) => {
  await saveWorkspace(tx, { id: uuidv7(), name: 'Bench', stage_probabilities: defaultStageProbabilities })
  const teams = Array.from({ length: Math.ceil(clients / teamSize) }, () => uuidv7())
  for (const [index, id] of teams.entries()) await saveTeam(tx, { id, name: `Team ${index}` })
  for (let client = 0; client < clients; client += 1) {
    const memberships = [{ team_id: teams[Math.floor(client / teamSize)] ?? '', role: 'rep' as const }]
    const person = { id: uuidv7(), name: `Person ${client}`, time_zone: 'Europe/Berlin', active: true, memberships }
    await savePerson(tx, person)
    people.push(person)
  }
  for (const [index, team_id] of teams.entries()) {
    const owner_id = people[index * teamSize]?.id ?? ''
    for (let count = 0; count < quotesOfTeam; count += 1) {
      const lines = [{ product: 'GTX Pro', description: 'Yearly licence', quantity: 2, unit_price_minor: 482_100 }]
      const rest = { title: 'Renewal', value_minor: 964_200, currency: 'USD', time_zone: 'Europe/Berlin' }
      const draft = { id: uuidv7(), team_id, owner_id, customer_id: null, lines, expires_on: '2030-01-31', ...rest }
      quotes.push((await addDraft(tx, draft, { actorId: owner_id, origin: null })).quote.id)
    }
  }
})

let shift = new AbortController()
let next = 0
let running: Promise<void> = Promise.resolve()

async function commitOne(): Promise<void> {
  const index = (next * 7_919) % quotes.length
  next += 1
  await store.transact(async (tx) => {
    const quote = await findQuote(tx.db, quotes[index] ?? '')
    if (!quote) throw new Error('a seeded quote is gone')
    // Without a customer a draft stays one: a withdrawal and a person's name are changes of both streams all the same.
    const to = quote.status === 'closed' ? null : ({ to: 'closed', outcome: 'withdrawn' } as const)
    const by = people[Math.floor(index / quotesOfTeam) * teamSize]
    if (to && by) await changeStatus(tx, quote, { transition: to, reason: null }, by)
    if (by && next % 10 === 0) await savePerson(tx, { ...by, name: `Person ${next}` })
  })
}

async function work(over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await commitOne()
    await new Promise((resolve) => setTimeout(resolve, commitEachMs))
  }
}

const turns = monitorEventLoopDelay({ resolution: 5 })
turns.enable()

async function figures(): Promise<StormServerReply> {
  const { user, system } = process.cpuUsage()
  const rows = await store.read.selectFrom('streams').select(['stream', 'head']).execute()
  const longest = turns.max / 1e6
  turns.reset()
  return {
    kind: 'figures',
    cpu_us: user + system,
    peak_rss_bytes: process.resourceUsage().maxRSS * 1024,
    snapshots_built: snapshots.figures().builds,
    heads: Object.fromEntries(rows.map(({ stream, head }) => [stream, head])),
    longest_turn_ms: longest,
  }
}

process.on('message', (request: StormServerRequest) => {
  if (request.kind === 'work') {
    shift = new AbortController()
    running = work(shift.signal)
  }
  if (request.kind === 'rest') {
    shift.abort()
    void running.then(() => say({ kind: 'resting' }))
  }
  if (request.kind === 'figures') void figures().then(say)
})

const tokens = createAccessTokens(loadSigningKey(signingKeyFile(config.dataDir)), systemClock)
const hourMs = 3_600_000
const auths: string[] = []
for (const { id } of people) {
  const session = await store.transact((tx) => beginFamily(tx, id, hourMs))
  const token = await tokens.issue(session, hourMs)
  auths.push(JSON.stringify({ token, protocol: protocolVersion, client_id: randomUUID() }))
}
say({ kind: 'listening', port, auths })
