import { existsSync, openSync, readdirSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { added, apply, logOf, makeQuote, north, tempCache } from '../../../tests/support/engine-world.ts'
import { readMeta, writeMeta } from './meta.ts'
import { type Cache, openCache } from './open-cache.ts'
import { openOrReplace, replaceDamaged } from './quarantine.ts'

const at = '2026-03-04T10:00:00.000Z'
const movedName = 'cache.db.damaged-20260304T100000000Z'
const clientId = '55555555-5555-4555-8555-555555555555'

let temp: ReturnType<typeof tempCache>
let reopened: Cache | null

beforeEach(() => {
  temp = tempCache()
  reopened = null
  temp.cache.transact((db) => {
    writeMeta(db, 'client_id', clientId)
    writeMeta(db, 'next_mutation_id', '8')
    writeMeta(db, 'last_synced_at', at)
    writeMeta(db, 'first_sync_done', at)
  })
})
afterEach(() => {
  reopened?.close()
  temp.dispose()
})

/** @param padding makes a row fill pages of its own, so that breaking one leaves the others */
function queue(count: number, padding = '', firstNumber: number | null = 7): void {
  temp.cache.transact((db) => {
    for (let n = 1; n <= count; n += 1) {
      const body = JSON.stringify({ name: 'quote.add_note', quote: `quote-${n}`, text: `note ${n} ${padding}` })
      db.run(
        `INSERT INTO outbox (quote, quote_label, customer_name, currency, name, body, base, queued_at, state, mutation_id)
         VALUES (?, 'Q-1', NULL, 'EUR', 'quote.add_note', ?, '{}', ?, 'waiting', ?)`,
        `quote-${n}`,
        body,
        at,
        n === 1 ? firstNumber : null,
      )
    }
  })
}

function alert(key: string): void {
  temp.cache.transact((db) => {
    db.run(
      `INSERT INTO alerts (key, quote, rule, kind, occasion, severity, state, due_at, release_at, decided_at, reason)
       VALUES (?, 'a', 'expires-1', 'expires_in', '2026-03-20', 'normal', 'shown', ?, ?, ?, 'due')`,
      key,
      at,
      at,
      at,
    )
  })
}

/** Overwrites every page of the file in which the text stands. */
function breakPagesWith(text: string): void {
  const pageBytes = 4096
  const bytes = readFileSync(temp.file)
  const file = openSync(temp.file, 'r+')
  let broken = 0
  for (let start = pageBytes; start < bytes.length; start += pageBytes) {
    if (!bytes.subarray(start, start + pageBytes).includes(text)) continue
    writeSync(file, Buffer.alloc(pageBytes, 0x5a), 0, pageBytes, start)
    broken += 1
  }
  if (broken === 0) throw new Error(`no page holds ${text}`)
}

const outbox = (cache: Cache) =>
  cache.read.all<{ quote: string; mutation_id: number | null; state: string; message: string | null }>(
    'SELECT quote, mutation_id, state, message FROM outbox ORDER BY entry',
  )

describe('a damaged cache', () => {
  it('that is no database any more is moved aside and replaced, and says that nothing could be read', () => {
    temp.cache.close()
    writeFileSync(temp.file, 'this is no database, however long it is'.repeat(200))
    reopened = openOrReplace(temp.file, at)
    expect(readdirSync(path.dirname(temp.file)).filter((name) => name.includes('damaged'))).toEqual([movedName])
    expect(readMeta(reopened.read, 'notice')).toContain('could not be read from it and are lost')
    expect(readMeta(reopened.read, 'notice')).toContain(movedName)
    expect(reopened.read.value('PRAGMA synchronous')).toBe(2)
  })

  it('I5: keeps its outbox, its name at the server and what was shown, also from a log not yet written back', () => {
    queue(3)
    alert('a:expires-1')
    apply(temp.cache, north, logOf(Array.from({ length: 50 }, () => added(makeQuote()))))
    // What follows stays in the -wal file, as after a kill.
    const other = new Database(temp.file)
    other.pragma('wal_autocheckpoint = 0')
    other.prepare(`UPDATE outbox SET quote_label = 'from the log' WHERE entry = 3`).run()
    expect(statSync(`${temp.file}-wal`).size).toBeGreaterThan(0)
    replaceDamaged(temp.file, at)
    other.close()
    reopened = openCache(temp.file)
    expect(outbox(reopened).map(({ quote, mutation_id, state }) => [quote, mutation_id, state])).toEqual([
      ['quote-1', 7, 'waiting'],
      ['quote-2', null, 'waiting'],
      ['quote-3', null, 'waiting'],
    ])
    expect(reopened.read.value('SELECT quote_label FROM outbox WHERE entry = 3')).toBe('from the log')
    expect(reopened.read.values('SELECT key FROM alerts')).toEqual(['a:expires-1'])
    expect(readMeta(reopened.read, 'client_id')).toBe(clientId)
    expect(readMeta(reopened.read, 'last_synced_at'), 'nothing is synced in it').toBeNull()
    expect(reopened.read.value('SELECT count(*) FROM quotes')).toBe(0)
    expect(readMeta(reopened.read, 'notice')).toContain('3 unsent or refused changes were saved.')
    expect(existsSync(path.join(path.dirname(temp.file), `${movedName}-wal`))).toBe(true)
  })

  it('I4: numbers go on far above those given, so that no change can get the answer to another', () => {
    queue(1)
    temp.cache.close()
    replaceDamaged(temp.file, at)
    reopened = openCache(temp.file)
    expect(Number(readMeta(reopened.read, 'next_mutation_id'))).toBeGreaterThan(1_000_000)
  })

  it('is read around its broken pages, and says that some is missing', () => {
    // About a page each.
    queue(40, 'x'.repeat(3_000))
    temp.cache.close()
    breakPagesWith('note 20 x')
    expect(() => new Database(temp.file).prepare('SELECT * FROM outbox').all()).toThrow(/malformed/)
    replaceDamaged(temp.file, at)
    reopened = openCache(temp.file)
    const saved = outbox(reopened).map(({ quote }) => Number(quote.slice(6)))
    expect(saved).toEqual(Array.from({ length: 40 }, (_, n) => n + 1).filter((n) => n !== 20))
    expect(readMeta(reopened.read, 'notice')).toContain(
      '39 unsent or refused changes were saved; others that may have been waiting could not be read',
    )
  })

  it('I4: without its name at the server, what was on its way is asked about instead of sent twice', () => {
    queue(2)
    temp.cache.transact((db) => void db.run(`DELETE FROM meta WHERE key = 'client_id'`))
    temp.cache.close()
    replaceDamaged(temp.file, at)
    reopened = openCache(temp.file)
    expect(outbox(reopened)).toMatchObject([
      { quote: 'quote-1', mutation_id: null, state: 'refused', message: expect.stringContaining('not known whether') },
      { quote: 'quote-2', mutation_id: null, state: 'waiting' },
    ])
    expect(readMeta(reopened.read, 'notice')).toContain('on their way are listed as refused')
  })

  it('whose replacing was interrupted is replaced at the next start, with what was rescued', () => {
    queue(2)
    temp.cache.close()
    replaceDamaged(temp.file, at)
    // As if the process had ended just before the rescued file was put into place.
    const folder = path.dirname(temp.file)
    const rescued = readFileSync(temp.file)
    writeFileSync(`${temp.file}.rescued`, rescued)
    writeFileSync(temp.file, 'damaged')
    writeFileSync(`${temp.file}-wal`, 'a log that is not the new file’s own')
    reopened = openOrReplace(temp.file, '2026-03-05T10:00:00.000Z')
    expect(outbox(reopened)).toHaveLength(2)
    expect(readFileSync(path.join(folder, 'cache.db.damaged-20260305T100000000Z'), 'utf8')).toBe('damaged')
    const log = readFileSync(path.join(folder, 'cache.db.damaged-20260305T100000000Z-wal'), 'utf8')
    expect(log, 'no log of the old file is taken for one of the new').toContain('not the new file’s own')
  })

  it('is noticed when a question meets it, once', () => {
    queue(40, 'x'.repeat(3_000))
    const cache = temp.reopen()
    const found: unknown[] = []
    cache.onDamage((error) => found.push(error))
    const raw = new Database(temp.file)
    raw.pragma('wal_checkpoint(TRUNCATE)')
    raw.close()
    temp.cache.close()
    breakPagesWith('note 20 x')
    reopened = openCache(temp.file)
    reopened.onDamage((error) => found.push(error))
    const { read } = reopened
    expect(() => read.all('SELECT * FROM outbox')).toThrow(/malformed/)
    expect(() => read.all('SELECT * FROM outbox')).toThrow(/malformed/)
    expect(found).toHaveLength(1)
  })
})

describe('a full disk', () => {
  it('refuses to write, in words, changes nothing, and goes on reading', () => {
    queue(1)
    const pages = temp.cache.read.value<number>('PRAGMA page_count') ?? 0
    temp.cache.read.value(`PRAGMA max_page_count = ${pages}`)
    expect(() => queue(40, 'x'.repeat(3_000), null)).toThrow(/disk of this machine is full.*Reading goes on/)
    expect(outbox(temp.cache)).toHaveLength(1)
    temp.cache.read.value('PRAGMA max_page_count = 100000')
    queue(2, '', null)
    expect(outbox(temp.cache)).toHaveLength(3)
  })
})
