import { readdirSync } from 'node:fs'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { handClock, seedWorld, tempDataDir } from '../../tests/integration/support/world.ts'
import { readState } from '../sync/read-state.ts'
import { openRaw } from './connect.ts'
import { NewerSchemaError } from './errors.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/all.ts'
import { openStore } from './store.ts'
import { verifyDatabase } from './verify.ts'

const at = '2026-03-06T10:00:00.000Z'
let dir: string
let file: string
let remove: () => void

beforeEach(() => {
  ;({ dir, remove } = tempDataDir())
  file = `${dir}/quotedesk.db`
})
afterEach(() => remove())

const addNote: Migration = {
  up: (db) => sql`create table note (text text)`.execute(db).then(() => undefined),
}
const breaks: Migration = {
  up: async (db) => {
    await sql`create table half (text text)`.execute(db)
    await sql`this is not SQL`.execute(db)
  },
}

function tables(of = file): string[] {
  const raw = openRaw(of, 'read')
  const names = raw.prepare<[], string>(`select name from sqlite_master where type = 'table'`).pluck().all()
  raw.close()
  return names
}

test('a new database gets every table and no copy', async () => {
  expect(await migrate(file, at)).toBeNull()
  expect(tables()).toEqual(expect.arrayContaining(['quotes', 'events', 'streams', 'kysely_migration']))
  expect(await migrate(file, at)).toBeNull()
  expect(readdirSync(dir).filter((name) => name.includes('before'))).toEqual([])
})

test('an existing database is copied before it is changed', async () => {
  await migrate(file, at)
  const copy = await migrate(file, at, { ...migrations, '9001-note': addNote })
  expect(copy).toBe(`${file}.before-9001-note-2026-03-06T100000000Z`)
  expect(tables()).toContain('note')
  expect(tables(copy ?? '')).not.toContain('note')
  expect(tables(copy ?? '')).toContain('quotes')
})

test('I3: the copy is a history of its own: put back for the older version, it begins a new epoch at its heads', async () => {
  const options = { file, clock: handClock() }
  const store = await openStore(options)
  await seedWorld(store)
  await store.close()
  const copy = await migrate(file, at, { ...migrations, '9001-note': addNote })
  const restored = await openStore({ ...options, file: copy ?? '' })
  expect(restored.epoch).not.toBe(store.epoch)
  const streams = await restored.read.selectFrom('streams').selectAll().execute()
  expect(streams.length).toBeGreaterThan(0)
  expect(streams.every(({ head, floor }) => head > 0 && head === floor)).toBe(true)
  await restored.close()
  expect(await verifyDatabase(copy ?? '', readState)).toMatchObject({ ok: true, problems: [] })
})

test('after a migration that failed the version before still opens the file, with everything in it', async () => {
  const options = { file, clock: handClock() }
  const before = await openStore(options)
  await seedWorld(before)
  await before.close()
  await expect(migrate(file, at, { ...migrations, '9002-breaks': breaks })).rejects.toThrow('was rolled back')
  const after = await openStore(options)
  expect(after.epoch).toBe(before.epoch)
  expect(await after.read.selectFrom('people').selectAll().execute()).toHaveLength(4)
  await after.close()
  expect(await verifyDatabase(file, readState)).toMatchObject({ ok: true, problems: [] })
})

test('a migration that fails leaves no trace of itself, those before it stay', async () => {
  await migrate(file, at)
  const failing = migrate(file, at, { ...migrations, '9001-note': addNote, '9002-breaks': breaks })
  await expect(failing).rejects.toThrow('migration 9002-breaks failed and was rolled back')
  expect(tables()).toContain('note')
  expect(tables()).not.toContain('half')
})

test('a database of a newer version is refused in clear words and left alone', async () => {
  await migrate(file, at, { ...migrations, '9001-note': addNote })
  const before = tables()
  await expect(migrate(file, at)).rejects.toThrow(NewerSchemaError)
  await expect(migrate(file, at)).rejects.toThrow(
    /written by a newer QuoteDesk \(it has 9001-note\).*Nothing was changed/,
  )
  expect(tables()).toEqual(before)
})
