import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import canonicalize from 'canonicalize'
import type { Person } from '../../../domain/directory.ts'
import type { StreamChange } from '../../../domain/wire/stream-event.ts'
import type {
  MutationBatch,
  MutationResult,
  PullHeader,
  SnapshotHeader,
  StreamHash,
} from '../../../domain/wire/sync-http.ts'
import type { ServerRun } from './sim-server.ts'
import {
  append,
  copyTruth,
  emptyTruth,
  headOf,
  mayRead,
  rowKey,
  type State,
  stateAt,
  type Truth,
  truthOf,
} from './truth.ts'
import { expectThat, Violation } from './violation.ts'

type Committed = Extract<MutationResult, { outcome: 'committed' }>

/** What was committed and answered so far, kept aside to be compared with at any later moment. */
export interface Ledger {
  /** Of the present history. */
  truth: () => Truth
  /** Of an earlier one, for clients that have not heard of the present one yet. */
  truthOfEpoch: (epoch: string) => Truth | null
  /** I2, I3, I4: takes in what is new in the log. */
  observe: (server: ServerRun) => void
  /** I3: every event that is still there is the one it was; I1: everything acknowledged is among them. */
  compareAll: (server: ServerRun) => void
  /** I11, I12, I16: an answer as it leaves the server. */
  answered: (server: ServerRun, person: Person, url: string, text: string) => void
  /** I4, I5: answers to mutations as they leave. */
  mutated: (server: ServerRun, batch: MutationBatch, results: readonly MutationResult[]) => void
  /** I1: answers that have reached somebody. */
  acknowledged: (batch: MutationBatch, results: readonly MutationResult[]) => void
  /** I16: a live event leaves for a person. */
  sent: (person: Person, name: string, text: string) => void
  /** What a backup holds, to begin another history with. */
  keep: () => Kept
  /** The server has come up from a backup. */
  restored: (kept: Kept, epoch: string) => void
  /** The first answer to `client mutation`, null when none was given in this history. */
  answerTo: (clientId: string, mutationId: number) => MutationResult | null
  /** How far the newest snapshot goes that the person got of the stream in this history: it names no edits that are in it. */
  snapshotOf: (personId: string, stream: string) => number
  /** Whether `client mutation` ever had an effect, in this history or one that was given up. */
  hadEffect: (key: string) => boolean
}

export interface Kept {
  truth: Truth
  answers: Map<string, MutationResult>
  acks: Map<string, Committed>
}

export function createLedger(epoch: string): Ledger {
  let truth = emptyTruth(epoch)
  const past = new Map<string, Truth>()
  let answers = new Map<string, MutationResult>()
  let acks = new Map<string, Committed>()
  const snapshotSeqs = new Map<string, number>()
  const snapshots = new Map<string, { header: SnapshotHeader; state: State; seen: Set<number> }>()

  const observe = (server: ServerRun) => {
    const streams = server.look
      .prepare<[], { stream: string; head: number }>('select stream, head from streams order by stream')
      .all()
    for (const { stream, head } of streams) {
      const known = headOf(truth, stream)
      expectThat(head >= known, 'I3', () => `the head of ${stream} went back from ${known} to ${head}`)
      if (head === known) continue
      const rows = server.look
        .prepare<[string, number], { seq: number; body: string }>(
          'select seq, body from events where stream = ? and seq > ? order by seq',
        )
        .all(stream, known)
      for (const { seq, body } of rows) append(truth, stream, seq, body)
      expectThat(headOf(truth, stream) === head, 'I2', () => `${stream} ends at ${headOf(truth, stream)}, head ${head}`)
    }
  }

  const expectLogged = (key: string, { stream, seq }: Committed, invariant: string) => {
    const places = truth.effects.get(key) ?? []
    expectThat(
      places.some((place) => place.stream === stream && place.seq === seq),
      invariant,
      () => `${key} was answered with ${stream} ${seq}, but the log has it at ${JSON.stringify(places)}`,
    )
  }

  const compareAll = (server: ServerRun) => {
    observe(server)
    const streams = server.look
      .prepare<[], { stream: string; head: number; floor: number }>('select stream, head, floor from streams')
      .all()
    expectThat(
      [...truth.streams].every(
        ([name, { bodies }]) => bodies.length === 0 || streams.some(({ stream }) => stream === name),
      ),
      'I1',
      () => 'a stream is gone',
    )
    for (const { stream, floor } of streams) {
      const rows = server.look
        .prepare<[string], { seq: number; body: string }>('select seq, body from events where stream = ? order by seq')
        .all(stream)
      const { bodies } = truthOf(truth, stream)
      const readable = rows.filter(({ seq }) => seq > floor)
      expectThat(
        readable.length === bodies.length - floor && readable.every(({ seq }, index) => seq === floor + index + 1),
        'I2',
        () => `${stream}: (${floor}, ${bodies.length}] is not whole`,
      )
      for (const { seq, body } of rows) {
        expectThat(body === bodies[seq - 1], 'I3', () => `${stream} ${seq} was ${bodies[seq - 1]}, is ${body}`)
      }
    }
    for (const [key, ack] of acks) expectLogged(key, ack, 'I1')
  }

  const pulled = (url: URL, stream: string, header: PullHeader, lines: readonly string[]) => {
    const after = Number(url.searchParams.get('after'))
    const { bodies } = truthOf(truth, stream)
    expectThat(
      header.epoch === truth.epoch && header.after === after && header.count === lines.length,
      'I11',
      () => `asked ${url.search}, answered ${JSON.stringify(header)} with ${lines.length} lines`,
    )
    expectThat(
      lines.every((line, index) => line === bodies[after + index]),
      'I11',
      () => `${stream} after ${after}: not the log's own events, one after the other`,
    )
    expectThat(lines.length > 0 || after === headOf(truth, stream), 'I11', () => `${stream}: nothing after ${after}?`)
  }

  const snapshotPage = (stream: string, header: SnapshotHeader, lines: readonly string[]) => {
    expectThat(header.rows === lines.length && header.stream === stream, 'I12', () => JSON.stringify(header))
    const state = stateAt(truth, stream, header.seq)
    if (!state) throw new Violation('I12', `a snapshot of ${stream} at ${header.seq}, head ${headOf(truth, stream)}`)
    const known = snapshots.get(header.snapshot_id) ?? { header, state, seen: new Set() }
    snapshots.set(header.snapshot_id, known)
    const { seq, epoch } = known.header
    expectThat(seq === header.seq && epoch === header.epoch, 'I12', () => `a snapshot of ${stream} moved`)
    for (const line of lines) expectInState(state, JSON.parse(line) as StreamChange, `${stream} at ${header.seq}`)
    known.seen.add(header.page)
    const total = state.quotes.size + state.rows.size
    expectThat(header.rows_total === total, 'I12', () => `${stream}: ${header.rows_total} rows, the log has ${total}`)
  }

  return {
    truth: () => truth,
    truthOfEpoch: (wanted) => (wanted === truth.epoch ? truth : (past.get(wanted) ?? null)),
    observe,
    compareAll,
    answered: (server, person, address, text) => {
      observe(server)
      const url = new URL(address)
      const stream = decodeURIComponent(url.pathname.split('/')[3] ?? '')
      expectThat(mayRead(truth, person.id, stream), 'I16', () => `${person.name} was answered about ${stream}`)
      if (url.pathname.endsWith('/hash')) {
        const told = JSON.parse(text) as StreamHash
        const state = stateAt(truth, stream, told.seq)
        const own = state && hashOf(state)
        expectThat(
          own?.hash === told.hash && own.rows === told.rows,
          'I14',
          () => `${text} is not ${JSON.stringify(own)}`,
        )
        return
      }
      const lines = text.split('\n').filter((line) => line !== '')
      const [first = '', ...others] = lines
      const header = JSON.parse(first) as PullHeader & SnapshotHeader
      if (url.pathname.endsWith('/events')) pulled(url, stream, header, others)
      else if (url.pathname.endsWith('/snapshot')) {
        snapshotPage(stream, header, others)
        const key = `${truth.epoch} ${person.id} ${stream}`
        snapshotSeqs.set(key, Math.max(header.seq, snapshotSeqs.get(key) ?? 0))
      }
    },
    mutated: (server, batch, results) => {
      observe(server)
      expectThat(
        results.length === batch.mutations.length &&
          results.every(({ mutation_id: id }, index) => id === batch.mutations[index]?.mutation_id),
        'I5',
        () => `${batch.mutations.length} mutations, answers ${JSON.stringify(results)}`,
      )
      for (const result of results) {
        const key = `${batch.client_id} ${result.mutation_id}`
        if (result.outcome === 'committed') expectLogged(key, result, 'I1')
        else expectThat(!truth.effects.has(key), 'I5', () => `${key} was refused, and has an effect`)
        const first = answers.get(key)
        if (!first) answers.set(key, result)
        else {
          const same = isDeepStrictEqual({ ...first, epoch: null }, { ...result, epoch: null })
          expectThat(same, 'I4', () => `${key}: first ${JSON.stringify(first)}, then ${JSON.stringify(result)}`)
        }
      }
    },
    acknowledged: (batch, results) => {
      for (const result of results) {
        const key = `${batch.client_id} ${result.mutation_id}`
        // An answer of a history that is no more may arrive after its end.
        if (result.outcome === 'committed' && result.epoch === truth.epoch) acks.set(key, result)
      }
    },
    sent: (person, name, text) => {
      if (name !== 'event') return
      const { place } = JSON.parse(text) as { place: { stream: string; seq: number } }
      expectThat(
        mayRead(truth, person.id, place.stream),
        'I16',
        () => `${person.name} was sent ${place.stream} ${place.seq} after the right to read it was gone`,
      )
    },
    keep: () => ({ truth: copyTruth(truth, truth.epoch), answers: new Map(answers), acks: new Map(acks) }),
    restored: (kept, epochNow) => {
      past.set(truth.epoch, truth)
      truth = copyTruth(kept.truth, epochNow)
      answers = new Map(kept.answers)
      acks = new Map(kept.acks)
      snapshots.clear()
    },
    snapshotOf: (personId, stream) => snapshotSeqs.get(`${truth.epoch} ${personId} ${stream}`) ?? 0,
    hadEffect: (key) => truth.effects.has(key) || [...past.values()].some((one) => one.effects.has(key)),
    answerTo: (clientId, mutationId) => answers.get(`${clientId} ${mutationId}`) ?? null,
  }
}

const byText = (a: string, b: string): number => (a < b ? -1 : 1)

/** As PROTOCOL.md says it: a line for each row in the order of a snapshot. */
function hashOf({ quotes, rows }: State): { rows: number; hash: string } {
  const kinds = ['workspace', 'policy', 'team', 'person', 'customer', 'settings', 'alert']
  const changes: unknown[] = [...quotes.keys()].toSorted(byText).map((id) => {
    const known = quotes.get(id)
    const history = [...(known?.history.values() ?? [])].toSorted((a, b) => a.version - b.version)
    return { type: 'quote.added', data: { quote: known?.quote, history } }
  })
  for (const kind of kinds) {
    const keys = [...rows.keys()].filter((key) => key.startsWith(`${kind} `)).toSorted(byText)
    changes.push(...keys.map((key) => ({ type: `${kind}.saved`, data: rows.get(key) })))
  }
  const sha256 = createHash('sha256')
  for (const change of changes) sha256.update(`${canonicalize(change)}\n`)
  return { rows: changes.length, hash: sha256.digest('hex') }
}

function expectInState(state: State, change: StreamChange, where: string): void {
  if (change.type === 'quote.added') {
    const known = state.quotes.get(change.data.quote.id)
    const same =
      known !== undefined &&
      isDeepStrictEqual(known.quote, change.data.quote) &&
      isDeepStrictEqual(
        [...known.history.values()].toSorted((a, b) => a.version - b.version),
        change.data.history,
      )
    expectThat(same, 'I12', () => `${where}: ${JSON.stringify(change.data)} is not ${JSON.stringify(known)}`)
    return
  }
  if (change.type === 'quote.changed' || change.type === 'quote.removed') {
    throw new Violation('I12', `${where}: a snapshot holds ${change.type}`)
  }
  const row = state.rows.get(rowKey(change))
  expectThat(isDeepStrictEqual(row, change.data), 'I12', () => `${where}: ${JSON.stringify(change.data)}`)
}
