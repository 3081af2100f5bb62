import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { v7 } from 'uuid'
import type { Person } from '../../domain/directory.ts'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import { type Clock, toEpochMs, toInstantText } from '../../domain/time.ts'
import type { StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'
import { orgStream, type StreamName, teamStream } from '../../domain/wire/stream-name.ts'
import { applyEvents } from '../../src-main/engine/cache/apply-events.ts'
import { type Cache, openCache } from '../../src-main/engine/cache/open-cache.ts'
import { createMadeHere } from '../../src-main/engine/outbox/made-here.ts'
import type { Editing } from '../../src-main/engine/outbox/queue-edit.ts'
import type { Scheduler } from '../../src-main/engine/scheduler.ts'

/** Time that moves when told; timers that fall due on the way run in order. */
export interface HandTime {
  clock: Clock
  scheduler: Scheduler
  advance: (ms: number) => void
  /** Moves the clock alone, as somebody does who sets it. */
  setClock: (instant: string) => void
  timers: () => number
}

export function handTime(instant = '2026-03-04T10:00:00.000Z'): HandTime {
  let nowMs = toEpochMs(instant)
  // Timers run on a time of their own: a clock that is set does not fire them.
  let elapsedMs = 0
  const timers = new Map<symbol, { atMs: number; run: () => void }>()
  return {
    clock: { nowMs: () => nowMs },
    scheduler: {
      after: (delayMs, run) => {
        const id = Symbol()
        timers.set(id, { atMs: elapsedMs + delayMs, run })
        return () => void timers.delete(id)
      },
    },
    advance: (ms) => {
      const untilMs = elapsedMs + ms
      for (;;) {
        const due = [...timers].filter(([, timer]) => timer.atMs <= untilMs).sort((a, b) => a[1].atMs - b[1].atMs)[0]
        if (!due) break
        const [id, timer] = due
        timers.delete(id)
        nowMs += Math.max(0, timer.atMs - elapsedMs)
        elapsedMs = Math.max(elapsedMs, timer.atMs)
        timer.run()
      }
      nowMs += untilMs - elapsedMs
      elapsedMs = untilMs
    },
    setClock: (text) => {
      nowMs = toEpochMs(text)
    },
    timers: () => timers.size,
  }
}

/** A cache in a folder of its own, which can be closed and opened again. */
export function tempCache(): { cache: Cache; file: string; reopen(): Cache; dispose(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotedesk-cache-'))
  const file = path.join(folder, 'cache.db')
  let cache = openCache(file)
  return {
    cache,
    file,
    reopen: () => {
      cache.close()
      cache = openCache(file)
      return cache
    },
    dispose: () => {
      cache.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export const epochA = '11111111-1111-4111-8111-111111111111'
export const epochB = '22222222-2222-4222-8222-222222222222'
export const team = { id: v7(), name: 'North' }
export const otherTeam = { id: v7(), name: 'South' }
export const workspace = {
  id: v7(),
  name: 'Test',
  stage_probabilities: { active: 20, sent: 40, negotiation: 70 },
}
export const north: StreamName = teamStream(team.id)
export const south: StreamName = teamStream(otherTeam.id)
export const org: StreamName = orgStream(workspace.id)

export const rob: Person = {
  id: v7(),
  name: 'Rob',
  time_zone: 'Europe/Berlin',
  active: true,
  memberships: [{ team_id: team.id, role: 'rep' }],
}
export const acme = {
  id: v7(),
  name: 'Acme Corp',
  sector: null,
  country: null,
  contact_name: null,
  contact_email: null,
}

const at = toInstantText(toEpochMs('2026-03-01T09:00:00.000Z'))

/** A complete, sent quote of Rob's for Acme, valid until 2026-03-20 in Berlin, unless told otherwise. */
export function makeQuote(given: Partial<Quote> = {}): Quote {
  return {
    id: v7(),
    quote_id: 1042,
    revision: 1,
    version: 1,
    team_id: team.id,
    owner_id: rob.id,
    customer_id: acme.id,
    title: 'Ten desks',
    status: 'sent',
    outcome: null,
    reason: null,
    value_minor: 450_000,
    currency: 'EUR',
    lines: [{ product: 'Desk', description: '', quantity: 10, unit_price_minor: 45_000 }],
    expires_on: '2026-03-20',
    time_zone: 'Europe/Berlin',
    sent_at: at,
    closed_at: null,
    created_at: at,
    updated_at: at,
    ...given,
  }
}

export function entryOf(quote: Quote, stream: string, seq: number): HistoryEntry {
  return {
    quote: quote.id,
    version: quote.version,
    kind: quote.version === 1 ? 'created' : 'transition',
    from_status: quote.version === 1 ? null : 'draft',
    to_status: quote.status,
    outcome: quote.outcome,
    reason: quote.reason,
    note: null,
    before: null,
    after: null,
    actor_id: quote.owner_id,
    at: quote.updated_at,
    stream,
    seq,
  }
}

export const added = (quote: Quote, stream: string = north, seq = 1): StreamChange => ({
  type: 'quote.added',
  data: { quote, history: [entryOf(quote, stream, seq)] },
})
export const changed = (quote: Quote, stream: string = north, seq = 1): StreamChange => ({
  type: 'quote.changed',
  data: { quote, entry: entryOf(quote, stream, seq) },
})
export const removed = (quote: Quote): StreamChange => ({ type: 'quote.removed', data: { id: quote.id } })

export function eventOf(change: StreamChange, seq: number, given: Partial<StreamEvent['place']> = {}): StreamEvent {
  return { place: { stream: north, epoch: epochA, seq, at, origin: null, ...given }, change }
}

/** Events of one stream with seq after+1, after+2 … */
export const logOf = (changes: readonly StreamChange[], stream: StreamName = north, after = 0, epoch = epochA) =>
  changes.map((change, index) => eventOf(change, after + index + 1, { stream, epoch }))

export const directoryChanges: StreamChange[] = [
  { type: 'workspace.saved', data: workspace },
  { type: 'team.saved', data: team },
  { type: 'person.saved', data: rob },
  { type: 'customer.saved', data: acme },
]

export function apply(cache: Cache, stream: StreamName, events: readonly StreamEvent[]): void {
  cache.transact((db) => applyEvents(db, cache.expiry, stream, events))
}

/** Somebody, Rob unless told otherwise, who edits in this cache at the epoch. */
export const editingIn = (cache: Cache, given: Partial<Editing> = {}): Editing => ({
  cache,
  person: rob,
  nowMs: 0,
  madeHere: createMadeHere(),
  ...given,
})

/** Everything a cache holds that is not about this machine, to compare two of them. */
export function contentsOf(cache: Cache): Record<string, unknown> {
  const all = (sql: string) => cache.read.all(sql)
  return {
    streams: all('SELECT * FROM streams ORDER BY stream'),
    quotes: all(
      `SELECT id, stream, version, status, outcome, value_minor, currency, expires_at_ms, incomplete, owner_id, team_id,
         customer_name, owner_name, team_name, title, expires_on, updated_at, lines FROM quotes ORDER BY id`,
    ),
    history: all('SELECT * FROM history ORDER BY quote, version'),
    customers: all('SELECT * FROM customers ORDER BY id'),
    people: all('SELECT * FROM people ORDER BY id'),
    teams: all('SELECT * FROM teams ORDER BY id'),
    workspace: all('SELECT * FROM workspace ORDER BY id'),
    confirmed: all('SELECT * FROM quote_confirmed ORDER BY id'),
    outbox: all('SELECT * FROM outbox ORDER BY entry'),
    sums: all('SELECT * FROM sums WHERE count <> 0 ORDER BY status, currency'),
    found: all(`SELECT quotes.id FROM search JOIN quotes ON quotes.row = search.rowid
      WHERE search MATCH '"desk"*' ORDER BY quotes.id`),
  }
}
