import { beforeEach, describe, expect, it } from 'vitest'
import { epochA, type HandTime, handTime, north } from '../../../tests/support/engine-world.ts'
import { createSyncHttp, type SyncHttp } from './sync-http.ts'

let time: HandTime
let http: SyncHttp
let answers: (() => Response)[]
let askedAtMs: number[]
let startMs: number
let session: AbortController

const settle = async () => {
  for (let n = 0; n < 200; n += 1) await Promise.resolve()
}
const refusal =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  () =>
    Response.json(body, { status, headers })
const busy = (retry_after_ms: number) =>
  refusal(429, {
    defined: true,
    code: 'too_many_requests',
    status: 429,
    message: 'Slow down.',
    data: { retry_after_ms },
  })
const hash = { stream: north, epoch: epochA, seq: 3, rows: 1, hash: 'a'.repeat(64) }
const page = { stream: north, epoch: epochA, seq: 3, snapshot_id: epochA, page: 0, pages: 1, rows: 0, rows_total: 0 }

beforeEach(() => {
  time = handTime()
  startMs = time.clock.nowMs()
  answers = []
  askedAtMs = []
  session = new AbortController()
  const fetcher = () => {
    askedAtMs.push(time.clock.nowMs() - startMs)
    const answer = answers.shift()
    if (!answer) throw new Error('it was asked once too often')
    return Promise.resolve(answer())
  }
  const tokens = { accessToken: () => Promise.resolve('token'), invalidate: () => {} }
  http = createSyncHttp('http://server.test', fetcher, tokens, { ...time, random: () => 0 })
})

const outcome = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: Error) => error.message,
  )
/** Second by second, as promises need turns in between. */
const passSeconds = async (seconds: number) => {
  for (let n = 0; n < seconds; n += 1) {
    await settle()
    time.advance(1_000)
  }
  await settle()
}

describe('a server that says when to come back', () => {
  it('is asked again then and not before: by pulls, snapshots and hashes alike', async () => {
    const asks = [
      () => http.pull({ stream: north, epoch: epochA, after: 0, limit: 5 }, session.signal),
      () =>
        http.snapshotPage(
          { stream: north, page: 0, snapshotId: null },
          () => {},
          () => {},
          session.signal,
        ),
      () => http.hash(north, session.signal),
    ]
    const bodies = [{ stream: north, epoch: epochA, after: 0, count: 0, head: 0 }, page, hash]
    for (const [index, ask] of asks.entries()) {
      askedAtMs = []
      startMs = time.clock.nowMs()
      answers = [busy(7_000), () => new Response(`${JSON.stringify(bodies[index])}\n`)]
      const asked = outcome(ask())
      await passSeconds(6)
      expect(askedAtMs).toEqual([0])
      await passSeconds(2)
      expect(await asked).toBe('answered')
      expect(askedAtMs).toEqual([0, 7_000])
    }
    expect(time.timers()).toBe(0)
  })

  it('may say it in the header, as a proxy on the way does', async () => {
    answers = [
      () => new Response('<html>busy</html>', { status: 503, headers: { 'retry-after': '3' } }),
      () => new Response(`${JSON.stringify(hash)}\n`),
    ]
    const asked = outcome(http.hash(north, session.signal))
    await passSeconds(4)
    expect(await asked).toBe('answered')
    expect(askedAtMs).toEqual([0, 3_000])
  })

  it('is not asked for ever: in the end its words are what is shown', async () => {
    answers = Array.from({ length: 6 }, () => busy(1_000))
    const asked = outcome(http.hash(north, session.signal))
    await passSeconds(10)
    expect(await asked).toBe('Slow down.')
    expect(askedAtMs).toHaveLength(6)
  })

  it('is not waited for when the wait is long, or when the link is gone', async () => {
    answers = [busy(3_600_000)]
    expect(await outcome(http.hash(north, session.signal))).toBe('Slow down.')
    answers = [busy(5_000)]
    const asked = outcome(http.hash(north, session.signal))
    await passSeconds(1)
    session.abort(new Error('the link is gone'))
    expect(await asked).toBe('the link is gone')
    expect(time.timers()).toBe(0)
  })

  it('that does not say so is not asked again', async () => {
    answers = [refusal(500, { defined: true, code: 'internal', status: 500, message: 'Broken.' })]
    expect(await outcome(http.hash(north, session.signal))).toBe('Broken.')
    expect(askedAtMs).toHaveLength(1)
  })
})
