import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../../domain/directory.ts'
import type { Quote } from '../../../domain/quote.ts'
import {
  added,
  apply,
  changed,
  contentsOf,
  directoryChanges,
  editingIn,
  epochA,
  epochB,
  eventOf,
  logOf,
  makeQuote,
  north,
  org,
  otherTeam,
  removed,
  rob,
  south,
  team,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { createQuote, editQuote, reassign } from '../outbox/edits.ts'
import { settleBatch } from '../outbox/settle.ts'
import { purgeStream, replaceStream } from './apply-snapshot.ts'
import { writeMeta } from './meta.ts'
import type { Cache } from './open-cache.ts'
import { listEntries, takeBatch } from './outbox-store.ts'
import { readConfirmed } from './overlay.ts'
import { readQuote } from './quote-store.ts'

const clientId = '33333333-3333-4333-8333-333333333333'
const mia: Person = {
  ...rob,
  id: v7(),
  name: 'Mia',
  memberships: [
    { team_id: team.id, role: 'manager' },
    { team_id: otherTeam.id, role: 'manager' },
  ],
}
let temp: ReturnType<typeof tempCache>
let cache: Cache
beforeEach(() => {
  temp = tempCache()
  cache = temp.cache
  const people = [
    { type: 'person.saved' as const, data: mia },
    { type: 'team.saved' as const, data: otherTeam },
  ]
  apply(cache, org, logOf([...directoryChanges, ...people], org))
  cache.transact((db) => writeMeta(db, 'client_id', clientId))
})
afterEach(() => temp.dispose())

const editing = () => editingIn(cache, { person: mia })
const own = (mutation_id: number) => ({ origin: { client_id: clientId, mutation_id } })
const number = () => cache.transact((db) => takeBatch(db, { entries: 10, bytes: 10_000 }))
const shown = (id: string) => readQuote(cache.read, id)
const held = (id: string) => cache.read.value<string>('SELECT stream FROM quotes WHERE id = ?', id)
const fields = () => {
  const { customer_id, title, currency, lines, value_minor, expires_on, time_zone } = makeQuote()
  return { customer_id, title, currency, lines, value_minor, expires_on, time_zone }
}
const create = () => createQuote(editing(), { ...fields(), team_id: team.id, owner_id: mia.id }).id
const rename = (id: string, title: string) =>
  editQuote(editing(), { id, base: { version: 1, fields: {} }, fields: { title } })
const replace = (rows: Parameters<typeof replaceStream>[4], epoch = epochA) =>
  cache.transact((db) => replaceStream(db, cache.expiry, north, { epoch, seq: 9 }, rows))

describe('a quote that moves to another team', () => {
  let quote: Quote
  let moved: Quote
  beforeEach(() => {
    quote = makeQuote()
    moved = { ...quote, version: 2, team_id: otherTeam.id, owner_id: mia.id }
    apply(cache, north, logOf([added(quote)]))
    apply(cache, south, logOf([added(makeQuote({ team_id: otherTeam.id }), south)], south))
    reassign(editing(), { id: quote.id, team_id: otherTeam.id, owner_id: mia.id })
    number()
  })
  const enters = () => apply(cache, south, [eventOf(added(moved, south, 2), 2, { stream: south, ...own(1) })])
  const leaves = () => apply(cache, north, [eventOf(removed(quote), 2, own(1))])

  it('is shown there at once, and is still the old stream’s to take away', () => {
    expect(shown(quote.id)).toMatchObject({ team_id: otherTeam.id, owner_id: mia.id, version: 2 })
    expect(held(quote.id)).toBe(north)
    expect(readConfirmed(cache.read, quote.id)).toMatchObject({ stream: north, quote: { team_id: team.id } })
  })

  it('I15: is never away when the new stream tells first', () => {
    enters()
    expect(shown(quote.id)).toEqual(moved)
    leaves()
    expect(shown(quote.id)).toEqual(moved)
    expect([held(quote.id), listEntries(cache.read)]).toEqual([south, []])
  })

  it('comes back with the new stream when the old one tells first', () => {
    leaves()
    expect([shown(quote.id), listEntries(cache.read)]).toEqual([null, []])
    enters()
    expect(shown(quote.id)).toEqual(moved)
  })

  it('I5: an answer that names the old stream settles it, also when that stream may not be read any more', () => {
    const answer = { outcome: 'committed', mutation_id: 1, stream: north, epoch: epochA, seq: 2, version: 2 } as const
    settleBatch(cache, [answer])
    expect(listEntries(cache.read)).toMatchObject([{ state: 'acknowledged' }])
    cache.transact((db) => purgeStream(db, cache.expiry, north))
    expect([shown(quote.id), listEntries(cache.read)]).toEqual([null, []])
    expect(contentsOf(cache)).toMatchObject({ confirmed: [] })
  })

  it('an accepted move goes with the purge of the stream it left, and what entered elsewhere stays', () => {
    const answer = { outcome: 'committed', mutation_id: 1, stream: north, epoch: epochA, seq: 2, version: 2 } as const
    settleBatch(cache, [answer])
    apply(cache, south, [eventOf(added(moved, south, 2), 2, { stream: south })])
    cache.transact((db) => purgeStream(db, cache.expiry, north))
    expect([shown(quote.id), listEntries(cache.read)]).toEqual([moved, []])
    expect(contentsOf(cache)).toMatchObject({ confirmed: [] })
  })
})

describe('a quote made here', () => {
  it('I15: is replaced by the server’s word in one transaction: no second row, sums and search right', () => {
    const id = create()
    rename(id, 'Renamed')
    expect(shown(id)).toMatchObject({ quote_id: null, version: 2, title: 'Renamed' })
    expect(readConfirmed(cache.read, id)).toBeNull()
    number()
    const before = contentsOf(cache)
    const draft = makeQuote({ id, status: 'draft', sent_at: null, quote_id: 7, owner_id: mia.id })
    apply(cache, north, [eventOf(added(draft), 1, own(1))])
    expect(shown(id)).toMatchObject({ quote_id: 7, version: 2, title: 'Renamed' })
    const renamed = { ...draft, version: 2, title: 'Renamed' }
    apply(cache, north, [eventOf(changed(renamed, north, 2), 2, own(2))])
    const after = contentsOf(cache)
    expect(shown(id)).toEqual(renamed)
    expect(after).toMatchObject({ outbox: [], confirmed: [], sums: before['sums'], found: before['found'] })
    expect(cache.read.value('SELECT count(*) FROM search')).toBe(1)
  })

  it('I13: survives snapshots, another epoch and being opened again', () => {
    const id = create()
    replace([])
    expect(shown(id)).toMatchObject({ quote_id: null, version: 1 })
    cache = temp.reopen()
    replace([added(makeQuote())], epochB)
    expect(shown(id)).toMatchObject({ quote_id: null, version: 1 })
    expect(cache.read.value('SELECT count(*) FROM quotes')).toBe(2)
  })

  it('I16: is out of sight with its team, and back with it; its entry waits for the answer all along', () => {
    const id = create()
    cache.transact((db) => purgeStream(db, cache.expiry, north))
    expect([shown(id), listEntries(cache.read).length]).toEqual([null, 1])
    replace([])
    expect(shown(id)).toMatchObject({ quote_id: null })
  })

  it('goes with its refusal, and what was built on it is not shown but waits for its own', () => {
    const id = create()
    rename(id, 'Renamed')
    number()
    const refuse = (mutation_id: number, code: 'needs_permission' | 'not_found') =>
      settleBatch(cache, [{ outcome: 'rejected', mutation_id, code, message: 'No.', current: null, conflicts: [] }])
    refuse(1, 'needs_permission')
    expect([shown(id), listEntries(cache.read).map(({ state }) => state)]).toEqual([null, ['refused', 'waiting']])
    refuse(2, 'not_found')
    expect(listEntries(cache.read).map(({ state }) => state)).toEqual(['refused', 'refused'])
    expect(contentsOf(cache)).toMatchObject({ quotes: [], confirmed: [], found: [] })
  })

  it('the older word of one stream does not undo the newer one of another, and its edit goes all the same', () => {
    apply(cache, south, logOf([added(makeQuote({ team_id: otherTeam.id }), south)], south))
    apply(cache, north, logOf([added(makeQuote())]))
    const id = create()
    rename(id, 'Renamed')
    number()
    const draft = makeQuote({ id, status: 'draft', sent_at: null, quote_id: 7, owner_id: mia.id })
    // Somebody moved it after both, and this machine hears of that first.
    const moved = { ...draft, version: 3, title: 'Renamed', team_id: otherTeam.id }
    apply(cache, south, [eventOf(added(moved, south, 2), 2, { stream: south })])
    expect(shown(id)).toMatchObject({ team_id: otherTeam.id, version: 4 })
    apply(cache, north, [eventOf(added(draft), 2, own(1))])
    expect(listEntries(cache.read).map(({ body }) => body.name)).toEqual(['quote.edit'])
    apply(cache, north, [eventOf(changed({ ...draft, version: 2, title: 'Renamed' }, north, 3), 3, own(2))])
    expect([shown(id), listEntries(cache.read)]).toEqual([moved, []])
    expect(contentsOf(cache)).toMatchObject({ confirmed: [] })
  })
})
