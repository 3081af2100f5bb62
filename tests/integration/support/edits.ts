import type { Person } from '../../../domain/directory.ts'
import type { Quote } from '../../../domain/quote.ts'
import { type StreamEvent, streamEventSchema } from '../../../domain/wire/stream-event.ts'
import type { StreamName } from '../../../domain/wire/stream-name.ts'
import { type Mutation, type MutationResult, mutationResultSchema } from '../../../domain/wire/sync-http.ts'
import { newEntityId } from '../../../server/ids.ts'
import { changeStatus } from '../../../server/quotes/change-status.ts'
import { findQuote } from '../../../server/quotes/queries.ts'
import { readBodies } from '../../../server/store/log.ts'
import type { Store } from '../../../server/store/store.ts'
import { mutate } from '../../../server/sync/mutate.ts'
import { addDraft, type HandClock, handClock, seedWorld, tempStore, type World } from './world.ts'

type OfName<Name extends Mutation['name']> = Extract<Mutation, { name: Name }>
/** What an edit is based on: the quote and the version that the person saw. */
export type Base = Pick<Quote, 'id' | 'version'>

const based = (mutation_id: number, quote: Base) => ({ mutation_id, quote: quote.id, base_version: quote.version })

export const editOf = (mutation_id: number, quote: Base, fields: OfName<'quote.edit'>['fields']): Mutation => ({
  name: 'quote.edit',
  ...based(mutation_id, quote),
  fields,
})
export const stepOf = (
  mutation_id: number,
  quote: Base,
  to: Quote['status'],
  given: { outcome?: Quote['outcome']; reason?: string } = {},
): Mutation => ({
  name: 'quote.change_status',
  ...based(mutation_id, quote),
  to,
  outcome: given.outcome ?? null,
  reason: given.reason ?? null,
})
export const noteOf = (mutation_id: number, quote: Base, text: string): Mutation => ({
  name: 'quote.add_note',
  mutation_id,
  quote: quote.id,
  text,
})
export const reassignOf = (mutation_id: number, quote: Base, team_id: string, owner_id: string): Mutation => ({
  name: 'quote.reassign',
  ...based(mutation_id, quote),
  team_id,
  owner_id,
})

export const robsClient = '11111111-1111-4111-8111-111111111111'
export const miasClient = '22222222-2222-4222-8222-222222222222'

/** A store with the two teams, and people who send edits to it as their clients do. */
export interface EditWorld extends World {
  clock: HandClock
  store: Store
  file: string
  /** What the server logged as errors. */
  logged: Array<{ err: unknown }>
  draft(given?: Partial<Quote>): Promise<Quote>
  /** A new draft of Rob's without lines. */
  create(mutation_id: number, given?: Partial<OfName<'quote.create'>>): OfName<'quote.create'>
  /** Rob's client unless told otherwise. */
  send(mutations: Mutation[], by?: Person, client_id?: string, into?: Store): Promise<MutationResult[]>
  one(mutation: Mutation, by?: Person, client_id?: string, into?: Store): Promise<MutationResult>
  /** A step of Rob's by another door than the sync. */
  advance(id: string, to: 'active' | 'draft' | 'sent'): Promise<void>
  now(id: string): Promise<Quote>
  events(stream: StreamName): Promise<StreamEvent[]>
  close(): Promise<void>
}

export async function editWorld(): Promise<EditWorld> {
  const clock = handClock()
  const { store, file, close } = await tempStore(clock)
  const world = await seedWorld(store)
  const logged: EditWorld['logged'] = []
  const log = { error: (entry: { err: unknown }) => void logged.push(entry) }

  const send: EditWorld['send'] = async (mutations, by = world.rob, client_id = robsClient, into = store) =>
    mutationResultSchema.array().parse(await mutate({ store: into, log }, { client_id, person_id: by.id }, mutations))

  return {
    ...world,
    clock,
    store,
    file,
    logged,
    close,
    send,
    draft: (given) => store.transact((tx) => addDraft(tx, world, given)),
    create: (mutation_id, given) => ({
      name: 'quote.create',
      mutation_id,
      quote: newEntityId(clock.nowMs()),
      team_id: world.north.id,
      owner_id: world.rob.id,
      customer_id: world.acme.id,
      title: 'Ten chairs',
      currency: 'EUR',
      lines: [],
      value_minor: 0,
      expires_on: null,
      time_zone: 'Europe/Berlin',
      ...given,
    }),
    one: async (mutation, ...rest) => {
      const [result] = await send([mutation], ...rest)
      if (!result) throw new Error('one mutation was answered with nothing')
      return result
    },
    advance: (id, to) =>
      store.transact(async (tx) => {
        const quote = await findQuote(tx.db, id)
        const change = quote && (await changeStatus(tx, quote, { transition: { to }, reason: null }, world.rob))
        if (!change?.ok) throw new Error(`${id} does not become ${to}`)
      }),
    now: async (id) => {
      const quote = await findQuote(store.read, id)
      if (!quote) throw new Error(`there is no quote ${id}`)
      return quote
    },
    events: async (stream) =>
      (await readBodies(store.read, stream, 0, 10_000)).map((body) => streamEventSchema.parse(JSON.parse(body))),
  }
}

/** The same thing `count` times, to compare a list of results with. */
export const times = <T>(count: number, thing: T): T[] => Array.from({ length: count }, () => thing)
