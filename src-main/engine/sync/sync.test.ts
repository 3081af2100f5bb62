import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StreamEvent } from '../../../domain/wire/stream-event.ts'
import {
  added,
  apply,
  changed,
  contentsOf,
  directoryChanges,
  epochA,
  epochB,
  eventOf,
  type HandTime,
  handTime,
  logOf,
  makeQuote,
  north,
  org,
  rob,
  tempCache,
} from '../../../tests/support/engine-world.ts'
import { fakeLinks } from '../../../tests/support/fake-link.ts'
import { writeMeta } from '../cache/meta.ts'
import { readCursor } from '../cache/stream-cursors.ts'
import { createLog } from '../log.ts'
import { type AccessLife, ServerAwayError, SessionEndedError } from '../session/tokens.ts'
import { ResyncError } from './answer-error.ts'
import { createServerClock } from './server-clock.ts'
import { createSync, type Sync } from './sync.ts'
import type { SyncHttp } from './sync-http.ts'
import { toConnection } from './sync-state.ts'

let temp: ReturnType<typeof tempCache>
let time: HandTime
let links: ReturnType<typeof fakeLinks>
let sync: Sync
let log: StreamEvent[]
let pulls: { stream: string; after: number }[]
let http: SyncHttp
let token: () => Promise<string>
let invalidated: number
let ended: string[]
let life: AccessLife | null
let damages: number

const beatMs = 10_000
const clientId = '44444444-4444-4444-8444-444444444444'
const state = () => toConnection(sync.state.get())
/** Lets promises run as far as they can without time passing. */
const settle = async () => {
  for (let n = 0; n < 50; n += 1) await Promise.resolve()
}
const heads = (stream: string) => log.filter(({ place }) => place.stream === stream).length
const welcome = (epoch = epochA) =>
  links.latest().say.welcome({
    person_id: rob.id,
    epoch,
    streams: [
      { stream: north, head: heads(north) },
      { stream: org, head: heads(org) },
    ],
    server_time_ms: time.clock.nowMs(),
    beat_ms: beatMs,
  })
const beat = (head = heads(north), epoch = epochA) =>
  links.latest().say.beat({ stream: north, epoch, head, server_time_ms: time.clock.nowMs() })
const goLive = async () => {
  sync.start()
  await settle()
  welcome()
  await settle()
}

beforeEach(() => {
  temp = tempCache()
  time = handTime()
  links = fakeLinks()
  pulls = []
  invalidated = 0
  ended = []
  life = null
  damages = 0
  temp.cache.transact((db) => writeMeta(db, 'client_id', clientId))
  token = () => Promise.resolve('token')
  log = [...logOf(directoryChanges, org), ...logOf([added(makeQuote())])]
  apply(
    temp.cache,
    org,
    log.filter(({ place }) => place.stream === org),
  )
  apply(
    temp.cache,
    north,
    log.filter(({ place }) => place.stream === north),
  )
  http = {
    pull: ({ stream, epoch, after, limit }) => {
      pulls.push({ stream, after })
      const all = log.filter(({ place }) => place.stream === stream && place.epoch === epoch)
      const events = all.slice(after, after + limit)
      const header = { stream: north, epoch, after, count: events.length, head: all.length }
      return Promise.resolve({ header, events })
    },
    snapshotPage: () => Promise.reject(new Error('no snapshot was expected')),
    hash: () => Promise.reject(new Error('no hash was expected')),
  }
  sync = createSync({
    serverUrl: 'http://server.test',
    cache: temp.cache,
    tokens: {
      accessToken: () => token(),
      freshToken: () => token(),
      accessLife: () => life,
      invalidate: () => void (invalidated += 1),
      current: () => null,
      refreshToken: () => '',
    },
    http: {
      pull: (...args) => http.pull(...args),
      snapshotPage: (...args) => http.snapshotPage(...args),
      hash: (...args) => http.hash(...args),
    },
    openLink: links.open,
    ...time,
    serverClock: createServerClock(time.clock),
    random: () => 1,
    log: createLog('silent'),
    onSessionEnded: (message) => ended.push(message),
    onDamage: () => void (damages += 1),
  })
})
afterEach(() => {
  sync.stop()
  if (time.timers() > 0) throw new Error('stopping left a timer')
  temp.dispose()
})

describe('connecting', () => {
  it('goes live when every cursor is at its head, without asking the log', async () => {
    await goLive()
    expect(state()).toEqual({ state: 'live' })
    expect(pulls).toEqual([])
    expect(sync.lastSyncedAt()).toBe('2026-03-04T10:00:00.000Z')
  })

  it('a disk too full to keep when it was synced last does not end it', async () => {
    temp.cache.transact = () => {
      throw new Error('database or disk is full')
    }
    await goLive()
    expect(state()).toEqual({ state: 'live' })
    sync.stop()
    expect(state()).toEqual({ state: 'signed_out' })
  })

  it('retries with growing pauses while the server is away, and at once when asked', async () => {
    token = () => Promise.reject(new ServerAwayError('The server cannot be reached.'))
    sync.start()
    await settle()
    const pauses: number[] = []
    for (let n = 0; n < 4; n += 1) {
      const now = sync.state.get()
      if (now.state !== 'offline') throw new Error(`expected offline, is ${now.state}`)
      pauses.push(now.retry_at_ms - time.clock.nowMs())
      expect(state()).toMatchObject({ since: '2026-03-04T10:00:00.000Z', reason: 'The server cannot be reached.' })
      time.advance(pauses.at(-1) ?? 0)
      await settle()
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000])
    token = () => Promise.resolve('token')
    sync.retryNow()
    await settle()
    welcome()
    await settle()
    expect(state()).toEqual({ state: 'live' })
  })

  it('does not wait for ever for a welcome', async () => {
    sync.start()
    await settle()
    time.advance(20_000)
    expect(state()).toMatchObject({ state: 'offline', reason: 'The server does not answer.' })
    expect(links.latest().closed).toBe(true)
  })

  it('says that an update is needed, and stays so until asked again', async () => {
    sync.start()
    await settle()
    links.latest().say.refused({ code: 'protocol_mismatch', message: 'Update the client.', retry_after_ms: null })
    expect(state()).toEqual({ state: 'update_needed', message: 'Update the client.' })
    time.advance(3_600_000)
    expect(links.links).toHaveLength(1)
    sync.retryNow()
    await settle()
    expect(links.links).toHaveLength(2)
  })

  it('takes a fresh token when its token is refused, and waits as long as the server says otherwise', async () => {
    sync.start()
    await settle()
    links.latest().say.refused({ code: 'unauthorised', message: 'No.', retry_after_ms: null })
    time.advance(0)
    await settle()
    expect([invalidated, links.links.length]).toEqual([1, 2])
    links.latest().say.refused({ code: 'too_many_requests', message: 'Slow down.', retry_after_ms: 7_000 })
    expect(state()).toMatchObject({ state: 'offline', retry_at: '2026-03-04T10:00:08.000Z' })
  })

  it('ends the session, with words, when the sign-in does not hold any more', async () => {
    token = () => Promise.reject(new SessionEndedError('Sign in again.'))
    sync.start()
    await settle()
    expect(ended).toEqual(['Sign in again.'])
    expect(state()).toEqual({ state: 'signed_out' })
  })

  it('what a dropped link still says is not heard', async () => {
    await goLive()
    const first = links.latest()
    first.say.closed('The connection to the server was lost.')
    time.advance(500)
    await settle()
    first.say.closed('again')
    first.say.event(eventOf(changed(makeQuote()), 2))
    expect(state()).toMatchObject({ state: 'connecting' })
  })
})

describe('following', () => {
  it('I10: a head on a beat that is ahead of the cursor is caught up with', async () => {
    await goLive()
    log.push(eventOf(added(makeQuote()), 2))
    beat()
    expect(state()).toMatchObject({ state: 'catching_up', what: 'events', done: 0, total: 1 })
    await settle()
    expect(state()).toEqual({ state: 'live' })
    expect(readCursor(temp.cache.read, north)?.seq).toBe(2)
  })

  it('a head that the log does not have is asked for once, not for ever', async () => {
    await goLive()
    beat(9)
    await settle()
    expect(pulls).toHaveLength(1)
    expect(state()).toEqual({ state: 'live' })
  })

  it('gathers a flood into few transactions', async () => {
    await goLive()
    let commits = 0
    temp.cache.onCommit((touch) => {
      if (touch.quotes?.size) commits += 1
    })
    for (let seq = 2; seq <= 201; seq += 1) {
      const event = eventOf(added(makeQuote()), seq)
      log.push(event)
      links.latest().say.event(event)
      time.advance(1)
    }
    time.advance(100)
    expect(readCursor(temp.cache.read, north)?.seq).toBe(201)
    expect(commits).toBeLessThanOrEqual(6)
    expect(pulls).toEqual([])
  })

  it('a live event that cannot be read is taken from the log', async () => {
    await goLive()
    const event = eventOf(added(makeQuote()), 2)
    log.push(event)
    links.latest().say.event({ ...event, change: { type: 'quote.painted', data: {} } })
    await settle()
    expect(pulls).toEqual([{ stream: north, after: 1 }])
    expect(readCursor(temp.cache.read, north)?.seq).toBe(2)
  })

  it('I11: a log that cannot bring the cursor to the head makes it take a snapshot', async () => {
    await goLive()
    const { pull } = http
    let refused = 0
    const quote = makeQuote({ title: 'From the snapshot' })
    http.pull = (...args) => {
      if (refused > 0) return pull(...args)
      refused += 1
      return Promise.reject(new ResyncError('compacted'))
    }
    http.snapshotPage = (_query, onHeader, onRows) => {
      onHeader({
        stream: north,
        epoch: epochA,
        seq: 5,
        snapshot_id: epochB,
        page: 0,
        pages: 1,
        rows: 1,
        rows_total: 1,
      })
      onRows([JSON.stringify(added(quote))])
      return Promise.resolve()
    }
    beat(5)
    await settle()
    expect(readCursor(temp.cache.read, north)).toEqual({ epoch: epochA, seq: 5 })
    expect(temp.cache.read.values('SELECT title FROM quotes')).toEqual(['From the snapshot'])
    expect(state()).toEqual({ state: 'live' })
  })

  it('missing beats mean no link: half open is not live', async () => {
    await goLive()
    time.advance(beatMs)
    beat()
    time.advance(2 * beatMs)
    expect(state()).toEqual({ state: 'live' })
    time.advance(beatMs)
    expect(state()).toMatchObject({ state: 'offline', reason: 'The server has fallen silent.' })
    expect(links.latest().closed).toBe(true)
  })

  it('after waking up it asks whether the link lives, and makes a new one when it does not', async () => {
    await goLive()
    sync.retryNow()
    await settle()
    expect(state()).toMatchObject({ state: 'offline' })
    time.advance(0)
    await settle()
    expect(links.links).toHaveLength(2)
  })

  it('an event that does not fit the cache stops following, with words, and changes nothing', async () => {
    await goLive()
    const before = contentsOf(temp.cache)
    log.push(eventOf(added(makeQuote({ value_minor: -1 })), 2))
    beat()
    await settle()
    expect(state()).toMatchObject({ state: 'offline', reason: expect.stringContaining('CHECK constraint') })
    expect(contentsOf(temp.cache)).toEqual(before)
  })

  it('when rights change it connects again within a second', async () => {
    await goLive()
    links.latest().say.ended({ code: 'permissions_changed', message: 'Connect again.' })
    time.advance(1_000)
    await settle()
    expect(links.links).toHaveLength(2)
  })
})
