import { hash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Customer, Person, Team, Workspace } from '../../domain/directory.ts'
import type { HistoryEntry, Quote } from '../../domain/quote.ts'
import { type InstantText, toInstantText } from '../../domain/time.ts'
import type { EventPlace, StreamChange, StreamEvent } from '../../domain/wire/stream-event.ts'
import { orgStream, type StreamName } from '../../domain/wire/stream-name.ts'
import type { Db } from './connect.ts'
import { isStorageTrouble } from './errors.ts'
import { historyColumns, quoteColumns, rowWriter, toHistoryRow, toQuoteRow, updateQuoteRow } from './rows.ts'

export type Origin = NonNullable<EventPlace['origin']>

const writeQuote = rowWriter('quotes', quoteColumns, ['id'])
const writeHistory = rowWriter('history', [...historyColumns, 'client_id'])
const writeCustomer = rowWriter(
  'customers',
  ['id', 'name', 'sector', 'country', 'contact_name', 'contact_email'],
  ['id'],
)
const writeTeam = rowWriter('teams', ['id', 'name'], ['id'])
const writePerson = rowWriter('people', ['id', 'name', 'time_zone', 'active'], ['id'])
const writeMembership = rowWriter('memberships', ['person_id', 'team_id', 'role'])
const writeWorkspace = rowWriter('workspace', ['id', 'name', 'stage_probabilities'], ['id'])
const writeEvent = rowWriter('events', ['stream', 'seq', 'body'])

/** Each event's checksum covers all before it, so one altered or lost byte anywhere shows at the end. */
export function chainChecksum(previous: string, body: string): string {
  return hash('sha256', `${previous}\n${body}`)
}

/** Makes the stream's row when there is none, and takes it for this transaction either way. */
const lockStream = `insert into streams (stream, head, floor, checksum) values (?, 0, 0, '')
  on conflict (stream) do update set head = head returning head, checksum`
const nextNumber = `update quote_numbers set last = last + 1 where name = 'quote' returning last`
const moveHead = 'update streams set head = ?, checksum = ? where stream = ?'

/** Replaced, never altered: a savepoint keeps the map of them. */
interface StreamState {
  readonly head: number
  readonly checksum: string
}

/**
 * One write transaction: rows and the events that tell of them, together or not at all. `at` is the instant of all of it.
 * Only `Store.transact` makes one. Do not await anything but the database in it: it holds the only writer.
 */
export class Tx {
  readonly db: Db
  readonly epoch: string
  readonly nowMs: number
  readonly at: InstantText
  /** In the order of their appending; published after the commit. */
  readonly events: StreamEvent[] = []
  /** Length of the events as JSON text so far. */
  eventChars = 0
  private streams = new Map<StreamName, StreamState>()
  private org: StreamName | null = null

  constructor(db: Db, epoch: string, nowMs: number) {
    this.db = db
    this.epoch = epoch
    this.nowMs = nowMs
    this.at = toInstantText(nowMs)
  }

  /**
   * Appends one event at the stream's next seq.
   * @param describe gets the place, for rows that name their own seq
   */
  async appendEvent(
    stream: StreamName,
    describe: StreamChange | ((place: EventPlace) => StreamChange),
    origin: Origin | null = null,
  ): Promise<StreamEvent> {
    const state = await this.stateOf(stream)
    const place: EventPlace = { stream, epoch: this.epoch, seq: state.head + 1, at: this.at, origin }
    const event: StreamEvent = { place, change: typeof describe === 'function' ? describe(place) : describe }
    const body = JSON.stringify(event)
    writeEvent(this.db, { stream, seq: place.seq, body })
    this.streams.set(stream, { head: place.seq, checksum: chainChecksum(state.checksum, body) })
    this.events.push(event)
    this.eventChars += body.length
    return event
  }

  /**
   * Runs a part of the transaction that may fail alone: when it throws, everything is as it was before it, events too.
   * @throws what `work` threw, to be judged by the caller; a part in a part is not provided for
   */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const { streams, eventChars } = this
    const eventCount = this.events.length
    this.streams = new Map(streams)
    this.db.fixed('savepoint part', [])
    try {
      const result = await work()
      this.db.fixed('release part', [])
      return result
    } catch (error) {
      // After a full disk SQLite has rolled back the whole transaction already: no part is left to undo.
      if (!isStorageTrouble(error)) {
        this.db.fixed('rollback to part', [])
        this.db.fixed('release part', [])
      }
      this.streams = streams
      this.events.length = eventCount
      this.eventChars = eventChars
      throw error
    }
  }

  async saveQuote(quote: Quote): Promise<void> {
    writeQuote(this.db, toQuoteRow(quote))
  }

  /** As `saveQuote`, for a quote that is there as `before` says. */
  async changeQuote(before: Quote, after: Quote): Promise<void> {
    updateQuoteRow(this.db, toQuoteRow(before), toQuoteRow(after))
  }

  /** @param clientId whose mutation made this version */
  async addHistory(entry: HistoryEntry, clientId: string | null = null): Promise<void> {
    writeHistory(this.db, toHistoryRow(entry, clientId))
  }

  async saveCustomer(customer: Customer): Promise<void> {
    writeCustomer(this.db, customer)
  }

  async saveTeam(team: Team): Promise<void> {
    writeTeam(this.db, team)
  }

  /** Writes the person and exactly these memberships. */
  async savePerson({ memberships, active, ...person }: Person): Promise<void> {
    writePerson(this.db, { ...person, active: active ? 1 : 0 })
    const wanted = memberships.toSorted((a, b) => (a.team_id < b.team_id ? -1 : 1))
    const known = this.db.fixed('select team_id, role from memberships where person_id = ? order by team_id', [
      person.id,
    ])
    // What stays is left alone: every change of rights makes everybody's be read anew.
    if (isDeepStrictEqual(known, wanted)) return
    await this.db.deleteFrom('memberships').where('person_id', '=', person.id).execute()
    for (const membership of memberships) writeMembership(this.db, { person_id: person.id, ...membership })
  }

  async saveWorkspace(workspace: Workspace): Promise<void> {
    const { stage_probabilities, ...rest } = workspace
    writeWorkspace(this.db, { ...rest, stage_probabilities: JSON.stringify(stage_probabilities) })
  }

  /** The stream of what everybody in the workspace may see. */
  async orgStream(): Promise<StreamName> {
    if (this.org) return this.org
    const workspace = await this.db.selectFrom('workspace').select('id').executeTakeFirst()
    if (!workspace) throw new Error('there is no workspace yet: save one first')
    this.org = orgStream(workspace.id)
    return this.org
  }

  /** The next number that people say aloud. Numbers of rolled back transactions are given again: there are no gaps. */
  async nextQuoteNumber(): Promise<number> {
    const [row] = this.db.fixed<{ last: number }>(nextNumber, [])
    if (!row) throw new Error('the table quote_numbers lost its row "quote": restore a backup')
    return row.last
  }

  /** Called once by the store before the commit: the streams' rows were locked when first touched. */
  async flushHeads(): Promise<void> {
    for (const [stream, { head, checksum }] of this.streams) {
      this.db.fixed(moveHead, [head, checksum, stream])
    }
  }

  private async stateOf(stream: StreamName): Promise<StreamState> {
    const known = this.streams.get(stream)
    if (known) return known
    const [state] = this.db.fixed<StreamState>(lockStream, [stream])
    if (!state) throw new Error(`the row of ${stream} could not be locked`)
    this.streams.set(stream, state)
    return state
  }
}
