import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addDraft, handClock, seedWorld, tempStore, type World } from '../../tests/integration/support/world.ts'
import { changeStatus } from '../quotes/change-status.ts'
import { readState } from '../sync/read-state.ts'
import { backupTo } from './backup.ts'
import { openRaw } from './connect.ts'
import { openStore, type Store } from './store.ts'
import { verifyDatabase } from './verify.ts'

let store: Store
let file: string
let dir: string
let world: World
let close: () => Promise<void>

beforeEach(async () => {
  ;({ store, file, dir, close } = await tempStore())
  world = await seedWorld(store)
  await store.transact(async (tx) => {
    const quote = await addDraft(tx, world)
    await changeStatus(tx, quote, { transition: { to: 'active' }, reason: null }, world.rob)
    for (let index = 0; index < 50; index += 1) await addDraft(tx, world, { title: `Quote ${index}` })
  })
})
afterEach(() => close())

const damage = (statement: string) => {
  const raw = openRaw(file, 'write')
  raw.pragma('foreign_keys = OFF')
  raw.exec(statement)
  raw.close()
}

test('I7: rows are the fold of the log', async () => {
  const report = await verifyDatabase(file, readState)
  expect(report.problems).toEqual([])
  expect(report).toMatchObject({ ok: true, epoch: store.epoch, events: 60 })
})

test.each([
  ['an altered event', `update events set body = replace(body, 'Ten desks', 'Two desks') where seq = 1`, /checksum/],
  ['a lost event', `delete from events where seq = 3`, /events, but its head is/],
  [
    'a lost last event with its head',
    `delete from events where seq = 52; update streams set head = 51 where head = 52`,
    /checksum/,
  ],
  ['an altered row', `update quotes set value_minor = 1 where quote_id = 2`, /its row differs from the log/],
  ['a lost row', `delete from history where version = 2`, /in the log, not in its table/],
  [
    'a row from nowhere',
    `insert into teams values ('01960000-0000-7000-8000-000000000000', 'Ghosts')`,
    /in its table, not in the log/,
  ],
  ['a row that points at nothing', `update quotes set customer_id = 'gone' where quote_id = 1`, /points at nothing/],
])('finds %s', async (_what, statement, problem) => {
  damage(statement)
  const report = await verifyDatabase(file, readState)
  expect(report.ok).toBe(false)
  expect(report.problems.join('\n')).toMatch(problem)
})

test('finds bytes overwritten on the disk', async () => {
  await store.close()
  const bytes = readFileSync(file)
  const places: number[] = []
  for (let at = bytes.indexOf('Quote 7'); at !== -1; at = bytes.indexOf('Quote 7', at + 1)) places.push(at)
  const handle = openSync(file, 'r+')
  // SQLite's own check does not notice this: every page is still well-formed.
  for (const at of places) writeSync(handle, 'Quote 8', at)
  closeSync(handle)
  expect(places.length).toBeGreaterThan(0)
  const report = await verifyDatabase(file, readState)
  expect(report.ok).toBe(false)
})

test('I3: a backup is whole, is one file, and begins a new epoch at its heads each time it is restored', async () => {
  const copy = `${dir}/backup.db`
  await backupTo(store, copy)
  expect(await verifyDatabase(copy, readState)).toMatchObject({ ok: true, epoch: null, events: 60 })
  const epochs = new Set([store.epoch])
  for (const name of ['first.db', 'second.db']) {
    copyFileSync(copy, `${dir}/${name}`)
    const restored = await openStore({ file: `${dir}/${name}`, clock: handClock() })
    epochs.add(restored.epoch)
    const streams = await restored.read.selectFrom('streams').selectAll().execute()
    expect(streams.every(({ head, floor }) => head === floor)).toBe(true)
    await restored.close()
  }
  expect(epochs.size).toBe(3)
})

test('a backup never overwrites a file', async () => {
  await expect(backupTo(store, file)).rejects.toThrow(/exists already/)
})
