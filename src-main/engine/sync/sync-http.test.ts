import { beforeEach, describe, expect, it } from 'vitest'
import { epochA, type HandTime, handTime, north } from '../../../tests/support/engine-world.ts'
import { createSyncHttp, type SyncHttp } from './sync-http.ts'

let time: HandTime
let http: SyncHttp
let body: ReadableStreamDefaultController<Uint8Array>
let respond: boolean
let session: AbortController

const say = (value: unknown) => body.enqueue(new TextEncoder().encode(`${JSON.stringify(value)}\n`))
const settle = async () => {
  for (let n = 0; n < 50; n += 1) await Promise.resolve()
}
const event = (seq: number) => ({
  place: { stream: north, epoch: epochA, seq, origin: null },
  change: { type: 'quote.added', data: {} },
})
const header = { stream: north, epoch: epochA, after: 0, count: 2, head: 2 }
const ask = () => http.pull({ stream: north, epoch: epochA, after: 0, limit: 5 }, session.signal)

/** Listens at once, so that the rejection is never unheard. */
const failureOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'it answered',
    (error: Error) => error.message,
  )

beforeEach(() => {
  time = handTime()
  respond = true
  session = new AbortController()
  const fetcher = () => {
    if (!respond) return new Promise<Response>(() => {})
    return Promise.resolve(new Response(new ReadableStream({ start: (controller) => void (body = controller) })))
  }
  const tokens = { accessToken: () => Promise.resolve('token'), invalidate: () => {} }
  http = createSyncHttp('http://server.test', fetcher, tokens, { ...time, random: () => 1 })
})

describe('I9: an answer that hangs ends, so that it can be asked for again', () => {
  it('when it never begins', async () => {
    respond = false
    const failed = failureOf(ask())
    await settle()
    time.advance(20_000)
    expect(await failed).toContain('The server has stopped answering')
    expect(time.timers()).toBe(0)
  })

  it('when it stops in the middle', async () => {
    const failed = failureOf(ask())
    await settle()
    say(header)
    say(event(1))
    await settle()
    time.advance(20_000)
    expect(await failed).toContain('The server has stopped answering')
    expect(time.timers()).toBe(0)
  })

  it('but not while pieces keep coming, however long the whole takes', async () => {
    const answer = ask()
    await settle()
    for (const piece of [header, event(1), event(2)]) {
      time.advance(15_000)
      say(piece)
      await settle()
    }
    time.advance(15_000)
    body.close()
    expect([...(await answer).events]).toHaveLength(2)
  })

  it('and at once when the session it was asked for ends', async () => {
    respond = false
    const failed = failureOf(ask())
    await settle()
    session.abort(new Error('session over'))
    expect(await failed).toContain('session over')
    expect(time.timers()).toBe(0)
  })
})
