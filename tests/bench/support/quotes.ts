import type { Temporal } from 'temporal-polyfill'
import { v7 as uuidv7 } from 'uuid'
import type { Customer, Person, Team } from '../../../domain/directory.ts'
import { type HistoryEntry, type Outcome, type Quote, type Status, statuses } from '../../../domain/quote.ts'
import type { StreamChange, StreamEvent } from '../../../domain/wire/stream-event.ts'
import { orgStream, type StreamName, teamStream } from '../../../domain/wire/stream-name.ts'

/** A small linear congruential generator: every run measures the same data. */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const names = ['Acme', 'Betatech', 'Cancity', 'Dontechi', 'Finhigh', 'Hottechi', 'Isdom', 'Konex', 'Nordwind', 'Zoomit']
const kinds = [
  'Corporation',
  'Holding',
  'Systems',
  'GmbH',
  'Partners',
  'Industries',
  'Labs',
  'Retail',
  'Logistics',
  'Bank',
]
const titles = [
  'Renewal',
  'Pilot',
  'Expansion',
  'Support plan',
  'Migration',
  'Licences',
  'Hardware refresh',
  'Training',
]
const products = ['GTX Basic', 'GTX Pro', 'MG Special', 'MG Advanced', 'GTX Plus Pro', 'GTK 500']
const currencies = ['EUR', 'USD', 'GBP', 'JPY']
const zones = ['Europe/Berlin', 'America/New_York', 'Europe/London', 'Asia/Tokyo']
const outcomesOf: Outcome[] = ['won', 'lost', 'withdrawn']

export interface Workspace {
  id: string
  teams: Team[]
  people: Person[]
  customers: Customer[]
  quotes: Quote[]
}

/** A workspace of 5 teams, 25 people, 1,000 customers and `count` quotes with one line each, dates around `today`. */
export function makeWorkspace(count: number, today: Temporal.PlainDate, seed = 1): Workspace {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const teams = Array.from({ length: 5 }, (_, index) => ({ id: uuidv7(), name: `Team ${index + 1}` }))
  const people = Array.from({ length: 25 }, (_, index): Person => {
    const memberships = [{ team_id: teams[index % teams.length]?.id ?? '', role: 'rep' as const }]
    return { id: uuidv7(), name: `Person ${index + 1}`, time_zone: 'Europe/Berlin', active: true, memberships }
  })
  const customers = Array.from({ length: 1_000 }, (_, index): Customer => {
    const name = `${pick(names)} ${pick(kinds)} ${index}`
    return { id: uuidv7(), name, sector: null, country: null, contact_name: null, contact_email: null }
  })
  const quotes = Array.from({ length: count }, (_, index): Quote => {
    const owner = pick(people)
    const status: Status = pick(statuses)
    const at = `${today.subtract({ days: random(300) }).toString()}T${String(random(24)).padStart(2, '0')}:00:00.000Z`
    const quantity = 1 + random(20)
    const unit_price_minor = 1_000 + random(500_000)
    return {
      id: uuidv7(),
      quote_id: index + 1,
      revision: 1,
      version: 1,
      team_id: owner.memberships[0]?.team_id ?? '',
      owner_id: owner.id,
      customer_id: pick(customers).id,
      title: `${pick(titles)} ${index}`,
      status,
      outcome: status === 'closed' ? pick(outcomesOf) : null,
      reason: null,
      value_minor: quantity * unit_price_minor,
      currency: pick(currencies),
      lines: [{ product: pick(products), description: 'Yearly licence', quantity, unit_price_minor }],
      expires_on: today.add({ days: random(120) - 60 }).toString(),
      time_zone: pick(zones),
      sent_at: null,
      closed_at: status === 'closed' ? at : null,
      created_at: at,
      updated_at: at,
    }
  })
  return { id: uuidv7(), teams, people, customers, quotes }
}

/** The workspace as the events that made it, in streams with dense seqs. */
export function eventsOf(workspace: Workspace, epoch: string): Map<StreamName, StreamEvent[]> {
  const log = new Map<StreamName, StreamEvent[]>()
  const append = (stream: StreamName, describe: (seq: number) => StreamChange) => {
    const events = log.get(stream) ?? []
    log.set(stream, events)
    const seq = events.length + 1
    events.push({ place: { stream, epoch, seq, at: '2026-01-01T00:00:00.000Z', origin: null }, change: describe(seq) })
  }
  const org = orgStream(workspace.id)
  const stage_probabilities = { active: 20, sent: 40, negotiation: 70 }
  append(org, () => ({ type: 'workspace.saved', data: { id: workspace.id, name: 'Bench', stage_probabilities } }))
  for (const data of workspace.teams) append(org, () => ({ type: 'team.saved', data }))
  for (const data of workspace.people) append(org, () => ({ type: 'person.saved', data }))
  for (const data of workspace.customers) append(org, () => ({ type: 'customer.saved', data }))
  for (const quote of workspace.quotes) {
    const stream = teamStream(quote.team_id)
    append(stream, (seq) => ({ type: 'quote.added', data: { quote, history: [firstEntry(quote, stream, seq)] } }))
  }
  return log
}

export function firstEntry(quote: Quote, stream: StreamName, seq: number): HistoryEntry {
  return {
    quote: quote.id,
    version: 1,
    kind: 'imported',
    from_status: null,
    to_status: quote.status,
    outcome: quote.outcome,
    reason: null,
    note: null,
    before: null,
    after: null,
    actor_id: quote.owner_id,
    at: quote.created_at,
    stream,
    seq,
  }
}
