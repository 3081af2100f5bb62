import * as fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../../domain/quote.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import {
  added,
  apply,
  changed,
  contentsOf,
  directoryChanges,
  editingIn,
  entryOf,
  epochA,
  epochB,
  logOf,
  makeQuote,
  north,
  org,
  removed,
  south,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { changeStatus } from '../outbox/edits.ts'
import { settleBatch } from '../outbox/settle.ts'
import { addToStage, beginStage, purgeStream, replaceStream, takeStaged } from './apply-snapshot.ts'
import type { Cache } from './open-cache.ts'
import { listEntries, takeBatch } from './outbox-store.ts'
import { readCursor } from './stream-cursors.ts'

let temp: ReturnType<typeof tempCache>
let cache: Cache
beforeEach(() => {
  temp = tempCache()
  cache = temp.cache
  apply(cache, org, logOf(directoryChanges, org))
})
afterEach(() => temp.dispose())

const replace = (into: Cache, changes: readonly StreamChange[], seq: number, epoch = epochA) =>
  into.transact((db) => replaceStream(db, into.expiry, north, { epoch, seq }, changes))

/** Queues a change of Rob's, gives it its number and has the server accept it at `seq`. */
function acceptedChange(quote: Quote, seq: number): void {
  changeStatus(editingIn(cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
  const [entry] = cache.transact((db) => takeBatch(db, { entries: 10, bytes: 10_000 }))
  const mutation_id = entry?.mutation_id ?? 0
  settleBatch(cache, [{ outcome: 'committed', mutation_id, stream: north, epoch: epochA, seq, version: 2 }])
}

describe('a snapshot', () => {
  it('I12: with the log after it equals the full replay', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.boolean()), { maxLength: 20 }), fc.nat(20), (steps, cut) => {
        const quotes = Array.from({ length: 4 }, () => makeQuote())
        const state = new Map<string, { quote: Quote; history: StreamChange[] }>()
        const log: StreamChange[] = []
        const at = Math.min(cut, steps.length)
        let snapshot: StreamChange[] = []
        const takeSnapshot = () => {
          snapshot = [...state.values()].map(({ quote, history }) => ({
            type: 'quote.added',
            data: { quote, history: history.flatMap(historyOf) },
          }))
        }
        for (const [index, [which, gone]] of steps.entries()) {
          if (index === at) takeSnapshot()
          const known = state.get(quotes[which]?.id ?? '')
          const quote = { ...(quotes[which] as Quote), version: index + 1, title: `desk ${index}` }
          if (gone && known) {
            log.push(removed(quote))
            state.delete(quote.id)
          } else {
            const change = known ? changed(quote, north, index + 1) : added(quote, north, index + 1)
            log.push(change)
            state.set(quote.id, { quote, history: [...(known?.history ?? []), change] })
          }
        }
        if (at === steps.length) takeSnapshot()
        const replayed = tempCache()
        const resynced = tempCache()
        apply(replayed.cache, north, logOf(log))
        replace(resynced.cache, snapshot, at)
        apply(resynced.cache, north, logOf(log.slice(at), north, at))
        const [expected, got] = [contentsOf(replayed.cache), contentsOf(resynced.cache)]
        replayed.dispose()
        resynced.dispose()
        // A stream nobody applied anything of has no cursor; a snapshot at 0 gives it one.
        fc.pre(log.length > 0)
        expect(got).toEqual(expected)
      }),
      { numRuns: 25 },
    )
  })

  it('I7: is all there or not at all, whichever write a crash comes at', () => {
    apply(cache, north, logOf([added(makeQuote()), added(makeQuote())]))
    const before = contentsOf(cache)
    for (let at = 1; at <= 6; at += 1) {
      let writes = 0
      const crash = () =>
        cache.transact((db) => {
          const run: typeof db.run = (sql, ...values) => {
            writes += 1
            if (writes === at) throw new Error('crash')
            return db.run(sql, ...values)
          }
          replaceStream({ ...db, run }, cache.expiry, north, { epoch: epochB, seq: 9 }, [added(makeQuote())])
        })
      expect(crash).toThrow('crash')
      cache = temp.reopen()
      expect(contentsOf(cache)).toEqual(before)
    }
  })

  it('is kept aside until its last page is here, and leaves nothing aside', () => {
    const rows = Array.from({ length: 2_500 }, () => JSON.stringify(added(makeQuote())))
    cache.transact((db) => beginStage(db, north))
    cache.transact((db) => addToStage(db, north, ['{"type":"left over"}']))
    cache.transact((db) => beginStage(db, north))
    cache.transact((db) => addToStage(db, north, rows.slice(0, 2_000)))
    cache.transact((db) => addToStage(db, north, rows.slice(2_000)))
    expect(cache.read.value('SELECT count(*) FROM quotes')).toBe(0)
    cache.transact((db) => replaceStream(db, cache.expiry, north, { epoch: epochA, seq: 7 }, takeStaged(db, north)))
    expect(cache.read.value('SELECT count(*) FROM quotes')).toBe(2_500)
    expect(cache.read.value('SELECT count(*) FROM snapshot_stage')).toBe(0)
  })

  it('of another epoch replaces quotes also by older versions', () => {
    const quote = makeQuote({ version: 5, title: 'Newer' })
    apply(cache, north, logOf([added(quote), added(makeQuote())]))
    replace(cache, [added({ ...quote, version: 2, title: 'Restored' })], 3, epochB)
    expect(cache.read.all('SELECT title, version FROM quotes')).toEqual([{ title: 'Restored', version: 2 }])
    expect(readCursor(cache.read, north)).toEqual({ epoch: epochB, seq: 3 })
  })

  it('writes only what differs: what is here already costs no write, one other field or entry does', () => {
    const [same, edited, forgotten] = [makeQuote(), makeQuote(), makeQuote()]
    apply(cache, north, logOf([added(same), added(edited, north, 2), added(forgotten, north, 3)]))
    cache.transact((db) => db.run('UPDATE history SET reason = ? WHERE quote = ?', 'Damaged', forgotten.id))
    const touched = new Set<string>()
    cache.onCommit(({ quotes }) => quotes?.forEach((id) => touched.add(id)))
    replace(cache, [added(same), added({ ...edited, title: 'Other' }, north, 2), added(forgotten, north, 3)], 5)
    expect(touched).toEqual(new Set([edited.id, forgotten.id]))
    expect(contentsOf(cache)).toMatchObject({
      history: expect.not.arrayContaining([expect.objectContaining({ reason: 'Damaged' })]),
    })
    expect(cache.read.value('SELECT title FROM quotes WHERE id = ?', edited.id)).toBe('Other')
    expect(cache.read.value('SELECT count(*) FROM history')).toBe(3)
  })

  it('of the directory forgets who is no longer in it', () => {
    const [workspaceSaved] = directoryChanges
    cache.transact((db) =>
      replaceStream(db, cache.expiry, org, { epoch: epochA, seq: 9 }, workspaceSaved ? [workspaceSaved] : []),
    )
    expect(contentsOf(cache)).toMatchObject({ people: [], teams: [], customers: [], workspace: [{ name: 'Test' }] })
  })
})

describe('the outbox at a snapshot', () => {
  it('I13: keeps what waits, shown on top of the new rows', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    changeStatus(editingIn(cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
    replace(cache, [added({ ...quote, title: 'Restored' })], 3, epochB)
    expect(listEntries(cache.read)).toMatchObject([{ state: 'waiting' }])
    expect(cache.read.get('SELECT title, status FROM quotes')).toEqual({ title: 'Restored', status: 'negotiation' })
  })

  it('lets go of an acknowledged change that the snapshot contains', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    acceptedChange(quote, 2)
    expect(listEntries(cache.read)).toMatchObject([{ state: 'acknowledged' }])
    replace(cache, [added({ ...quote, version: 2, status: 'negotiation' })], 2)
    expect(contentsOf(cache)).toMatchObject({
      outbox: [],
      confirmed: [],
      quotes: [{ status: 'negotiation', version: 2 }],
    })
  })

  it('I13: sends a change again that was acknowledged by a history that is no more', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([added(quote)]))
    acceptedChange(quote, 2)
    replace(cache, [added(quote)], 1, epochB)
    expect(listEntries(cache.read)).toMatchObject([{ state: 'waiting', mutation_id: 1 }])
    expect(cache.read.value('SELECT status FROM quotes')).toBe('negotiation')
  })
})

const versions = (quote: Quote, seqs: readonly number[]): StreamChange => ({
  type: 'quote.added',
  data: {
    quote: { ...quote, version: seqs.length },
    history: seqs.map((seq, index) => entryOf({ ...quote, version: index + 1 }, north, seq)),
  },
})

const baseVersions = () =>
  listEntries(cache.read).map(({ body }) => ('base_version' in body ? body.base_version : null))

describe('an edit that waits while a backup is restored', () => {
  it('names the last version that both histories share, not one whose number others have used again', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([versions(quote, [1, 2, 3, 4, 5])]))
    changeStatus(editingIn(cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
    replace(cache, [versions(quote, [1, 2, 3, 14, 15])], 20, epochB)
    expect(baseVersions()).toEqual([3])
  })

  it('names the newest version when the restored history ends before its base', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([versions(quote, [1, 2, 3])]))
    changeStatus(editingIn(cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
    replace(cache, [versions(quote, [1, 2])], 20, epochB)
    expect(baseVersions()).toEqual([2])
  })

  it('stays as it was when only more was added', () => {
    const quote = makeQuote()
    apply(cache, north, logOf([versions(quote, [1, 2])]))
    changeStatus(editingIn(cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
    replace(cache, [versions(quote, [1, 2, 3])], 20)
    expect(baseVersions()).toEqual([2])
  })
})

describe('a stream that may not be read any more', () => {
  it('I16: is purged with rows, history, search and cursor; other streams stay', () => {
    const kept = makeQuote()
    apply(cache, north, logOf([added(makeQuote())]))
    apply(cache, south, logOf([added(kept, south)], south))
    cache.transact((db) => purgeStream(db, cache.expiry, north))
    expect(contentsOf(cache)).toMatchObject({
      quotes: [{ id: kept.id }],
      history: [{ quote: kept.id }],
      found: [{ id: kept.id }],
      streams: [{ stream: org }, { stream: south }].toSorted((a, b) => a.stream.localeCompare(b.stream)),
    })
  })

  it('I5: settles the change that was accepted in it, and keeps the one that has no answer yet', () => {
    const [accepted, unanswered] = [makeQuote(), makeQuote()]
    apply(cache, north, logOf([added(accepted), added(unanswered)]))
    acceptedChange(accepted, 3)
    changeStatus(editingIn(cache), { id: unanswered.id, to: 'negotiation', outcome: null, reason: null })
    cache.transact((db) => purgeStream(db, cache.expiry, north))
    expect(listEntries(cache.read)).toMatchObject([{ quote: unanswered.id, state: 'waiting' }])
  })
})

function historyOf(change: StreamChange) {
  if (change.type === 'quote.added') return change.data.history
  return change.type === 'quote.changed' ? [change.data.entry] : []
}
