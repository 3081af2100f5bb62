import { existsSync, writeFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tempCache } from '../../../tests/support/engine-world.ts'
import { readMeta, writeMeta } from './meta.ts'
import { CacheError, migrate, schemaVersion } from './migrate.ts'
import { openCache } from './open-cache.ts'

let temp: ReturnType<typeof tempCache>
beforeEach(() => {
  temp = tempCache()
})
afterEach(() => temp.dispose())

/** The steps that the file has had, and some that are to come. */
const stepsAnd = (...more: string[]) => [...Array.from({ length: schemaVersion }, () => ''), ...more]

describe('opening', () => {
  it('is durable: synchronous is FULL also when the file exists already', () => {
    expect(temp.cache.read.value('PRAGMA synchronous')).toBe(2)
    expect(temp.reopen().read.value('PRAGMA synchronous')).toBe(2)
    const raw = new Database(temp.file)
    expect(raw.pragma('journal_mode', { simple: true })).toBe('wal')
    raw.close()
  })

  it('refuses a file of a newer version and says what to do', () => {
    const raw = new Database(temp.file)
    raw.pragma('user_version = 99')
    raw.close()
    expect(() => openCache(temp.file)).toThrow(
      new RegExp(`newer QuoteDesk \\(schema 99, this version knows ${schemaVersion}\\).*Install that version`),
    )
  })

  it('refuses a damaged file and a folder that is none, and says what to do', () => {
    const damaged = `${temp.file}.damaged`
    writeFileSync(damaged, 'this is no database, however long it is'.repeat(100))
    expect(() => openCache(damaged)).toThrow(CacheError)
    expect(() => openCache(damaged)).toThrow(/damaged.*SQLITE_NOTADB.*move it away/)
    expect(() => openCache(`${damaged}/cache.db`)).toThrow(/cannot be used \(E\w+\).*may write/)
  })

  const next = schemaVersion + 2

  it('copies the file before it changes the schema', () => {
    temp.cache.transact((db) => writeMeta(db, 'person', 'kept'))
    const raw = new Database(temp.file)
    migrate(raw, temp.file, stepsAnd('CREATE TABLE second (a TEXT)', 'CREATE TABLE third (a TEXT)'))
    expect(raw.pragma('user_version', { simple: true })).toBe(next)
    raw.close()
    const copy = new Database(`${temp.file}.before-schema-${next}`, { readonly: true })
    expect(copy.pragma('user_version', { simple: true })).toBe(schemaVersion)
    expect(copy.prepare('SELECT value FROM meta').pluck().get()).toBe('kept')
    copy.close()
  })

  it('a migration that fails at any step leaves the file as it was: the version that wrote it still opens it', () => {
    temp.cache.transact((db) => writeMeta(db, 'person', 'kept'))
    const raw = new Database(temp.file)
    const twice = 'CREATE TABLE third (a TEXT); CREATE TABLE third (a TEXT)'
    expect(() => migrate(raw, temp.file, stepsAnd('CREATE TABLE second (a TEXT)', twice))).toThrow(/already exists/)
    expect(raw.pragma('user_version', { simple: true })).toBe(schemaVersion)
    expect(raw.prepare(`SELECT count(*) FROM sqlite_master WHERE name IN ('second', 'third')`).pluck().get()).toBe(0)
    raw.close()
    expect(readMeta(temp.reopen().read, 'person')).toBe('kept')
  })

  it('makes no copy for a new file', () => {
    expect(existsSync(`${temp.file}.before-schema-${schemaVersion}`)).toBe(false)
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when it throws', () => {
    expect(() =>
      temp.cache.transact((db) => {
        writeMeta(db, 'person', 'half')
        throw new Error('stop')
      }),
    ).toThrow('stop')
    expect(readMeta(temp.cache.read, 'person')).toBeNull()
  })

  it('refuses async work, and undoes what it did before its first await', () => {
    expect(() =>
      // @ts-expect-error: the type refuses it too
      temp.cache.transact(async (db) => {
        writeMeta(db, 'person', 'half')
        await Promise.resolve()
      }),
    ).toThrow(/refuses async work/)
    expect(readMeta(temp.cache.read, 'person')).toBeNull()
  })

  it('stands, and tells the others, when a listener throws: what is committed must not look as if it failed', () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    const told: string[] = []
    temp.cache.onCommit(() => {
      throw new Error('a view broke')
    })
    temp.cache.onCommit(() => told.push('second'))
    expect(temp.cache.transact((db) => writeMeta(db, 'person', 'here'))).toBeUndefined()
    expect(readMeta(temp.cache.read, 'person')).toBe('here')
    expect(told).toEqual(['second'])
    expect(warned).toHaveBeenCalledWith(expect.objectContaining({ message: 'a view broke' }))
    warned.mockRestore()
  })

  it('refuses another inside', () => {
    expect(() => temp.cache.transact(() => temp.cache.transact(() => 1))).toThrow(/already open/)
    expect(temp.cache.transact(() => 1)).toBe(1)
  })

  it('tells listeners what was touched, and only after a commit', () => {
    const told: unknown[] = []
    temp.cache.onCommit((touch) => told.push(touch.quotes && [...touch.quotes]))
    temp.cache.transact((db) => db.touched.quote('a'))
    expect(() =>
      temp.cache.transact((db) => {
        db.touched.quote('b')
        throw new Error('stop')
      }),
    ).toThrow('stop')
    temp.cache.transact((db) => {
      for (let n = 0; n < 1_000; n += 1) db.touched.quote(String(n))
    })
    expect(told).toEqual([['a'], null])
  })
})

describe('a reader', () => {
  it('cannot write', () => {
    expect(() => temp.cache.read.all('DELETE FROM meta')).toThrow(/a reader may not write/)
    expect(() => temp.cache.read.value(`INSERT INTO teams VALUES ('a', 'b') RETURNING id`)).toThrow(/a reader may not/)
  })
})
