import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import type { Person } from '../../domain/directory.ts'
import type { Quote } from '../../domain/quote.ts'
import type { StreamEvent } from '../../domain/wire/stream-event.ts'
import type { MutationResult } from '../../domain/wire/sync-http.ts'
import { replaceStream } from '../../src-main/engine/cache/apply-snapshot.ts'
import { readSums } from '../../src-main/engine/cache/figures.ts'
import { writeMeta } from '../../src-main/engine/cache/meta.ts'
import type { EditBody } from '../../src-main/engine/cache/outbox-body.ts'
import { listEntries, takeBatch } from '../../src-main/engine/cache/outbox-store.ts'
import { readQuote } from '../../src-main/engine/cache/quote-store.ts'
import { matchExpression } from '../../src-main/engine/cache/search-index.ts'
import { NotHereError, RefusedError } from '../../src-main/engine/outbox/refusal.ts'
import { settleBatch } from '../../src-main/engine/outbox/settle.ts'
import { discard } from '../../src-main/engine/outbox/take-back.ts'
import {
  added,
  apply,
  changed,
  directoryChanges,
  editingIn,
  entryOf,
  eventOf,
  logOf,
  makeQuote,
  north,
  org,
  removed,
  rob,
  team,
  tempCache,
} from './engine-world.ts'

const clientId = '33333333-3333-4333-8333-333333333333'
export const at = '1970-01-01T00:00:00.000Z'
export const mia: Person = { ...rob, id: v7(), name: 'Mia', memberships: [{ team_id: team.id, role: 'manager' }] }
/** Titles that quotes get, to search for. */
export const words = ['ash', 'birch', 'cedar', 'dogwood']

/** What an edit makes of a quote, written down a second time and as plainly as can be. Null: it does not fit. */
function plainly(quote: Quote | null, body: EditBody): Quote | null {
  if (body.name === 'quote.create') {
    const { name: _name, quote: id, ...given } = body
    const draft = { status: 'draft', outcome: null, reason: null, sent_at: null, closed_at: null } as const
    const fresh = { id, quote_id: null, revision: 1, version: 1, ...given, ...draft, created_at: at, updated_at: at }
    return quote ? null : fresh
  }
  if (!quote || quote.outcome === 'superseded') return body.name === 'quote.add_note' && quote ? next(quote, {}) : null
  switch (body.name) {
    case 'quote.edit': {
      if (quote.status === 'closed') return null
      const after = next(quote, body.fields)
      return quote.status !== 'draft' && after.value_minor === 0 && quote.value_minor !== 0 ? null : after
    }
    case 'quote.reassign':
      return next(quote, { team_id: body.team_id, owner_id: body.owner_id })
    case 'quote.add_note':
      return next(quote, {})
    case 'quote.change_status': {
      const step = `${quote.status} ${body.to}`
      if (step === 'draft active') return quote.value_minor > 0 ? next(quote, { status: 'active' }) : null
      if (step === 'active sent') return next(quote, { status: 'sent', sent_at: at })
      if (step === 'sent closed') {
        return next(quote, { status: 'closed', outcome: body.outcome, reason: body.reason, closed_at: at })
      }
      return null
    }
    default:
      return null
  }
}

export const next = (quote: Quote, change: Partial<Quote>): Quote => ({
  ...quote,
  ...change,
  version: quote.version + 1,
  updated_at: at,
})

type Known = ReadonlyMap<string, Quote>
interface Pending {
  entry: number
  mutation_id: number | null
  body: EditBody
  ack: { epoch: string; seq: number } | null
}

/** The server, its log and the client's cache, with a plain model of confirmed ⊕ pending beside it. */
export class OverlayWorld {
  readonly temp = tempCache()
  cache = this.temp.cache
  epoch = v7()
  /** The server's quotes after each event; the last one is how they are. */
  states: Known[] = [new Map()]
  log: StreamEvent[] = []
  answers = new Map<number, MutationResult>()
  cursor = 0
  pending: Pending[] = []
  numbers = 1000

  constructor() {
    apply(this.cache, org, logOf([...directoryChanges, { type: 'person.saved', data: mia }], org))
    this.cache.transact((db) => writeMeta(db, 'client_id', clientId))
    this.foreign(makeQuote({ status: 'draft', title: 'ash', quote_id: 1, owner_id: mia.id }))
    this.foreign(makeQuote({ status: 'active', title: 'birch', quote_id: 2 }))
    this.receive(2)
  }

  get served(): Known {
    return this.states.at(-1) as Known
  }
  get confirmed(): Known {
    return this.states[this.cursor] as Known
  }

  shown(): Map<string, Quote> {
    const shown = new Map(this.confirmed)
    for (const { body } of this.pending) {
      const after = plainly(shown.get(body.quote) ?? null, body)
      if (after) shown.set(body.quote, after)
    }
    return shown
  }

  append(change: StreamEvent['change'], mutationId: number | null, state: Map<string, Quote>): void {
    const seq = this.log.length + 1
    const origin = mutationId === null ? null : { client_id: clientId, mutation_id: mutationId }
    this.log.push(eventOf(change, seq, { epoch: this.epoch, origin }))
    this.states.push(state)
  }

  foreign(quote: Quote, mutationId: number | null = null): void {
    const known = this.served.has(quote.id)
    const seq = this.log.length + 1
    const change = known ? changed(quote, north, seq) : added(quote, north, seq)
    this.append(change, mutationId, new Map(this.served).set(quote.id, quote))
  }

  remove(quote: Quote): void {
    const state = new Map(this.served)
    state.delete(quote.id)
    this.append(removed(quote), null, state)
  }

  /** The server takes what is sent, or refuses it. */
  send(refuses: (n: number) => boolean, answered: boolean): void {
    const batch = this.cache.transact((db) => takeBatch(db, { entries: 3, bytes: 100_000 }))
    for (const { entry, mutation_id } of batch) {
      const known = this.pending.find((one) => one.entry === entry)
      if (known) known.mutation_id = mutation_id
    }
    const results = batch.map(({ mutation_id, body }) => {
      const first = this.answers.get(mutation_id) ?? this.judge(mutation_id, body as EditBody, refuses(mutation_id))
      this.answers.set(mutation_id, first)
      return first.outcome === 'committed' ? { ...first, epoch: this.epoch } : first
    })
    if (!answered) return
    const before = readSums(this.cache.read)
    settleBatch(this.cache, results)
    const onlyAcks = results.every((result) => result.outcome === 'committed' && result.seq > this.cursor)
    if (onlyAcks) assert.deepEqual(readSums(this.cache.read), before)
    for (const result of results) {
      const place = this.pending.findIndex(({ mutation_id }) => mutation_id === result.mutation_id)
      const [waiting] = place < 0 ? [] : [this.pending[place] as Pending]
      if (!waiting || waiting.ack) continue
      if (result.outcome === 'committed' && result.seq > this.cursor) waiting.ack = result
      else this.pending.splice(place, 1)
    }
  }

  judge(mutation_id: number, body: EditBody, refused: boolean): MutationResult {
    const before = this.served.get(body.quote) ?? null
    const after = refused ? null : plainly(before, body)
    if (!after) {
      const [code, message] = ['failed', 'No.'] as const
      return { outcome: 'rejected', mutation_id, code, message, current: before, conflicts: [] }
    }
    this.foreign({ ...after, quote_id: after.quote_id ?? this.numbers++ }, mutation_id)
    const { epoch, log } = this
    return { outcome: 'committed', mutation_id, stream: north, epoch, seq: log.length, version: after.version }
  }

  receive(count: number): void {
    const events = this.log.slice(this.cursor, this.cursor + count)
    if (events.length === 0) return
    apply(this.cache, north, events)
    this.cursor += events.length
    const applied = new Set(events.map(({ place }) => place.origin?.mutation_id))
    this.pending = this.pending.filter(({ mutation_id }) => mutation_id === null || !applied.has(mutation_id))
  }

  snapshot(newEpoch: boolean): void {
    if (newEpoch) {
      this.epoch = v7()
      this.log = this.log.map(({ place, change }) => ({ place: { ...place, epoch: this.epoch }, change }))
    }
    const seq = this.log.length
    const rows = [...this.served.values()].map((quote) => ({
      type: 'quote.added' as const,
      data: { quote, history: [entryOf(quote, north, 1)] },
    }))
    const cursor = { epoch: this.epoch, seq }
    this.cache.transact((db) => replaceStream(db, this.cache.expiry, north, cursor, rows))
    this.cursor = seq
    this.pending = this.pending.filter(({ ack }) => !ack || ack.epoch !== this.epoch || ack.seq > seq)
    for (const one of this.pending) one.ack = null
  }

  edit(run: () => number): void {
    const before = listEntries(this.cache.read).length
    let entry: number
    try {
      entry = run()
    } catch (error) {
      if (!(error instanceof RefusedError || error instanceof NotHereError)) throw error
      assert.equal(listEntries(this.cache.read).length, before)
      return
    }
    const queued = listEntries(this.cache.read).find((one) => one.entry === entry)
    this.pending.push({ entry, mutation_id: null, body: queued?.body as EditBody, ack: null })
  }

  discard(which: number): void {
    const one = this.pending[which % Math.max(1, this.pending.length)]
    if (!one) return
    try {
      discard(editingIn(this.cache), one.entry)
    } catch (error) {
      assert.ok(error instanceof RefusedError)
      return
    }
    this.pending = this.pending.filter((other) => other !== one)
  }

  check(): void {
    const { read } = this.cache
    const shown = this.shown()
    assert.deepEqual(read.values<string>('SELECT id FROM quotes ORDER BY id'), [...shown.keys()].sort())
    for (const [id, quote] of shown) assert.deepEqual(readQuote(read, id), quote)
    const sums = new Map<string, number>()
    for (const { status, value_minor } of shown.values()) sums.set(status, (sums.get(status) ?? 0) + value_minor)
    assert.deepEqual(
      Object.fromEntries(readSums(read).map((sum) => [sum.status, sum.value_minor])),
      Object.fromEntries(sums),
    )
    for (const word of words) {
      const found = read.values<string>(
        'SELECT quotes.id FROM search JOIN quotes ON quotes.row = search.rowid WHERE search MATCH ? ORDER BY quotes.id',
        matchExpression(word) ?? '',
      )
      const expected = [...shown.values()].filter(({ title }) => title === word).map(({ id }) => id)
      assert.deepEqual(found, expected.sort())
    }
    const waiting = listEntries(read).filter(({ state }) => state !== 'refused')
    assert.deepEqual(
      waiting.map(({ entry, state }) => [entry, state]),
      this.pending.map(({ entry, ack }) => [entry, ack ? 'acknowledged' : 'waiting']),
    )
    if (waiting.length === 0) assert.deepEqual(read.values('SELECT id FROM quote_confirmed'), [])
  }
}
