import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { handTime } from '../../../tests/support/engine-world.ts'
import { backoffMs, failuresToOpen, pauseMs } from './backoff.ts'
import { checkEventShape } from './event-shape.ts'
import { readLines } from './ndjson.ts'
import { createServerClock } from './server-clock.ts'

describe('backoff', () => {
  it('is anything from nothing to a bound that doubles and ends at half a minute', () => {
    expect([1, 2, 3, 6, 7, 50].map((failures) => backoffMs(failures, () => 1))).toEqual([
      500, 1_000, 2_000, 16_000, 30_000, 30_000,
    ])
    expect(backoffMs(5, () => 0)).toBe(0)
  })
})

const least = (failures: number) => pauseMs(failures, null, () => 0)
const most = (failures: number) => pauseMs(failures, null, () => 1)

describe('the circuit breaker', () => {
  it('opens after five failures in a row: from then on a part of the pause is certain, growing to a bound', () => {
    expect(failuresToOpen).toBe(5)
    expect([1, 2, 3, 4].map(least)).toEqual([0, 0, 0, 0])
    expect([5, 6, 7, 8, 50].map(least)).toEqual([5_000, 10_000, 20_000, 30_000, 30_000])
    expect([5, 6, 7, 8, 50].map(most)).toEqual([10_000, 20_000, 40_000, 60_000, 60_000])
  })

  it('waits at least as long as the server asked, and spreads those whom it told the same', () => {
    expect(pauseMs(1, 7_000, () => 0)).toBe(7_000)
    expect(pauseMs(1, 7_000, () => 0.5)).toBe(7_250)
    expect(pauseMs(9, 0, () => 1)).toBe(0)
  })
})

describe('lines of a body', () => {
  it('are the same wherever the network cuts it', async () => {
    const text = 'Zoë 💶\n{"a":1}\n\nlast'
    const bytes = new TextEncoder().encode(text)
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 6 }), async (cuts) => {
        const edges = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const chunks = edges.slice(1).map((end, index) => bytes.slice(edges[index], end))
        const lines: string[] = []
        for await (const batch of readLines(asyncOf(chunks))) lines.push(...batch)
        expect(lines).toEqual(['Zoë 💶', '{"a":1}', 'last'])
      }),
    )
  })

  it('that are not UTF-8 are refused', async () => {
    const lines = readLines(asyncOf([new Uint8Array([0xff, 0xfe, 0x0a])]))
    await expect(lines.next()).rejects.toThrow(TypeError)
  })
})

describe('the server clock', () => {
  it('follows a machine that is ten minutes off within the way a message takes', () => {
    const time = handTime('2026-03-04T10:10:00.000Z')
    const clock = createServerClock(time.clock)
    expect(clock.hint(time.clock.nowMs() - 600_000)).toBe('measure')
    expect(clock.nowMs()).toBe(time.clock.nowMs() - 600_000)
    const askedAtMs = time.clock.nowMs()
    time.advance(400)
    clock.measured(askedAtMs, time.clock.nowMs(), askedAtMs - 600_000 + 200)
    expect(clock.nowMs()).toBe(time.clock.nowMs() - 600_000)
    expect(clock.hint(time.clock.nowMs() - 600_000 - 1_500)).toBe('plausible')
  })

  it('notices by the next beat that the machine’s clock was set', () => {
    const time = handTime('2026-03-04T10:00:00.000Z')
    const clock = createServerClock(time.clock)
    clock.hint(time.clock.nowMs())
    const serverMs = time.clock.nowMs() + 5_000
    time.setClock('2026-03-05T10:00:00.000Z')
    expect(clock.hint(serverMs)).toBe('measure')
    clock.measured(time.clock.nowMs(), time.clock.nowMs(), serverMs)
    expect(clock.nowMs()).toBe(serverMs)
    expect(clock.hint(serverMs + 3_600_000)).toBe('measure')
    expect(clock.nowMs()).toBe(serverMs + 3_600_000)
  })

  it('is not turned back by a beat or an answer that was under way while the machine slept', () => {
    const time = handTime('2026-03-04T16:59:00.000Z')
    const clock = createServerClock(time.clock)
    clock.hint(time.clock.nowMs())
    const beforeMs = time.clock.nowMs()
    time.setClock('2026-03-04T17:10:00.000Z')
    expect(clock.hint(beforeMs)).toBe('measure')
    clock.measured(beforeMs, time.clock.nowMs(), beforeMs)
    expect(clock.nowMs()).toBe(time.clock.nowMs())
  })
})

describe('the shape of a pulled event', () => {
  it('is refused when it is none', () => {
    const good = { place: { stream: 's', epoch: 'e', seq: 1, origin: null }, change: { type: 't', data: {} } }
    expect(checkEventShape(good)).toBe(good)
    const wrong = [
      null,
      'text',
      {},
      { ...good, place: null },
      { ...good, place: { ...good.place, seq: '1' } },
      { ...good, place: { ...good.place, seq: 1.5 } },
      { ...good, place: { stream: 's', epoch: 'e', seq: 1 } },
      { ...good, change: { type: 't' } },
      { ...good, change: { type: 1, data: {} } },
    ]
    for (const value of wrong) expect(() => checkEventShape(value)).toThrow(/expected a stream event/)
  })
})

async function* asyncOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}
