import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Problem } from '../../domain/wire/problem.ts'
import type { Mutation } from '../../domain/wire/sync-http.ts'
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
import { ProblemError } from '../http/problem-error.ts'
import { deactivatePerson, savePerson } from '../people/commands.ts'
import { listHistory } from '../quotes/queries.ts'
import { backupTo } from '../store/backup.ts'
import { StorageFullError } from '../store/errors.ts'
import { openStore } from '../store/store.ts'
import { verifyDatabase } from '../store/verify.ts'
import { pruneMutationResults } from './mutation-memory.ts'
import { readState } from './read-state.ts'

let world: EditWorld
beforeEach(async () => {
  world = await editWorld()
})
afterEach(() => world.close())

const problemOf = (promise: Promise<unknown>): Promise<Problem | null> =>
  promise.then(
    () => null,
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problem
      throw error
    },
  )
const gap = (expected: number) => ({ code: 'mutation_gap', data: { expected_mutation_id: expected } })
const versions = async (id: string) => (await listHistory(world.store.read, id)).map(({ version }) => version)
const isWhole = async () =>
  expect(await verifyDatabase(world.file, readState)).toMatchObject({ ok: true, problems: [] })

describe('at most once', () => {
  test('I4: a retry has no second effect and gets the first answer, also when things moved on', async () => {
    const quote = await world.draft()
    const sent = [stepOf(1, quote, 'active'), editOf(2, quote, { title: 'x' }), stepOf(3, quote, 'negotiation')]
    const first = await world.send(sent)
    expect(first).toMatchObject([
      { outcome: 'committed', version: 2, seq: 2, stream: world.north.stream },
      { outcome: 'committed', version: 3 },
      { outcome: 'rejected', code: 'not_a_next_state', current: { version: 3 } },
    ])
    await world.advance(quote.id, 'draft')
    expect(await world.send(sent)).toEqual(first)
    expect(await versions(quote.id)).toEqual([1, 2, 3, 4])
  })

  test('I4: of each kind, sent twice in one batch, the second gets the answer of the first', async () => {
    const quote = await world.draft()
    const kinds = [
      world.create(1),
      editOf(2, quote, { title: 'x' }),
      stepOf(3, quote, 'active'),
      noteOf(4, quote, 'x'),
      reassignOf(5, quote, world.south.id, world.sue.id),
    ]
    const results = await world.send(
      kinds.flatMap((mutation) => [mutation, mutation]),
      world.mia,
    )
    expect(results).toMatchObject(times(10, { outcome: 'committed' }))
    for (const [index, result] of results.entries()) expect(result).toEqual(results[index - (index % 2)])
    expect(await versions(quote.id)).toEqual([1, 2, 3, 4, 5])
  })

  test('I4: retries of the past need not be dense; what is new goes on from the last', async () => {
    const quote = await world.draft()
    await world.send([noteOf(1, quote, 'a'), noteOf(2, quote, 'b')])
    expect(await problemOf(world.send([noteOf(1, quote, 'a'), noteOf(4, quote, 'd')]))).toMatchObject(gap(3))
    expect(await world.send([noteOf(1, quote, 'a'), noteOf(3, quote, 'c')])).toMatchObject([
      { mutation_id: 1, version: 2 },
      { mutation_id: 3, version: 4 },
    ])
  })

  test('I4: a gap is refused whole, without effect, and names the id expected', async () => {
    const quote = await world.draft()
    expect(await problemOf(world.send([noteOf(2, quote, 'x')]))).toMatchObject(gap(1))
    expect(await problemOf(world.send([noteOf(1, quote, 'x'), noteOf(3, quote, 'x')]))).toMatchObject(gap(2))
    expect(await versions(quote.id)).toEqual([1])
    expect(await world.store.read.selectFrom('clients').selectAll().execute()).toEqual([])
  })

  test('I4: the same batch sent many times at once is done once', async () => {
    const quote = await world.draft()
    const batch = [stepOf(1, quote, 'active'), noteOf(2, quote, 'x')]
    const answers = await Promise.all(Array.from({ length: 8 }, () => world.send(batch)))
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(await versions(quote.id)).toEqual([1, 2, 3])
  })

  test('I4: any order of retries ends as if each mutation had been sent once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 20 }), async (sent) => {
        const quote = await world.draft()
        const client = crypto.randomUUID()
        let last = 0
        const answers = new Map<number, string>()
        for (const id of sent) {
          const to = id % 2 === 1 ? 'active' : 'draft'
          const answer = await world.one(stepOf(id, quote, to), world.rob, client).catch(() => null)
          expect(answer !== null).toBe(id <= last + 1)
          if (!answer) continue
          last = Math.max(last, id)
          expect(JSON.stringify(answer)).toBe(answers.get(id) ?? JSON.stringify(answer))
          answers.set(id, JSON.stringify(answer))
        }
        expect(await versions(quote.id)).toHaveLength(1 + last)
      }),
      { numRuns: 10 },
    )
  })

  test('I4: a retry after a restore is answered in the epoch of now, at the place it was committed', async () => {
    const quote = await world.draft()
    const first = await world.one(stepOf(1, quote, 'active'))
    const copy = `${world.file}.copy`
    await backupTo(world.store, copy)
    const restored = await openStore({ file: copy, clock: world.clock })
    expect(restored.epoch).not.toBe(world.store.epoch)
    const again = await world.one(stepOf(1, quote, 'active'), world.rob, robsClient, restored)
    expect(again).toEqual({ ...first, epoch: restored.epoch })
    await restored.close()
  })

  test('I4: a retry older than what is kept is refused in words and not done again', async () => {
    const quote = await world.draft()
    await world.one(noteOf(1, quote, 'once'))
    await world.one(noteOf(1, quote, 'hers'), world.mia, miasClient)
    world.clock.advance(100 * 24 * 3_600_000)
    await world.one(noteOf(2, quote, 'still here'), world.mia, miasClient)
    expect(await pruneMutationResults(world.store, '2026-05-01T00:00:00.000Z')).toBe(1)
    const answer = await world.one(noteOf(1, quote, 'once'))
    expect(answer).toMatchObject({ code: 'failed', message: expect.stringContaining('no longer kept') })
    expect(answer).toMatchObject({ current: { version: 4 } })
    expect(await world.one(noteOf(1, quote, 'hers'), world.mia, miasClient)).toMatchObject({ version: 3 })
    expect(await world.one(noteOf(2, quote, 'twice'))).toMatchObject({ outcome: 'committed', version: 5 })
  })

  test('a client that only retries has spoken too, so that its answers stay', async () => {
    const quote = await world.draft()
    const first = await world.one(noteOf(1, quote, 'once'))
    world.clock.advance(100 * 24 * 3_600_000)
    await world.one(noteOf(1, quote, 'once'))
    expect(await pruneMutationResults(world.store, '2026-05-01T00:00:00.000Z')).toBe(0)
    expect(await world.one(noteOf(1, quote, 'once'))).toEqual(first)
  })

  test('a client id belongs to the person who used it first', async () => {
    const quote = await world.draft()
    await world.one(noteOf(1, quote, 'x'))
    expect(await problemOf(world.send([noteOf(2, quote, 'x')], world.mia))).toMatchObject({ code: 'forbidden' })
  })
})

/** What a broken table row does to the one mutation that meets it. */
const damage = (id: string) =>
  world.store.transact(async (tx) => {
    await tx.db.updateTable('quotes').set({ lines: '{' }).where('id', '=', id).execute()
  })
/** A fault after a mutation has written its row, history and event: the worst moment. */
const failAfterWriting = (text: string) =>
  world.store.transact(async (tx) => {
    const trigger = `create trigger fault after insert on history when new.note = '${text}'
      begin select raise(abort, 'out of luck'); end`
    await sql.raw(trigger).execute(tx.db)
  })

describe('a batch', () => {
  test('I5: a refused edit is an answer, not an error, and does not stop those behind it', async () => {
    const quote = await world.draft({ lines: [] })
    expect(
      await world.send([stepOf(1, quote, 'active'), stepOf(2, quote, 'closed', { outcome: 'withdrawn' })]),
    ).toMatchObject([{ code: 'incomplete', current: { id: quote.id, version: 1 } }, { outcome: 'committed' }])
  })

  test('I5: what the server breaks over is answered failed and logged; the rest of the batch is done', async () => {
    const broken = await world.draft()
    const quote = await world.draft()
    await damage(broken.id)
    const results = await world.send([noteOf(1, quote, 'a'), noteOf(2, broken, 'b'), noteOf(3, quote, 'c')])
    expect(results).toMatchObject([
      { outcome: 'committed', version: 2, seq: 3 },
      { code: 'failed', current: null, message: expect.stringContaining('Nothing of it was done') },
      { outcome: 'committed', version: 3, seq: 4 },
    ])
    expect(world.logged).toMatchObject([{ mutation_id: 2, name: 'quote.add_note', err: expect.any(SyntaxError) }])
    expect(await world.one(noteOf(2, broken, 'b'))).toEqual(results[1])
  })

  test('I2: one that fails after it has written leaves no row, no event, no number and no hole behind', async () => {
    const quote = await world.draft()
    await failAfterWriting('bad')
    const told: number[] = []
    world.store.onCommitted((events) => told.push(...events.map(({ place }) => place.seq)))
    const results = await world.send(
      [
        noteOf(1, quote, 'good'),
        noteOf(2, quote, 'bad'),
        reassignOf(3, quote, world.south.id, world.sue.id),
        world.create(4),
      ],
      world.mia,
    )
    expect(results).toMatchObject([
      { outcome: 'committed', seq: 2, version: 2 },
      { code: 'failed' },
      { outcome: 'committed', seq: 3, version: 3 },
      { outcome: 'committed', seq: 4, version: 1 },
    ])
    expect(told).toEqual([2, 1, 3, 4])
    expect(await versions(quote.id)).toEqual([1, 2, 3])
    await isWhole()
  })

  test('I2: a fault in the first event of a stream leaves the stream as unborn as it was', async () => {
    const quote = await world.draft({ team_id: world.south.id, owner_id: world.sue.id })
    const later = await world.draft()
    await world.store.transact(async (tx) => {
      const trigger = `create trigger fault after insert on events when new.stream = '${world.south.stream}' and
        new.body like '%${later.id}%' begin select raise(abort, 'out of luck'); end`
      await sql.raw(trigger).execute(tx.db)
    })
    const results = await world.send(
      [reassignOf(1, later, world.south.id, world.sue.id), noteOf(2, later, 'still north')],
      world.mia,
    )
    expect(results).toMatchObject([{ code: 'failed' }, { outcome: 'committed', version: 2, seq: 2 }])
    expect(await world.now(quote.id)).toMatchObject({ version: 1 })
    await isWhole()
  })

  test('I4: a full disk in the middle fails the whole batch without effect; sent again it is done', async () => {
    const quote = await world.draft()
    const note = 'x'.repeat(4_000)
    const batch = Array.from({ length: 200 }, (_, index) => noteOf(index + 1, quote, note))
    await world.store.transact((tx) => sql.raw('pragma max_page_count = 100').execute(tx.db))
    await expect(world.send(batch)).rejects.toThrow(StorageFullError)
    expect(await versions(quote.id)).toEqual([1])
    expect(world.logged).toEqual([])
    await world.store.transact((tx) => sql.raw('pragma max_page_count = 1000000').execute(tx.db))
    expect(await world.send(batch)).toMatchObject(times(200, { outcome: 'committed' }))
    await isWhole()
  })

  test('I1: a batch is one commit, told in order after it', async () => {
    const quote = await world.draft()
    const commits: number[] = []
    world.store.onCommitted((events) => commits.push(events.length))
    await world.send(Array.from({ length: 50 }, (_, index) => noteOf(index + 1, quote, `${index}`)))
    expect(commits).toEqual([50])
    expect((await world.events(world.north.stream)).map(({ place }) => place.seq)).toEqual(
      Array.from({ length: 51 }, (_, index) => index + 1),
    )
  })

  test('others read, and a timer runs, while a long batch is being done', async () => {
    const quote = await world.draft()
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    await world.send(Array.from({ length: 1_000 }, (_, index) => editOf(index + 1, quote, { value_minor: index })))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(0)
  })

  test('a backup made during a batch holds all of it or nothing', async () => {
    const quote = await world.draft()
    const batch = Array.from({ length: 1_000 }, (_, index) => noteOf(index + 1, quote, `${index}`))
    const sending = world.send(batch)
    const copies = Array.from({ length: 10 }, (_, index) => `${world.file}.copy-${index}`)
    for (const copy of copies) await backupTo(world.store, copy)
    await sending
    for (const copy of copies) {
      const report = await verifyDatabase(copy, readState)
      expect(report).toMatchObject({ ok: true, problems: [] })
      expect([1, 1_001]).toContain(report.streams.find(({ stream }) => stream === world.north.stream)?.head)
    }
  })

  test('an answer that would quote a huge quote hundreds of times quotes it a few times', async () => {
    const line = { product: 'Desk', description: 'x'.repeat(2_000), quantity: 1, unit_price_minor: 1 }
    const quote = await world.draft({ lines: times(400, line) })
    const batch: Mutation[] = Array.from({ length: 20 }, (_, index) => stepOf(index + 1, quote, 'negotiation'))
    const results = await world.send(batch)
    expect(results).toMatchObject(times(20, { code: 'not_a_next_state' }))
    expect(results.filter((result) => result.outcome === 'rejected' && result.current !== null)).toHaveLength(4)
  })

  test('edits that would add more to the log than can be kept in memory are refused whole', async () => {
    const line = { product: 'Desk', description: 'x'.repeat(2_000), quantity: 1, unit_price_minor: 1 }
    const quote = await world.draft({ lines: times(450, line) })
    const batch: Mutation[] = Array.from({ length: 100 }, (_, index) => noteOf(index + 1, quote, 'x'))
    expect(await problemOf(world.send(batch))).toMatchObject({ code: 'payload_too_large' })
    expect(await versions(quote.id)).toEqual([1])
    expect(await world.send(batch.slice(0, 20))).toMatchObject(times(20, { outcome: 'committed' }))
  })
})

test('I16: what may not be seen is answered like what does not exist, also for rights lost meanwhile', async () => {
  const quote = await world.draft()
  const hidden = await world.one(stepOf(1, quote, 'active'), world.sue)
  const missing = await world.one(stepOf(2, { id: world.sue.id, version: 1 }, 'active'), world.sue)
  expect(hidden).toEqual({ ...missing, mutation_id: 1 })
  expect(hidden).toMatchObject({ code: 'not_found', current: null })
  await world.store.transact((tx) => savePerson(tx, { ...world.rob, memberships: [] }))
  expect(await world.one(noteOf(1, quote, 'x'), world.rob, crypto.randomUUID())).toMatchObject({ code: 'not_found' })
  await world.store.transact((tx) => deactivatePerson(tx, world.mia.id))
  const batch = [noteOf(1, quote, 'x'), world.create(2)]
  expect(await world.send(batch, world.mia, miasClient)).toMatchObject(times(2, { code: 'not_found' }))
})
