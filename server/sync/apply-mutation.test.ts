import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Person } from '../../domain/directory.ts'
import {
  type EditWorld,
  editOf,
  editWorld,
  miasClient,
  noteOf,
  reassignOf,
  robsClient,
  stepOf,
  times,
} from '../../tests/integration/support/edits.ts'
import { newEntityId } from '../ids.ts'
import { savePerson } from '../people/commands.ts'
import { listHistory } from '../quotes/queries.ts'
import { verifyDatabase } from '../store/verify.ts'
import { readState } from './read-state.ts'

let world: EditWorld
beforeEach(async () => {
  world = await editWorld()
})
afterEach(() => world.close())

describe('each kind of edit', () => {
  test('I1: a committed edit stands in row, history and log alike, and names its origin', async () => {
    const quote = await world.draft()
    const [made, edited, moved, noted] = await world.send(
      [
        world.create(1),
        editOf(2, quote, { title: 'Twelve desks', expires_on: null }),
        reassignOf(3, quote, world.north.id, world.mia.id),
        noteOf(4, quote, 'Call on Monday'),
      ],
      world.mia,
    )
    expect([made, edited, moved, noted].map((result) => result?.outcome)).toEqual(times(4, 'committed'))
    const history = await listHistory(world.store.read, quote.id)
    expect(history.slice(1)).toMatchObject([
      {
        version: 2,
        kind: 'edited',
        before: { title: 'Ten desks', expires_on: '2026-03-13' },
        after: { title: 'Twelve desks', expires_on: null },
        note: null,
        actor_id: world.mia.id,
      },
      { version: 3, kind: 'reassigned', before: { owner_id: world.rob.id }, after: { owner_id: world.mia.id } },
      { version: 4, kind: 'noted', note: 'Call on Monday', before: null, after: null },
    ])
    expect(await world.now(quote.id)).toMatchObject({ title: 'Twelve desks', owner_id: world.mia.id, version: 4 })
    const events = await world.events(world.north.stream)
    for (const [index, entry] of history.slice(1).entries()) {
      const event = events.find(({ place }) => place.seq === entry.seq)
      expect(event?.place.origin).toEqual({ client_id: robsClient, mutation_id: index + 2 })
      expect(event?.change).toMatchObject({ type: 'quote.changed', data: { entry, quote: { version: entry.version } } })
    }
  })

  test('a quote made offline gets its number, and edits made upon it before that arrive after it', async () => {
    await world.draft()
    const made = world.create(1)
    const base = { id: made.quote, version: 1 }
    const results = await world.send([
      made,
      editOf(2, base, { lines: [{ product: 'Chair', description: '', quantity: 2, unit_price_minor: 100 }] }),
      editOf(3, base, { value_minor: 200, expires_on: '2026-03-20' }),
      stepOf(4, base, 'active'),
    ])
    expect(results.map(({ outcome }) => outcome)).toEqual(times(4, 'committed'))
    expect(await world.now(made.quote)).toMatchObject({ quote_id: 2, version: 4, status: 'active', value_minor: 200 })
  })

  test('a wish that cannot be is refused in words that name it, with the quote as it is', async () => {
    const quote = await world.draft()
    await world.advance(quote.id, 'active')
    const stranger = newEntityId(world.clock.nowMs())
    const active = await world.now(quote.id)
    const results = await world.send(
      [
        editOf(1, active, { customer_id: stranger }),
        editOf(2, active, { lines: [] }),
        editOf(3, active, {}),
        reassignOf(4, active, world.north.id, world.sue.id),
        reassignOf(5, active, world.north.id, world.rob.id),
        world.create(6, { customer_id: stranger }),
        world.create(7, { quote: quote.id }),
        world.create(8, { team_id: world.south.id, owner_id: world.sue.id }),
      ],
      world.mia,
    )
    expect(results.map((result) => (result.outcome === 'rejected' ? result.code : result.outcome))).toEqual([
      'invalid_edit',
      'incomplete',
      'invalid_edit',
      'invalid_edit',
      'invalid_edit',
      'invalid_edit',
      'invalid_edit',
      'needs_permission',
    ])
    expect(results[0]).toMatchObject({ message: expect.stringContaining('customer'), current: active, conflicts: [] })
    expect(await listHistory(world.store.read, quote.id)).toHaveLength(2)
    expect(await world.events(world.north.stream)).toHaveLength(2)
  })

  test('reps neither reassign nor make quotes for others; viewers change nothing', async () => {
    const quote = await world.draft()
    const others = { owner_id: world.mia.id }
    expect(await world.one(reassignOf(1, quote, world.north.id, world.mia.id))).toMatchObject({
      code: 'needs_permission',
    })
    expect(await world.one(world.create(2, others))).toMatchObject({ code: 'needs_permission' })
    const results = await world.send(
      [editOf(1, quote, { title: 'x' }), noteOf(2, quote, 'x'), world.create(3)],
      world.vic,
      miasClient,
    )
    expect(results).toMatchObject(times(3, { code: 'needs_permission' }))
  })

  test('I16: an id in use is refused in the same words whether its quote may be seen or not', async () => {
    const mine = await world.draft()
    const hidden = await world.draft({ team_id: world.south.id, owner_id: world.sue.id })
    const seen = await world.one(world.create(1, { quote: mine.id }))
    const unseen = await world.one(world.create(2, { quote: hidden.id }))
    expect(seen).toEqual({ ...unseen, mutation_id: 1 })
    expect(seen).toMatchObject({ code: 'invalid_edit', current: null })
  })
})

describe('moving to another team', () => {
  test('I2: the new stream gets the whole history first, the old one tells of the leaving, both with the origin', async () => {
    const quote = await world.draft()
    await world.advance(quote.id, 'active')
    const published: string[] = []
    world.store.onCommitted((events) => published.push(...events.map(({ place }) => place.stream)))
    const result = await world.one(reassignOf(1, { ...quote, version: 2 }, world.south.id, world.sue.id), world.mia)
    expect(result).toMatchObject({ outcome: 'committed', stream: world.north.stream, seq: 3, version: 3 })
    expect(published).toEqual([world.south.stream, world.north.stream])
    const origin = { client_id: robsClient, mutation_id: 1 }
    const [added] = await world.events(world.south.stream)
    const history = await listHistory(world.store.read, quote.id)
    expect(added).toMatchObject({ place: { seq: 1, origin }, change: { type: 'quote.added' } })
    expect(added?.change.data).toEqual({ quote: await world.now(quote.id), history })
    expect(history.at(-1)).toMatchObject({
      kind: 'reassigned',
      before: { team_id: world.north.id, owner_id: world.rob.id },
      after: { team_id: world.south.id, owner_id: world.sue.id },
      stream: world.south.stream,
      seq: 1,
    })
    expect((await world.events(world.north.stream)).at(-1)).toMatchObject({
      place: { seq: 3, origin },
      change: { type: 'quote.removed', data: { id: quote.id } },
    })
    expect(await verifyDatabase(world.file, readState)).toMatchObject({ ok: true, problems: [] })
  })

  test('I16: after the move, what its old team still has queued meets a quote that is not there for them', async () => {
    const quote = await world.draft()
    await world.one(reassignOf(1, quote, world.south.id, world.sue.id), world.mia, miasClient)
    const results = await world.send([
      editOf(1, quote, { title: 'mine' }),
      stepOf(2, quote, 'active'),
      noteOf(3, quote, 'hello'),
    ])
    expect(results).toMatchObject(times(3, { code: 'not_found', current: null, conflicts: [] }))
  })

  test('a quote that goes and comes back leaves a database whose log and rows agree', async () => {
    const ben: Person = {
      ...world.mia,
      memberships: [world.north, world.south].map(({ id: team_id }) => ({ team_id, role: 'manager' as const })),
    }
    await world.store.transact((tx) => savePerson(tx, ben))
    const quote = await world.draft()
    const results = await world.send(
      [
        reassignOf(1, quote, world.south.id, ben.id),
        editOf(2, quote, { title: 'South desks' }),
        reassignOf(3, quote, world.north.id, ben.id),
        noteOf(4, quote, 'back'),
      ],
      ben,
    )
    expect(results.map(({ outcome }) => outcome)).toEqual(times(4, 'committed'))
    expect(await verifyDatabase(world.file, readState)).toMatchObject({ ok: true, problems: [] })
  })
})
