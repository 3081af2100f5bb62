import { ORPCError } from '@orpc/client'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Quote } from '../../../domain/quote.ts'
import type { Mutation, MutationResult } from '../../../domain/wire/sync-http.ts'
import {
  added,
  apply,
  changed,
  contentsOf,
  editingIn,
  epochA,
  eventOf,
  type HandTime,
  handTime,
  logOf,
  makeQuote,
  north,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { replaceStream } from '../cache/apply-snapshot.ts'
import { readMeta, writeMeta } from '../cache/meta.ts'
import { appendEntry, listEntries } from '../cache/outbox-store.ts'
import { createLog } from '../log.ts'
import { changeStatus, editQuote } from './edits.ts'
import { createSender, type Sender } from './sender.ts'

const clientId = '33333333-3333-4333-8333-333333333333'
let temp: ReturnType<typeof tempCache>
let time: HandTime
let sender: Sender
let sent: Mutation[][]
let sentAs: string[]
let live: boolean
let answer: (mutations: Mutation[]) => Promise<{ results: MutationResult[] }>

const settle = async () => {
  for (let n = 0; n < 50; n += 1) await Promise.resolve()
}
const commit = ({ mutation_id }: Mutation): MutationResult => ({
  outcome: 'committed',
  mutation_id,
  stream: north,
  epoch: epochA,
  seq: 100 + mutation_id,
  version: 2,
})
const wish = (quote: Quote) =>
  changeStatus(editingIn(temp.cache), { id: quote.id, to: 'negotiation', outcome: null, reason: null })
const quoteOf = (mutation: Mutation) => ('quote' in mutation ? mutation.quote : null)
const entries = () => listEntries(temp.cache.read)

beforeEach(() => {
  temp = tempCache()
  time = handTime()
  sent = []
  sentAs = []
  live = true
  answer = (mutations) => Promise.resolve({ results: mutations.map(commit) })
  temp.cache.transact((db) => writeMeta(db, 'client_id', clientId))
  const mutate = ({ client_id, mutations }: { client_id: string; mutations: Mutation[] }) => {
    sentAs.push(client_id)
    sent.push(mutations)
    return answer(mutations)
  }
  sender = createSender({
    cache: temp.cache,
    rest: { sync: { mutate } },
    tokens: { accessToken: () => Promise.resolve('token'), invalidate: () => {} },
    scheduler: time.scheduler,
    random: () => 1,
    log: createLog('silent'),
    isLive: () => live,
  })
})
afterEach(() => {
  sender.stop()
  temp.dispose()
})

/** In one transaction: each change of a person is a durable write of its own. */
function queueNotes(quote: Quote, count: number): void {
  temp.cache.transact((db) => {
    for (let n = 1; n <= count; n += 1) {
      appendEntry(db, {
        quote: quote.id,
        quote_label: 'Q-1042',
        customer_name: null,
        currency: 'EUR',
        body: { name: 'quote.add_note', quote: quote.id, text: `note ${n}` },
        base: {},
        queued_at: '2026-03-04T10:00:00.000Z',
      })
    }
  })
}

function quotes(count: number): Quote[] {
  const made = Array.from({ length: count }, () => makeQuote())
  apply(temp.cache, north, logOf(made.map((quote) => added(quote))))
  return made
}

describe('sending', () => {
  it('numbers changes from 1 without holes, in order, and in batches', async () => {
    const [quote] = quotes(1) as [Quote]
    queueNotes(quote, 1_100)
    sender.nudge()
    await settle()
    expect(sent.map((batch) => batch.length)).toEqual([1_000, 100])
    expect(sent.flat().map(({ mutation_id }) => mutation_id)).toEqual(Array.from({ length: 1_100 }, (_, n) => n + 1))
  })

  it('bounds a batch by its bytes, too, but sends a single long change all the same', async () => {
    const [quote] = quotes(1) as [Quote]
    const line = { product: 'Ä'.repeat(200), description: 'ö'.repeat(2_000), quantity: 1, unit_price_minor: 1 }
    const base = { version: 1, fields: {} }
    for (const count of [60, 61, 300, 5]) {
      editQuote(editingIn(temp.cache), {
        id: quote.id,
        base,
        fields: { lines: Array.from({ length: count }, () => line) },
      })
    }
    sender.nudge()
    await settle()
    expect(sent.map((batch) => batch.length)).toEqual([1, 1, 1, 1])
    const bytes = sent.map((batch) => Buffer.byteLength(JSON.stringify(batch)))
    expect(bytes[2]).toBeGreaterThan(500_000)
  })

  it('waits for the link', async () => {
    for (const quote of quotes(1)) wish(quote)
    live = false
    sender.nudge()
    await settle()
    expect(sent).toEqual([])
  })

  it('I4: a retry carries the same numbers, also after a restart', async () => {
    const [first, second] = quotes(2) as [Quote, Quote]
    wish(first)
    answer = () => Promise.reject(new TypeError('fetch failed'))
    sender.nudge()
    await settle()
    wish(second)
    temp.cache = temp.reopen()
    expect(entries().map(({ mutation_id }) => mutation_id)).toEqual([1, null])
  })

  it('names the version that the server said, also for a change on top of another', async () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    const back = { id: quote.id, to: 'sent', outcome: null, reason: null } as const
    changeStatus(editingIn(temp.cache), back)
    sender.nudge()
    await settle()
    expect(
      sent.flat().map((mutation) => mutation.name === 'quote.change_status' && [mutation.to, mutation.base_version]),
    ).toEqual([
      ['negotiation', 1],
      ['sent', 1],
    ])
  })

  it('retries after a pause', async () => {
    for (const quote of quotes(1)) wish(quote)
    const accept = answer
    answer = () => Promise.reject(new ORPCError('internal', { status: 500 }))
    sender.nudge()
    await settle()
    answer = accept
    time.advance(500)
    await settle()
    expect(sent.map((batch) => batch.map(({ mutation_id }) => mutation_id))).toEqual([[1], [1]])
    expect(entries()).toMatchObject([{ state: 'acknowledged' }])
  })

  it('pauses as long as the server says, whoever asks meanwhile', async () => {
    for (const quote of quotes(1)) wish(quote)
    const accept = answer
    const data = { retry_after_ms: 20_000 }
    answer = () => Promise.reject(new ORPCError('busy', { status: 503, data }))
    sender.nudge()
    await settle()
    answer = accept
    time.advance(19_000)
    sender.nudge()
    await settle()
    expect(sent).toHaveLength(1)
    time.advance(2_000)
    await settle()
    expect(sent).toHaveLength(2)
  })

  it('leaves a server in trouble alone for longer and longer', async () => {
    for (const quote of quotes(1)) wish(quote)
    answer = () => Promise.reject(new ORPCError('internal', { status: 500 }))
    sender.nudge()
    await settle()
    const pauses: number[] = []
    for (let attempt = 2; attempt <= 7; attempt += 1) {
      for (let waited = 500; sent.length < attempt; waited += 500) {
        time.advance(500)
        await settle()
        pauses[attempt - 2] = waited
      }
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 10_000, 20_000])
  })

  it('I5: a server that has forgotten numbers gets what waits under the ones it expects', async () => {
    const made = quotes(3)
    for (const quote of made.slice(0, 2)) wish(quote)
    sender.nudge()
    await settle()
    expect(entries().map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged'])
    wish(made[2] as Quote)
    const accept = answer
    answer = () => {
      answer = accept
      return Promise.reject(new ORPCError('mutation_gap', { status: 409, data: { expected_mutation_id: 2 } }))
    }
    sender.nudge()
    await settle()
    time.advance(500)
    await settle()
    // The first one it knows; the second it has forgotten, so that one goes again, before the third.
    expect(sent.at(-1)?.map((mutation) => [mutation.mutation_id, quoteOf(mutation)])).toEqual([
      [2, made[1]?.id],
      [3, made[2]?.id],
    ])
  })
})

describe('I5: a refusal that would last', () => {
  it('a batch that is too large for the server is halved until it fits', async () => {
    const [quote] = quotes(1) as [Quote]
    queueNotes(quote, 100)
    answer = (mutations) =>
      mutations.length > 30
        ? Promise.reject(new ORPCError('payload_too_large', { status: 413, message: 'Too long.' }))
        : Promise.resolve({ results: mutations.map(commit) })
    sender.nudge()
    await settle()
    await settle()
    expect(entries().every(({ state }) => state === 'acknowledged')).toBe(true)
    expect(sent.slice(0, 3).map((batch) => batch.length)).toEqual([100, 50, 25])
  })

  it.each([
    ['invalid_request', 400],
    ['payload_too_large', 413],
  ])('%s: the culprit is refused in the server’s words, the others arrive', async (code, status) => {
    const made = quotes(4)
    for (const quote of made) wish(quote)
    const culprit = made[1]?.id
    let known = 0
    answer = (mutations) => {
      if (mutations.some((mutation) => quoteOf(mutation) === culprit)) {
        return Promise.reject(new ORPCError(code, { status, message: 'reason: too long.' }))
      }
      if ((mutations[0]?.mutation_id ?? 0) > known + 1) {
        const data = { expected_mutation_id: known + 1 }
        return Promise.reject(new ORPCError('mutation_gap', { status: 409, data }))
      }
      known = mutations.at(-1)?.mutation_id ?? known
      return Promise.resolve({ results: mutations.map(commit) })
    }
    sender.nudge()
    await settle()
    time.advance(500)
    await settle()
    expect(entries().map(({ state, code: why, message }) => [state, why, message])).toEqual([
      ['acknowledged', null, null],
      ['refused', 'invalid_request', 'reason: too long.'],
      ['acknowledged', null, null],
      ['acknowledged', null, null],
    ])
    const ids = JSON.stringify(made.map(({ id }) => id))
    const shown = temp.cache.read.values<string>(
      'SELECT status FROM json_each(?) JOIN quotes ON quotes.id = json_each.value ORDER BY json_each.key',
      ids,
    )
    expect(shown).toEqual(['negotiation', 'sent', 'negotiation', 'negotiation'])
  })

  it('a client id of another person: what waits goes under a new one, what was answered stays answered', async () => {
    const [first, second] = quotes(2) as [Quote, Quote]
    wish(first)
    sender.nudge()
    await settle()
    wish(second)
    const accept = answer
    answer = () => {
      answer = accept
      return Promise.reject(new ORPCError('forbidden', { status: 403, message: 'This client id belongs to another.' }))
    }
    sender.nudge()
    await settle()
    time.advance(500)
    await settle()
    const renewed = readMeta(temp.cache.read, 'client_id')
    expect(sentAs).toEqual([clientId, clientId, renewed])
    expect(renewed).not.toBe(clientId)
    expect(sent.at(-1)?.map((mutation) => [mutation.mutation_id, quoteOf(mutation)])).toEqual([[1, second.id]])
    expect(entries().map(({ state }) => state)).toEqual(['acknowledged', 'acknowledged'])

    const filler = Array.from({ length: 98 }, (_, n) => eventOf(added(makeQuote()), n + 3))
    const own = changed({ ...first, version: 2, status: 'negotiation' })
    apply(temp.cache, north, [...filler, eventOf(own, 101, { origin: { client_id: clientId, mutation_id: 1 } })])
    expect(entries().map(({ quote }) => quote)).not.toContain(first.id)
  })
})

describe('I15: what is shown = confirmed ⊕ pending', () => {
  it('an acknowledged change stays on top until its event is applied, and goes in that transaction', async () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    sender.nudge()
    await settle()
    expect(contentsOf(temp.cache)).toMatchObject({ quotes: [{ status: 'negotiation' }], confirmed: [{ id: quote.id }] })
    const confirmed = { ...quote, version: 2, status: 'negotiation' as const, title: 'Server’s word' }
    const origin = { client_id: clientId, mutation_id: 1 }
    apply(temp.cache, north, [eventOf(changed(confirmed), 2, { origin })])
    expect(contentsOf(temp.cache)).toMatchObject({
      quotes: [{ status: 'negotiation', version: 2, title: 'Server’s word' }],
      confirmed: [],
      outbox: [],
    })
  })

  it('the event may come before the answer', async () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    answer = (mutations) => {
      const confirmed = { ...quote, version: 2, status: 'negotiation' as const }
      apply(temp.cache, north, [eventOf(changed(confirmed), 2, { origin: { client_id: clientId, mutation_id: 1 } })])
      return Promise.resolve({ results: mutations.map(commit) })
    }
    sender.nudge()
    await settle()
    expect(contentsOf(temp.cache)).toMatchObject({ outbox: [], confirmed: [], quotes: [{ version: 2 }] })
  })

  it('an answer to a change whose event is applied already lets go of it', async () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    // A snapshot does not say whose change an event was.
    const row = added({ ...quote, version: 2, status: 'negotiation' })
    temp.cache.transact((db) => replaceStream(db, temp.cache.expiry, north, { epoch: epochA, seq: 101 }, [row]))
    expect(entries()).toMatchObject([{ state: 'waiting' }])
    sender.nudge()
    await settle()
    expect(contentsOf(temp.cache)).toMatchObject({ outbox: [], confirmed: [], quotes: [{ version: 2 }] })
  })

  it('somebody else’s change comes underneath the pending one', () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    apply(temp.cache, north, [eventOf(changed({ ...quote, version: 2, title: 'Renamed' }), 2)])
    expect(contentsOf(temp.cache)).toMatchObject({ quotes: [{ status: 'negotiation', title: 'Renamed', version: 3 }] })
  })

  it('a pending change that no longer fits is not shown', () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    const closed = { ...quote, version: 2, status: 'closed' as const, outcome: 'won' as const }
    apply(temp.cache, north, [eventOf(changed(closed), 2)])
    apply(temp.cache, north, [eventOf(changed({ ...closed, version: 3, outcome: 'superseded' }), 3)])
    expect(contentsOf(temp.cache)).toMatchObject({ quotes: [{ status: 'closed', outcome: 'superseded' }] })
    expect(entries()).toMatchObject([{ state: 'waiting' }])
  })

  it('a refused change is undone in the transaction that stores the answer', async () => {
    const [quote] = quotes(1) as [Quote]
    wish(quote)
    answer = (mutations) =>
      Promise.resolve({
        results: mutations.map(({ mutation_id }) => ({
          outcome: 'rejected' as const,
          mutation_id,
          code: 'conflict' as const,
          message: 'Somebody else was first.',
          current: null,
          conflicts: [],
        })),
      })
    sender.nudge()
    await settle()
    expect(contentsOf(temp.cache)).toMatchObject({ quotes: [{ status: 'sent', version: 1 }], confirmed: [] })
    expect(entries()).toMatchObject([{ state: 'refused', code: 'conflict', message: 'Somebody else was first.' }])
  })
})
