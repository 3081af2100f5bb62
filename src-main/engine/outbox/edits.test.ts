import { v7 } from 'uuid'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../../domain/directory.ts'
import type { Quote } from '../../../domain/quote.ts'
import type { FieldConflict, MutationResult } from '../../../domain/wire/sync-http.ts'
import {
  added,
  apply,
  changed,
  directoryChanges,
  editingIn,
  eventOf,
  logOf,
  makeQuote,
  north,
  org,
  otherTeam,
  rob,
  team,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { writeMeta } from '../cache/meta.ts'
import type { Cache } from '../cache/open-cache.ts'
import { listEntries, takeBatch } from '../cache/outbox-store.ts'
import { readQuote } from '../cache/quote-store.ts'
import { toPendingChanges } from '../rpc/pending-change.ts'
import { readQuoteDetail } from '../rpc/quote-detail.ts'
import { addNote, changeStatus, createQuote, editQuote, reassign } from './edits.ts'
import { createMadeHere } from './made-here.ts'
import type { Editing } from './queue-edit.ts'
import { settleBatch } from './settle.ts'
import { resolve, retry } from './settle-refused.ts'
import { discard } from './take-back.ts'
import { undo } from './undo.ts'

const clientId = '33333333-3333-4333-8333-333333333333'
const mia: Person = { ...rob, id: v7(), name: 'Mia', memberships: [{ team_id: team.id, role: 'manager' }] }
const vic: Person = { ...rob, id: v7(), name: 'Vic', memberships: [{ team_id: team.id, role: 'viewer' }] }
const later = '2026-03-05T09:00:00.000Z'
let temp: ReturnType<typeof tempCache>
let cache: Cache
let editing: Editing
let quote: Quote
/** Of the newest event of the north. */
let seq: number
beforeEach(() => {
  temp = tempCache()
  cache = temp.cache
  const people = [mia, vic].map((data) => ({ type: 'person.saved' as const, data }))
  apply(cache, org, logOf([...directoryChanges, ...people, { type: 'team.saved', data: otherTeam }], org))
  cache.transact((db) => writeMeta(db, 'client_id', clientId))
  quote = makeQuote({ title: 'Ten desks', value_minor: 100 })
  seq = 0
  tell(quote)
  editing = editingIn(cache, { person: mia, madeHere: createMadeHere() })
})
afterEach(() => temp.dispose())

function tell(word: Quote, mutation_id: number | null = null): void {
  seq += 1
  const change = seq === 1 ? added(word, north, seq) : changed(word, north, seq)
  apply(cache, north, [
    eventOf(change, seq, { origin: mutation_id === null ? null : { client_id: clientId, mutation_id } }),
  ])
}
const shown = () => readQuote(cache.read, quote.id)
const bodies = () => listEntries(cache.read).map(({ body }) => body)
const send = () =>
  cache.transact((db) => takeBatch(db, { entries: 10, bytes: 10_000 }).map(({ mutation_id }) => mutation_id))
const answerAll = (answer: (mutation_id: number) => MutationResult) => settleBatch(cache, send().map(answer))
const reject =
  (code: 'conflict' | 'failed' | 'not_editable', conflicts: FieldConflict[] = []) =>
  (mutation_id: number): MutationResult => ({
    outcome: 'rejected',
    mutation_id,
    code,
    message: 'No.',
    current: null,
    conflicts,
  })
/** The server takes all that waits, and tells of it: `word` is the quote then. */
function commit(word: Partial<Quote>): void {
  for (const mutation_id of send()) tell({ ...quote, ...word }, mutation_id)
}
const set = (
  fields: Parameters<typeof editQuote>[1]['fields'],
  base: Parameters<typeof editQuote>[1]['base']['fields'] = {},
) => editQuote(editing, { id: quote.id, base: { version: 1, fields: base }, fields })
const step = (to: Quote['status'], outcome: Quote['outcome'] = null) =>
  changeStatus(editing, { id: quote.id, to, outcome, reason: null })
const detail = () => readQuoteDetail(editing, quote.id)
const what = () => toPendingChanges(editing, listEntries(cache.read)).map((change) => change.what)

const dispute = (...fields: FieldConflict['field'][]) => fields.map((field) => ({ field, by: rob.id, at: later }))
const state = () => detail().pending[0]?.state

describe('an edit', () => {
  it('carries only what really differs from what its form showed, on the version that it showed', () => {
    tell({ ...quote, version: 2, time_zone: 'Europe/Paris' })
    const { title, value_minor, currency } = quote
    set({ title: 'Chairs', value_minor, currency }, { title, value_minor, currency })
    expect(bodies()).toEqual([{ name: 'quote.edit', quote: quote.id, base_version: 1, fields: { title: 'Chairs' } }])
    expect(listEntries(cache.read)).toMatchObject([
      { base: { title: 'Ten desks' }, currency: 'EUR', quote_label: 'Q-1042' },
    ])
    expect(shown()).toMatchObject({ title: 'Chairs', time_zone: 'Europe/Paris', version: 3 })
    expect(detail()).toMatchObject({ base_version: 2, pending: [{ what: 'title' }] })
  })

  it('names no version that the server does not know (any more)', () => {
    editQuote(editing, { id: quote.id, base: { version: 9, fields: {} }, fields: { title: 'Chairs' } })
    expect(bodies()).toMatchObject([{ base_version: 1 }])
  })

  it.each([
    ['changes nothing', () => set({ title: 'Ten desks' }), 'invalid_edit', /changes nothing/],
    [
      'takes a needed part away',
      () => set({ customer_id: null }),
      'incomplete',
      /A quote that is sent needs its customer/,
    ],
    ['skips a step', () => step('active'), 'not_a_next_state', /Allowed next: negotiation, closed \(won\)/],
    ['closes without an outcome', () => step('closed'), 'not_a_next_state', /needs an outcome/],
    [
      'gives it to somebody of another team',
      () => reassign(editing, { id: quote.id, team_id: otherTeam.id, owner_id: rob.id }),
      'invalid_edit',
      /active member of the team/,
    ],
  ])('that %s is refused at once, in the server’s words, without a trace', (_what, run, code, message) => {
    expect(run).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as unknown }))
    expect(listEntries(cache.read)).toEqual([])
    expect(shown()).toEqual(quote)
  })

  it('is not for a viewer, and the page says so before', () => {
    editing = editingIn(cache, { person: vic })
    expect(() => set({ title: 'Chairs' })).toThrow('Editing needs the permission quotes:write.')
    expect(() => addNote(editing, { id: quote.id, text: 'x' })).toThrow('A note needs')
    expect(detail().may).toEqual({
      edit: [],
      edit_refusal: 'Editing needs the permission quotes:write.',
      reassign: false,
      note: false,
    })
  })

  it('of a quote that is not here says so', () => {
    expect(() => editQuote(editing, { id: v7(), base: { version: 1, fields: {} }, fields: {} })).toThrow(/not here/)
  })

  it('is told in words', () => {
    set({ title: 'Chairs', value_minor: 7 })
    step('negotiation')
    reassign(editing, { id: quote.id, team_id: team.id, owner_id: mia.id })
    addNote(editing, { id: quote.id, text: 'They want them in birch, and all of them before the end of the month.' })
    const { team_id, owner_id, customer_id, title, currency, lines, value_minor, expires_on, time_zone } = quote
    createQuote(editing, { team_id, owner_id, customer_id, title, currency, lines, value_minor, expires_on, time_zone })
    expect(what()).toEqual([
      'title, value',
      'status to negotiation',
      'owner to Mia',
      'note “They want them in birch, and all of them before the end of…”',
      'new quote',
    ])
  })
})

describe('undo', () => {
  it('takes a change back that waits here, and lets independent later ones stand', () => {
    const entry = set({ title: 'Chairs' })
    set({ value_minor: 7 })
    addNote(editing, { id: quote.id, text: 'called' })
    expect(undo(editing, entry)).toEqual({ took_back: true })
    expect(shown()).toMatchObject({ title: 'Ten desks', value_minor: 7, version: 3 })
  })

  it('does not take back what a later change of the same field, or of the workflow, builds on', () => {
    const title = set({ title: 'Chairs' })
    set({ title: 'Stools' })
    expect(() => undo(editing, title)).toThrow(/take that one back first/)
    quote = makeQuote({ status: 'draft', customer_id: null })
    tell(quote)
    const customer = set({ customer_id: makeQuote().customer_id })
    step('active')
    expect(() => discard(editing, customer)).toThrow(/take that one back first/)
    expect(bodies()).toHaveLength(4)
  })

  it('of a quote that waits here makes it go, unless something was done with it since', () => {
    const { team_id, owner_id, customer_id, title, currency, lines, value_minor, expires_on, time_zone } = quote
    const made = createQuote(editing, {
      team_id,
      owner_id,
      customer_id,
      title,
      currency,
      lines,
      value_minor,
      expires_on,
      time_zone,
    })
    const note = addNote(editing, { id: made.id, text: 'called' })
    expect(() => undo(editing, made.entry)).toThrow(/take that one back first/)
    undo(editing, note)
    expect(undo(editing, made.entry)).toEqual({ took_back: true })
    expect([readQuote(cache.read, made.id), listEntries(cache.read)]).toEqual([null, []])
  })

  it('queues the opposite once it was sent: fields, owner and status go back to what they were', () => {
    const before = shown()
    const entries = [set({ title: 'Chairs', value_minor: 7 }), step('negotiation')]
    entries.push(reassign(editing, { id: quote.id, team_id: team.id, owner_id: mia.id }))
    send()
    for (const entry of entries.toReversed()) expect(undo(editing, entry)).toEqual({ took_back: false })
    const { version: _version, updated_at: _at, sent_at: _sent, ...rest } = before as Quote
    expect(shown()).toMatchObject({ ...rest, version: 7 })
    expect(bodies().slice(3)).toMatchObject([
      { name: 'quote.reassign', owner_id: rob.id },
      { name: 'quote.change_status', to: 'sent' },
      { name: 'quote.edit', fields: { title: 'Ten desks', value_minor: 100 } },
    ])
  })

  it('still knows the change when the outbox has let go of it, and undoes it once', () => {
    const entry = set({ title: 'Chairs' })
    commit({ version: 2, title: 'Chairs' })
    expect(listEntries(cache.read)).toEqual([])
    undo(editing, entry)
    expect(bodies()).toMatchObject([{ base_version: 2, fields: { title: 'Ten desks' } }])
    expect(() => undo(editing, entry)).toThrow(/can no longer be undone/)
  })

  it('does not overwrite what was changed again since', () => {
    const entry = set({ title: 'Chairs' })
    commit({ version: 2, title: 'Chairs' })
    tell({ ...quote, version: 3, title: 'Stools' })
    expect(() => undo(editing, entry)).toThrow(/changed again since \(title\)/)
  })

  it('says what to do about what cannot be undone', () => {
    const note = addNote(editing, { id: quote.id, text: 'called' })
    send()
    expect(() => undo(editing, note)).toThrow(/Add another that corrects it/)
    const closed = step('closed', 'lost')
    send()
    editing = { ...editing, person: rob }
    expect(() => undo(editing, closed)).toThrow(/Closed cannot become sent/)
    answerAll(reject('failed'))
    expect(() => undo(editing, note)).toThrow(/Add another|refused/)
  })
})

describe('a refused change', () => {
  it('goes again as a new one on top of how things stand now, when that could be taken', () => {
    const entry = set({ title: 'Chairs' })
    answerAll(reject('failed'))
    expect(shown()).toEqual(quote)
    tell({ ...quote, version: 2, value_minor: 9 })
    expect(detail().pending).toMatchObject([
      { state: { kind: 'refused', code: 'failed', can_retry: true, conflicts: [] } },
    ])
    const again = retry(editing, entry)
    expect(again).not.toBe(entry)
    expect(listEntries(cache.read)).toMatchObject([{ entry: again, body: { base_version: 2 }, state: 'waiting' }])
    expect(shown()).toMatchObject({ title: 'Chairs', value_minor: 9 })
  })

  it('is not offered again when it would be refused again; it can be discarded', () => {
    const entry = set({ title: 'Chairs' })
    answerAll(reject('not_editable'))
    tell({ ...quote, version: 2, status: 'closed', outcome: 'lost', closed_at: later })
    expect(detail().pending).toMatchObject([{ state: { can_retry: false } }])
    expect(() => retry(editing, entry)).toThrow(/only its valid-until date may change/)
    expect(listEntries(cache.read)).toHaveLength(1)
    discard(editing, entry)
    expect(listEntries(cache.read)).toEqual([])
    expect(() => discard(editing, entry)).toThrow(/not waiting any more/)
  })
})

describe('a conflict', () => {
  it('keeps mine where chosen, theirs elsewhere, and what nobody disputed, as one more ordinary edit', () => {
    const entry = set({ title: 'Chairs', value_minor: 7, time_zone: 'Europe/Paris' })
    answerAll(reject('conflict', dispute('title', 'value_minor')))
    tell({ ...quote, version: 2, title: 'Stools', value_minor: 9 })
    expect(state()).toMatchObject({
      can_retry: false,
      conflicts: [
        { field: 'title', base: 'Ten desks', mine: 'Chairs', theirs: 'Stools', by_name: 'Rob', at: later },
        { field: 'value_minor', base: 100, mine: 7, theirs: 9, by_name: 'Rob', at: later },
      ],
    })
    expect(() => retry(editing, entry)).toThrow(/Choose whose value/)
    expect(() => resolve(editing, { entry, mine: ['time_zone'], current_version: 2 })).toThrow(
      /Nobody else changed time_zone/,
    )
    const next = resolve(editing, { entry, mine: ['title'], current_version: 2 })
    expect(listEntries(cache.read)).toMatchObject([
      {
        entry: next,
        state: 'waiting',
        body: { base_version: 2, fields: { title: 'Chairs', time_zone: 'Europe/Paris' } },
        base: { title: 'Stools', time_zone: 'Europe/Berlin' },
      },
    ])
    expect(shown()).toMatchObject({ title: 'Chairs', value_minor: 9, time_zone: 'Europe/Paris' })
  })

  it('is read again when the server’s word on it changes', () => {
    set({ title: 'Chairs' })
    answerAll(reject('conflict', dispute('title')))
    let told = false
    cache.onCommit((touch) => (told ||= touch.outbox))
    tell({ ...quote, version: 2, title: 'Stools' })
    expect(told).toBe(true)
  })

  it('is not settled by a choice between values that are not the latest: nothing is overwritten unseen', () => {
    const entry = set({ title: 'Chairs' })
    answerAll(reject('conflict', dispute('title')))
    tell({ ...quote, version: 2, title: 'Stools' })
    expect(state()).toMatchObject({ current_version: 2 })
    tell({ ...quote, version: 3, title: 'Benches' })
    expect(state()).toMatchObject({ current_version: 3, conflicts: [{ theirs: 'Benches' }] })
    expect(() => resolve(editing, { entry, mine: ['title'], current_version: 2 })).toThrow(
      /changed again while you chose/,
    )
    expect(listEntries(cache.read)).toMatchObject([{ entry, state: 'refused' }])
    resolve(editing, { entry, mine: ['title'], current_version: 3 })
    expect(shown()?.title).toBe('Chairs')
  })

  it('all theirs: nothing goes out, and the refused change is gone', () => {
    const entry = set({ title: 'Chairs' })
    answerAll(reject('conflict', dispute('title')))
    tell({ ...quote, version: 2, title: 'Stools' })
    expect(resolve(editing, { entry, mine: [], current_version: 2 })).toBeNull()
    expect([listEntries(cache.read), shown()?.title]).toEqual([[], 'Stools'])
  })

  it('of the status or the owner is settled the same way', () => {
    const closing = step('closed', 'won')
    answerAll(reject('conflict', dispute('status')))
    tell({ ...quote, version: 2, status: 'negotiation' })
    expect(state()).toMatchObject({ conflicts: [{ base: 'sent', mine: 'won', theirs: 'negotiation' }] })
    resolve(editing, { entry: closing, mine: ['status'], current_version: 2 })
    expect(bodies()).toMatchObject([{ to: 'closed', outcome: 'won', base_version: 2 }])
    answerAll(reject('failed'))
    discard(editing, listEntries(cache.read)[0]?.entry ?? 0)

    const given = reassign(editing, { id: quote.id, team_id: team.id, owner_id: mia.id })
    answerAll(reject('conflict', dispute('owner_id')))
    expect(state()).toMatchObject({ conflicts: [{ base: 'Rob', mine: 'Mia', theirs: 'Rob' }] })
    resolve(editing, { entry: given, mine: ['owner_id'], current_version: 2 })
    expect(shown()).toMatchObject({ owner_id: mia.id })
  })
})
