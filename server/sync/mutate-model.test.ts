import * as fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Person } from '../../domain/directory.ts'
import type { ChangedFields, Quote } from '../../domain/quote.ts'
import type { Mutation, MutationResult } from '../../domain/wire/sync-http.ts'
import { type EditWorld, editOf, editWorld, noteOf, reassignOf, stepOf } from '../../tests/integration/support/edits.ts'
import { listHistory } from '../quotes/queries.ts'
import { verifyDatabase } from '../store/verify.ts'
import { readState } from './read-state.ts'

let world: EditWorld
beforeEach(async () => {
  world = await editWorld()
})
afterEach(() => world.close())

/** Fields of the model: those that the random edits change. */
const modelled = ['title', 'value_minor', 'expires_on', 'status', 'owner_id'] as const
type Field = (typeof modelled)[number]
type State = Record<Field, unknown>
interface Version {
  state: State
  by: number
  /** Written by the mutation, also with the value that was there already. */
  touched: Field[]
}

type Wish =
  | { kind: 'edit'; fields: Pick<ChangedFields, 'title' | 'value_minor' | 'expires_on'> }
  | { kind: 'status'; to: 'draft' | 'active' | 'sent' }
  | { kind: 'owner'; to: 0 | 1 }
  | { kind: 'note' }

const wishes: fc.Arbitrary<Wish> = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    fields: fc
      .record(
        {
          title: fc.constantFrom('a', 'b', 'c'),
          value_minor: fc.constantFrom(1, 2, 3),
          expires_on: fc.constantFrom('2026-04-01', '2026-05-01'),
        },
        { requiredKeys: [] },
      )
      .filter((fields) => Object.keys(fields).length > 0),
  }),
  fc.record({ kind: fc.constant('status' as const), to: fc.constantFrom('draft', 'active', 'sent') }),
  fc.record({ kind: fc.constant('owner' as const), to: fc.constantFrom(0, 1) }),
  fc.constant({ kind: 'note' as const }),
)

const steps = fc.array(
  fc.record({
    client: fc.nat({ max: 2 }),
    /** How many versions the client is behind, of those it has not made itself. */
    stale: fc.nat({ max: 4 }),
    batch: fc.array(wishes, { minLength: 1, maxLength: 4 }),
    /** Sends the whole batch again, and some of the past before it. */
    retries: fc.nat({ max: 2 }),
    past: fc.nat({ max: 3 }),
  }),
  { minLength: 1, maxLength: 14 },
)

/** The plainest thing that does what the protocol says of one quote. */
class Model {
  readonly versions: Version[]
  readonly owners: string[]

  constructor(quote: Quote, owners: string[]) {
    const state = Object.fromEntries(modelled.map((field) => [field, quote[field]])) as State
    this.versions = [{ state, by: -1, touched: [] }]
    this.owners = owners
  }

  get now(): State {
    return (this.versions.at(-1) as Version).state
  }

  wanted(wish: Wish): Partial<State> {
    if (wish.kind === 'edit') return wish.fields
    if (wish.kind === 'status') return { status: wish.to }
    return wish.kind === 'owner' ? { owner_id: this.owners[wish.to] } : {}
  }

  /** What the server must answer: the version made, or why not and which fields conflict. */
  apply(client: number, base: number, wish: Wish): { version: number } | { code: string; fields: Field[] } {
    const wanted = this.wanted(wish)
    const others = this.versions.slice(base).filter(({ by }) => by !== client)
    const touchedBy = (field: Field) => others.filter(({ touched }) => touched.includes(field))
    const names = Object.keys(wanted) as Field[]
    const fields = names.filter((field) => {
      const [first] = touchedBy(field)
      if (!first) return false
      const before = (this.versions[this.versions.indexOf(first) - 1] as Version).state[field]
      return this.now[field] !== wanted[field] && this.now[field] !== before
    })
    if (fields.length > 0) return { code: 'conflict', fields }
    const same = names.length > 0 && names.every((field) => this.now[field] === wanted[field])
    const agreed = same && names.some((field) => touchedBy(field).length > 0)
    if (wish.kind === 'status' && !agreed) {
      const next: Record<string, string[]> = { draft: ['active'], active: ['draft', 'sent'], sent: [] }
      if (!next[String(this.now.status)]?.includes(wish.to)) return { code: 'not_a_next_state', fields: [] }
    }
    if (wish.kind === 'owner' && same && !agreed) return { code: 'invalid_edit', fields: [] }
    const touched = names.filter((field) => this.now[field] !== wanted[field] || wish.kind === 'status')
    this.versions.push({ state: { ...this.now, ...wanted }, by: client, touched })
    return { version: this.versions.length }
  }
}

function toMutation(wish: Wish, id: number, quote: Quote, base: number, owners: string[]): Mutation {
  const at = { id: quote.id, version: base }
  if (wish.kind === 'edit') return editOf(id, at, wish.fields)
  if (wish.kind === 'status') return stepOf(id, at, wish.to)
  if (wish.kind === 'owner') return reassignOf(id, at, quote.team_id, owners[wish.to] ?? '')
  return noteOf(id, at, 'noted')
}

const told = (result: MutationResult) =>
  result.outcome === 'committed'
    ? { version: result.version }
    : { code: result.code, fields: result.conflicts.map(({ field }) => field) }

test('I1 I2 I4 I5: three clients with stale bases, retries and duplicates end as a plain model of the protocol says', async () => {
  const managers: Person[] = [world.mia, world.mia, world.mia]
  const owners = [world.rob.id, world.mia.id]
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const quote = await world.draft()
      const model = new Model(quote, owners)
      const clients = managers.map((by) => ({ by, id: crypto.randomUUID(), seen: 1, sent: [] as Mutation[] }))
      const answers = clients.map((): MutationResult[] => [])
      for (const { client: index, stale, batch, retries, past } of script) {
        const client = clients[index] as (typeof clients)[number]
        const known = answers[index] as MutationResult[]
        client.seen = Math.max(client.seen, model.versions.length - stale)
        const base = client.seen
        const fresh = batch.map((wish, at) => toMutation(wish, client.sent.length + at + 1, quote, base, owners))
        const expected = batch.map((wish) => model.apply(index, base, wish))
        const repeated = client.sent.slice(-past || client.sent.length)
        client.sent.push(...fresh)
        const results = await world.send([...repeated, ...fresh], client.by, client.id)
        expect(results.slice(0, repeated.length)).toEqual(known.slice(known.length - repeated.length))
        expect(results.slice(repeated.length).map(told)).toEqual(expected)
        known.push(...results.slice(repeated.length))
        for (let retry = 0; retry < retries; retry += 1) {
          expect(await world.send(fresh, client.by, client.id)).toEqual(known.slice(-fresh.length))
        }
      }
      const end = await world.now(quote.id)
      expect(end).toMatchObject({ ...model.now, version: model.versions.length })
      const history = await listHistory(world.store.read, quote.id)
      expect(history.map(({ version }) => version)).toEqual(model.versions.map((_, index) => index + 1))
      // What the history tells, field by field, adds up to what the quote is.
      const retold = history.reduce<object>(
        (state, { after, to_status }) => ({ ...state, ...after, status: to_status }),
        {
          ...quote,
        },
      )
      expect(retold).toMatchObject(model.now)
    }),
    { numRuns: 40 },
  )
  expect(world.logged).toEqual([])
  const events = await world.events(world.north.stream)
  expect(events.map(({ place }) => place.seq)).toEqual(events.map((_, index) => index + 1))
  expect(await verifyDatabase(world.file, readState)).toMatchObject({ ok: true, problems: [] })
})
