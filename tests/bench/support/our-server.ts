import { randomUUID } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { v7 as uuidv7 } from 'uuid'
import { type Customer, defaultStageProbabilities } from '../../../domain/directory.ts'
import { protocolVersion } from '../../../domain/wire/protocol-version.ts'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import { createAccessTokens } from '../../../server/auth/access-tokens.ts'
import type { Caller } from '../../../server/auth/caller.ts'
import { beginFamily } from '../../../server/auth/sessions.ts'
import { loadSigningKey } from '../../../server/auth/signing-key.ts'
import { systemClock } from '../../../server/clock.ts'
import { scaledLimits, serverConfig, signingKeyFile } from '../../../server/config.ts'
import { saveCustomer } from '../../../server/customers/commands.ts'
import { createLog } from '../../../server/log.ts'
import { savePerson, saveTeam } from '../../../server/people/commands.ts'
import { createQuote } from '../../../server/quotes/add-quote.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { findQuote } from '../../../server/quotes/queries.ts'
import { createServer } from '../../../server/server.ts'
import type { Store } from '../../../server/store/store.ts'
import { saveWorkspace } from '../../../server/workspace/commands.ts'
import {
  type Audience,
  monotonicUs,
  type Published,
  type PublisherReply,
  type PublisherRequest,
} from './publisher-protocol.ts'

/** The whole server, with a person and a session for each client. Started by fork; argv: clients, teams, data folder. */
const [clientsText, teamsText, dataDir] = process.argv.slice(2)
const clients = Number(clientsText)
const teams = Number(teamsText)

const defaults = serverConfig({ dataDir: dataDir ?? '' })
const config = { ...defaults, port: 0, limits: scaledLimits(defaults.limits, 1_000) }
const server = createServer(config, { clock: systemClock, log: createLog('error') })
const { port, store } = await server.start()

interface Seeded {
  people: Caller[]
  quoteIds: string[]
  customer: Customer
}

async function seed(target: Store): Promise<Seeded> {
  const teamIds = Array.from({ length: teams }, () => uuidv7())
  const people: Caller[] = []
  const quoteIds: string[] = []
  const customer: Customer = {
    id: uuidv7(),
    name: 'Acme Corporation',
    sector: 'technology',
    country: 'United States',
    contact_name: null,
    contact_email: null,
  }
  await target.transact(async (tx) => {
    const workspace = { id: uuidv7(), name: 'Bench', stage_probabilities: defaultStageProbabilities }
    await saveWorkspace(tx, workspace)
    await saveCustomer(tx, customer)
    for (const [index, id] of teamIds.entries()) await saveTeam(tx, { id, name: `Team ${index}` })
    for (let client = 0; client < clients; client += 1) {
      const memberships = [{ team_id: teamIds[client % teams] ?? '', role: 'rep' as const }]
      const person = { id: uuidv7(), name: `Person ${client}`, time_zone: 'Europe/Berlin', active: true, memberships }
      await savePerson(tx, person)
      people.push(person)
    }
    for (const [index, team_id] of teamIds.entries()) {
      const owner_id = people[index]?.id ?? ''
      const lines = [{ product: 'GTX Pro', description: 'Yearly licence', quantity: 2, unit_price_minor: 482_100 }]
      const expires_on = Temporal.Now.plainDateISO('Europe/Berlin').add({ days: 30 }).toString()
      const rest = { title: 'Renewal', value_minor: 964_200, currency: 'USD', time_zone: 'Europe/Berlin' }
      const draft = { id: uuidv7(), team_id, owner_id, customer_id: customer.id, lines, expires_on, ...rest }
      quoteIds.push((await createQuote(tx, draft, owner_id)).id)
    }
  })
  return { people, quoteIds, customer }
}

const { people, quoteIds, customer } = await seed(store)
const say = (message: PublisherReply) => process.send?.(message)

/** What was handed to the sockets, and when. Registered after the server's own listener, so it hears of it right after. */
let handed: Published['events'] = []
const samples: Partial<Record<Audience, StreamEvent>> = {}
const teamOf = new Map(quoteIds.map((id, index) => [id, index]))
store.onCommitted((events) => {
  for (const event of events) note(event)
})

function note(event: StreamEvent): void {
  const { change, place } = event
  const team = change.type === 'quote.changed' ? (teamOf.get(change.data.quote.id) ?? null) : null
  samples[team === null ? 'everybody' : 'teams'] = event
  handed.push({ team, seq: place.seq, at_us: 0 })
}

async function toEverybody(): Promise<void> {
  const startedUs = monotonicUs()
  await store.transact((tx) => saveCustomer(tx, customer))
  stamp(startedUs)
}

async function toEachTeam(): Promise<void> {
  for (const [index, quoteId] of quoteIds.entries()) {
    const startedUs = monotonicUs()
    await store.transact(async (tx) => {
      const quote = await findQuote(tx.db, quoteId)
      if (!quote) throw new Error('a seeded quote is gone')
      const to = quote.status === 'draft' ? ('active' as const) : ('draft' as const)
      const change = await changeStatus(tx, quote, { transition: { to }, reason: null }, people[index] ?? null)
      if (!change.ok) throw new Error(change.refusal.message)
    })
    stamp(startedUs)
  }
}

/** From the start of the command: what a person waits for includes the commit. */
function stamp(startedUs: number): void {
  for (const event of handed) if (event.at_us === 0) event.at_us = startedUs
}

async function publish(audience: Audience): Promise<Published['events']> {
  handed = []
  await (audience === 'everybody' ? toEverybody() : toEachTeam())
  return handed
}

process.on('message', (request: PublisherRequest) => {
  if (request.kind === 'memory') {
    globalThis.gc?.()
    say({ kind: 'memory', rss_bytes: process.memoryUsage().rss })
  }
  if (request.kind === 'cpu') {
    const { user, system } = process.cpuUsage()
    say({ kind: 'cpu', cpu_us: user + system })
  }
  if (request.kind === 'publish') void publish(request.audience).then((events) => say({ kind: 'published', events }))
})

await publish('everybody')
await publish('teams')
const tokens = createAccessTokens(loadSigningKey(signingKeyFile(config.dataDir)), systemClock)
const auths: string[] = []
for (const { id } of people) {
  const session = await store.transact((tx) => beginFamily(tx, id, config.accessTtlMs))
  const token = await tokens.issue(session, config.accessTtlMs)
  auths.push(JSON.stringify({ token, protocol: protocolVersion, client_id: randomUUID() }))
}
say({ kind: 'listening', port, auths, samples: samples as Record<Audience, unknown> })
