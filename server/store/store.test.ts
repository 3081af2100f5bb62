import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterEach, describe, expect, test } from 'vitest'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import { addDraft, handClock, seedWorld, tempDataDir, tempStore } from '../../tests/integration/support/world.ts'
import { deactivatePerson } from '../people/commands.ts'
import { openRaw } from './connect.ts'
import { StorageBusyError, StorageFullError } from './errors.ts'
import { readBodies, readHeads } from './log.ts'
import { openStore } from './store.ts'

const cleanUp: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step()
})

async function freshStore() {
  const made = await tempStore()
  cleanUp.push(made.close)
  const world = await seedWorld(made.store)
  return { ...made, world }
}

const renamed = (name: string) => ({ type: 'team.saved', data: { id: crypto.randomUUID(), name } }) as const

describe('opening', () => {
  test('I1: every connection has synchronous = FULL, also on an existing WAL database', async () => {
    const { store, file } = await freshStore()
    expect((await sql<{ synchronous: number }>`pragma synchronous`.execute(store.read)).rows).toEqual([
      { synchronous: 2 },
    ])
    // What better-sqlite3 does on its own, and why it has to be set:
    const bare = new Database(file)
    expect(bare.pragma('synchronous', { simple: true })).toBe(1)
    bare.close()
    const ours = openRaw(file, 'write')
    expect(ours.pragma('synchronous', { simple: true })).toBe(2)
    expect(ours.pragma('journal_mode', { simple: true })).toBe('wal')
    expect(ours.pragma('foreign_keys', { simple: true })).toBe(1)
    ours.close()
  })

  test('the epoch stays when the database is opened again', async () => {
    const { dir, remove } = tempDataDir()
    cleanUp.push(remove)
    const options = { file: `${dir}/server/quotedesk.db`, clock: handClock() }
    const first = await openStore(options)
    await first.close()
    const second = await openStore(options)
    await second.close()
    expect(second.epoch).toBe(first.epoch)
  })

  test('a data folder that cannot be used and a file that is no database are named, with what to do', async () => {
    const { dir, remove } = tempDataDir()
    cleanUp.push(remove)
    writeFileSync(`${dir}/file`, '')
    const blocked = openStore({ file: `${dir}/file/server/quotedesk.db`, clock: handClock() })
    await expect(blocked).rejects.toThrow(/data folder .*file\/server cannot be written \(ENOTDIR\).*--data DIR/)
    writeFileSync(`${dir}/text.db`, 'this is not a database, however long it may be'.repeat(50))
    await expect(openStore({ file: `${dir}/text.db`, clock: handClock() })).rejects.toThrow(/not an undamaged/)
  })
})

describe('transact', () => {
  test('I2: what fails leaves no trace, and its seqs and numbers are given again', async () => {
    const { store, world } = await freshStore()
    const heard: StreamEvent[] = []
    store.onCommitted((events) => void heard.push(...events))
    await expect(
      store.transact(async (tx) => {
        await addDraft(tx, world)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(heard).toEqual([])
    expect(await readHeads(store.read, [world.north.stream])).toEqual([
      { stream: world.north.stream, head: 0, floor: 0 },
    ])
    const quote = await store.transact((tx) => addDraft(tx, world))
    expect(quote.quote_id).toBe(1)
    expect(heard.map(({ place }) => place.seq)).toEqual([1])
  })

  test('events are published in commit order, after the commit, and are what the log holds', async () => {
    const { store, world } = await freshStore()
    const heard: StreamEvent[] = []
    store.onCommitted((events) => void heard.push(...events))
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.transact((tx) => tx.appendEvent(world.north.stream, renamed(String(index)))),
      ),
    )
    expect(heard.map(({ place }) => place.seq)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(heard.map((event) => JSON.stringify(event))).toEqual(await readBodies(store.read, world.north.stream, 0, 99))
    expect(store.publishedHead(world.north.stream)).toBe(20)
  })

  test('I2: seqs are dense per stream whatever commits and fails', async () => {
    const { store, world } = await freshStore()
    const streams = [world.north.stream, world.south.stream, world.org]
    const work = fc.array(fc.record({ appends: fc.array(fc.nat({ max: 2 }), { maxLength: 5 }), fails: fc.boolean() }), {
      maxLength: 8,
    })
    await fc.assert(
      fc.asyncProperty(work, async (transactions) => {
        await Promise.allSettled(
          transactions.map(({ appends, fails }) =>
            store.transact(async (tx) => {
              for (const index of appends) await tx.appendEvent(streams[index] ?? world.org, renamed('x'))
              if (fails) throw new Error('on purpose')
            }),
          ),
        )
        for (const { stream, head } of await readHeads(store.read, streams)) {
          const bodies = await readBodies(store.read, stream, 0, 1_000_000)
          const seqs = bodies.map((body) => (JSON.parse(body) as StreamEvent).place.seq)
          expect(seqs).toEqual(Array.from({ length: head }, (_, index) => index + 1))
        }
      }),
      { numRuns: 25 },
    )
  })

  test('I3: the log refuses a second event at a place', async () => {
    const { store, world } = await freshStore()
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('first')))
    const again = store.transact((tx) =>
      tx.db.insertInto('events').values({ stream: world.north.stream, seq: 1, body: '{}' }).execute(),
    )
    await expect(again).rejects.toThrow(/UNIQUE/)
  })

  test('a transaction inside a transaction is refused instead of waiting for itself', async () => {
    const { store } = await freshStore()
    await expect(store.transact(() => store.transact(() => Promise.resolve()))).rejects.toThrow(/inside a transaction/)
    await expect(store.transact(() => Promise.resolve('goes on'))).resolves.toBe('goes on')
  })

  test('a listener that throws is reported and undoes nothing', async () => {
    const { dir, remove } = tempDataDir()
    cleanUp.push(remove)
    const reported: unknown[] = []
    const store = await openStore({
      file: `${dir}/q.db`,
      clock: handClock(),
      onListenerError: (error) => void reported.push(error),
    })
    cleanUp.push(() => store.close())
    store.onCommitted(() => {
      throw new Error('listener')
    })
    await seedWorld(store)
    expect(reported).toHaveLength(1)
  })

  test('a full disk refuses the write, keeps what was, and goes on reading and, later, writing', async () => {
    const { store, world } = await freshStore()
    const limit = (pages: number) =>
      store.transact((tx) =>
        sql
          .raw(`pragma max_page_count = ${pages}`)
          .execute(tx.db)
          .then(() => undefined),
      )
    await limit(1)
    const write = store.transact(async (tx) => {
      for (let index = 0; index < 500; index += 1) {
        await tx.appendEvent(world.north.stream, renamed('x'.repeat(90)))
      }
    })
    await expect(write).rejects.toBeInstanceOf(StorageFullError)
    expect(await readBodies(store.read, world.north.stream, 0, 10)).toEqual([])
    expect(await readBodies(store.read, world.org, 0, 100)).not.toEqual([])
    await limit(1_000_000)
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('room again')))
    expect(await readBodies(store.read, world.north.stream, 0, 10)).toHaveLength(1)
  })
})

describe('other processes', () => {
  test('their events are published without holes before our own later ones', async () => {
    const { store, file, world } = await freshStore()
    const other = await openStore({ file, clock: handClock() })
    cleanUp.push(() => other.close())
    const heard: number[] = []
    store.onCommitted((events) => void heard.push(...events.map(({ place }) => place.seq)))
    await other.transact((tx) => tx.appendEvent(world.north.stream, renamed('theirs')))
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('ours')))
    expect(heard).toEqual([1, 2])
    await other.transact((tx) => tx.appendEvent(world.north.stream, renamed('theirs again')))
    await store.publishForeign()
    await store.publishForeign()
    expect(heard).toEqual([1, 2, 3])
  })

  test('I16: what they did to the directory is published before anything of ours that was committed after it', async () => {
    const { store, file, world } = await freshStore()
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('ours')))
    const other = await openStore({ file, clock: handClock() })
    cleanUp.push(() => other.close())
    const heard: string[] = []
    store.onCommitted((events) => void heard.push(...events.map(({ change }) => change.type)))
    await other.transact((tx) => deactivatePerson(tx, world.rob.id))
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('ours, later')))
    expect(heard).toEqual(['person.saved', renamed('').type])
  })

  test('one that holds its transaction stops neither the event loop nor reading, and the write follows it', async () => {
    const { store, file, world } = await freshStore()
    const other = openRaw(file, 'write')
    cleanUp.push(() => void other.close())
    other.exec('begin immediate')
    const write = store.transact((tx) => tx.appendEvent(world.north.stream, renamed('patient')))
    const startMs = performance.now()
    await new Promise((resolve) => setTimeout(resolve, 1))
    expect(await readHeads(store.read, [world.north.stream])).toEqual([expect.objectContaining({ head: 0 })])
    expect(performance.now() - startMs).toBeLessThan(2_000)
    expect(store.publishedHead(world.north.stream)).toBe(0)
    other.exec('rollback')
    await write
    expect(store.publishedHead(world.north.stream)).toBe(1)
  })

  test('one that holds it for too long makes the write fail with what to do, and the next one works', async () => {
    const { store: first, file, world } = await freshStore()
    await first.close()
    const store = await openStore({ file, clock: handClock(), busyWaitMs: 60 })
    cleanUp.push(() => store.close())
    const other = openRaw(file, 'write')
    cleanUp.push(() => void other.close())
    other.exec('begin immediate')
    const write = store.transact((tx) => tx.appendEvent(world.north.stream, renamed('refused')))
    await expect(write).rejects.toThrow(StorageBusyError)
    other.exec('rollback')
    await store.transact((tx) => tx.appendEvent(world.north.stream, renamed('taken')))
    expect(store.publishedHead(world.north.stream)).toBe(1)
  })

  test('I1: what was acknowledged is in the log after a kill at any moment', async () => {
    const { dir, remove } = tempDataDir()
    cleanUp.push(remove)
    const file = `${dir}/server/quotedesk.db`
    const child = fork(new URL('./crash-writer.fixture.ts', import.meta.url), [file], { stdio: 'ignore' })
    const acknowledged: string[] = []
    child.on('message', (id) => {
      acknowledged.push(id as string)
      if (acknowledged.length === 25) child.kill('SIGKILL')
    })
    await once(child, 'exit')
    const store = await openStore({ file, clock: handClock() })
    cleanUp.push(() => store.close())
    const ids = (await store.read.selectFrom('teams').select('id').execute()).map((row) => row.id)
    expect(acknowledged.length).toBeGreaterThanOrEqual(25)
    expect(ids).toEqual(expect.arrayContaining(acknowledged))
    const { stream } = await store.read.selectFrom('streams').select('stream').executeTakeFirstOrThrow()
    const bodies = await readBodies(store.read, stream as never, 0, 10_000)
    const saved = bodies.map((body) => (JSON.parse(body) as StreamEvent).change.data)
    for (const id of acknowledged) expect(saved).toContainEqual(expect.objectContaining({ id }))
  })
})
