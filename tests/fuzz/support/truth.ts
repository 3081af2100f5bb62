import type { Person } from '../../../domain/directory.ts'
import type { HistoryEntry, Quote } from '../../../domain/quote.ts'
import type { StreamChange, StreamEvent } from '../../../domain/wire/stream-event.ts'
import { expectThat } from './violation.ts'

/** A quote and its history by version, as one stream tells them. */
export interface KnownQuote {
  quote: Quote
  history: ReadonlyMap<number, HistoryEntry>
}

/** What a stretch of one stream adds up to: plain maps, never changed in place. */
export interface State {
  quotes: ReadonlyMap<string, KnownQuote>
  /** `customer <id>`, `team <id>` … → the row. */
  rows: ReadonlyMap<string, unknown>
}

const nothing: State = { quotes: new Map(), rows: new Map() }

/** The fold, written down once more and as simply as can be. */
export function foldOne(state: State, change: StreamChange): State {
  if (change.type === 'quote.added') {
    const { quote, history } = change.data
    const entries = new Map(history.map((entry) => [entry.version, entry]))
    return { ...state, quotes: new Map(state.quotes).set(quote.id, { quote, history: entries }) }
  }
  if (change.type === 'quote.changed') {
    const { quote, entry } = change.data
    const history = new Map(state.quotes.get(quote.id)?.history).set(entry.version, entry)
    return { ...state, quotes: new Map(state.quotes).set(quote.id, { quote, history }) }
  }
  if (change.type === 'quote.removed') {
    const quotes = new Map(state.quotes)
    quotes.delete(change.data.id)
    return { ...state, quotes }
  }
  return { ...state, rows: new Map(state.rows).set(rowKey(change), change.data) }
}

type RowChange = Exclude<StreamChange, { type: `quote.${string}` }>

/** `customer <id>`, `team <id>` …; what has no id has a key. */
export function rowKey({ type, data }: RowChange): string {
  const [kind] = type.split('.')
  return `${kind} ${'key' in data ? data.key : data.id}`
}

/** One stream from its first event on, whatever the server has compacted since. */
export interface StreamTruth {
  bodies: string[]
  events: StreamEvent[]
  /** states[n]: after n events. */
  states: State[]
}

/** One history of the database: everything that was committed in it. */
export interface Truth {
  epoch: string
  streams: Map<string, StreamTruth>
  people: Map<string, Person>
  /** `client mutation` → places of its events. */
  effects: Map<string, { stream: string; seq: number }[]>
  /** The newest version of each quote, wherever it is. */
  versions: Map<string, number>
  /** Words that stand for one edit each, as far as they were seen. */
  marks: Set<string>
}

export function emptyTruth(epoch: string): Truth {
  return { epoch, streams: new Map(), people: new Map(), effects: new Map(), versions: new Map(), marks: new Set() }
}

/** @throws Violation when the text is not the stream's next event */
export function append(truth: Truth, stream: string, seq: number, body: string): void {
  const event = JSON.parse(body) as StreamEvent
  const known = truthOf(truth, stream)
  expectThat(seq === known.bodies.length + 1, 'I2', () => `${stream}: after ${known.bodies.length} comes ${seq}`)
  expectThat(
    event.place.stream === stream && event.place.seq === seq,
    'I2',
    () => `${stream} ${seq} holds ${event.place.stream} ${event.place.seq}`,
  )
  known.bodies.push(body)
  known.events.push(event)
  known.states.push(foldOne(known.states.at(-1) ?? nothing, event.change))
  const { change, place } = event
  if (change.type === 'person.saved') truth.people.set(change.data.id, change.data)
  if (change.type === 'quote.added' || change.type === 'quote.changed') {
    const { id, version } = change.data.quote
    truth.versions.set(id, Math.max(version, truth.versions.get(id) ?? 0))
  }
  const mark = markIn(change)
  if (mark !== null) {
    // Under whatever numbers it was sent: what a person did once stands in the history once.
    expectThat(!truth.marks.has(mark), 'I4', () => `the edit "${mark}" was done again at ${stream} ${seq}`)
    truth.marks.add(mark)
  }
  if (place.origin) {
    const key = `${place.origin.client_id} ${place.origin.mutation_id}`
    const places = truth.effects.get(key) ?? []
    places.push({ stream, seq })
    truth.effects.set(key, places)
    expectThat(isOneEffect(truth, places), 'I4', () => `mutation ${key} has the effects ${JSON.stringify(places)}`)
  }
}

/** Notes and new quotes: nobody undoes or repeats them, so their words are known again. */
function markIn(change: StreamChange): string | null {
  if (change.type === 'quote.changed') return change.data.entry.note
  if (change.type !== 'quote.added' || change.data.history.length !== 1) return null
  const { quote, history } = change.data
  return history[0]?.kind === 'created' ? `made ${quote.title}` : null
}

export function truthOf(truth: Truth, stream: string): StreamTruth {
  let known = truth.streams.get(stream)
  if (!known) {
    known = { bodies: [], events: [], states: [nothing] }
    truth.streams.set(stream, known)
  }
  return known
}

/** Another history that begins with the same events. */
export function copyTruth(truth: Truth, epoch: string): Truth {
  const copy = emptyTruth(epoch)
  const org = [...truth.streams].toSorted(([a], [b]) => (a < b ? -1 : 1))
  for (const [stream, { bodies }] of org)
    for (const [index, body] of bodies.entries()) append(copy, stream, index + 1, body)
  return copy
}

export function stateAt(truth: Truth, stream: string, seq: number): State | null {
  return seq === 0 ? nothing : (truth.streams.get(stream)?.states[seq] ?? null)
}

export const headOf = (truth: Truth, stream: string): number => truth.streams.get(stream)?.bodies.length ?? 0

/** Who may read what, from what was committed last about the person. */
export function mayRead(truth: Truth, personId: string, stream: string): boolean {
  const person = truth.people.get(personId)
  if (!person?.active) return false
  if (stream.startsWith('org:') || stream === `user:${personId}`) return true
  return person.memberships.some(({ team_id }) => stream === `team:${team_id}`)
}

/** One event; or a move, which leaves one stream and enters another. */
function isOneEffect(truth: Truth, places: readonly { stream: string; seq: number }[]): boolean {
  if (places.length === 1) return true
  const changes = places.map(({ stream, seq }) => truth.streams.get(stream)?.events[seq - 1]?.change)
  const [first, second] = changes.toSorted((a, b) => ((a?.type ?? '') < (b?.type ?? '') ? -1 : 1))
  return (
    changes.length === 2 &&
    first?.type === 'quote.added' &&
    second?.type === 'quote.removed' &&
    first.data.quote.id === second.data.id
  )
}
