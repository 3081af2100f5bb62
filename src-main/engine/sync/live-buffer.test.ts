import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { added, eventOf, makeQuote } from '../../../tests/support/engine-world.ts'
import { createLiveBuffer, readyLimit, reorderLimit } from './live-buffer.ts'

const change = added(makeQuote())
const event = (seq: number) => eventOf(change, seq)

describe('the buffer of live events', () => {
  it('I6: whatever order, repetition or loss they come in, a contiguous stretch leaves, each once', () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 })
    fc.assert(
      fc.property(arrivals, fc.nat(5), (seqs, start) => {
        const buffer = createLiveBuffer(start)
        const left: number[] = []
        for (const [index, seq] of seqs.entries()) {
          buffer.offer(event(seq))
          if (index % 3 === 0) left.push(...buffer.take().map(({ place }) => place.seq))
        }
        left.push(...buffer.take().map(({ place }) => place.seq))
        expect(left).toEqual(left.map((_, index) => start + index + 1))
        const came = new Set(seqs)
        let end = start
        while (came.has(end + 1)) end += 1
        expect(buffer.reached()).toBe(end)
      }),
    )
  })

  it('I9: nothing past a gap leaves, and the first sign of the gap says so', () => {
    const buffer = createLiveBuffer(0)
    expect(buffer.offer(event(1))).toBe('queued')
    expect(buffer.offer(event(3))).toBe('gap')
    expect(buffer.offer(event(4))).toBe('kept')
    expect(buffer.offer(event(3))).toBe('known')
    expect(buffer.take().map(({ place }) => place.seq)).toEqual([1])
    expect(buffer.hasReady()).toBe(false)
    buffer.advanceTo(2)
    expect(buffer.take().map(({ place }) => place.seq)).toEqual([3, 4])
  })

  it('I19: what waits to be applied is bounded; the log has to be asked for the rest', () => {
    const buffer = createLiveBuffer(0)
    for (let seq = 1; seq <= readyLimit; seq += 1) buffer.offer(event(seq))
    expect(buffer.offer(event(readyLimit + 1))).toBe('full')
    expect([buffer.waiting(), buffer.reached()]).toEqual([readyLimit, readyLimit])
    expect(buffer.take()).toHaveLength(readyLimit)
    expect(buffer.offer(event(readyLimit + 1))).toBe('queued')
  })

  it('I9: what waits behind a gap is bounded', () => {
    const buffer = createLiveBuffer(0)
    for (let seq = 2; seq <= 3 * reorderLimit; seq += 1) buffer.offer(event(seq))
    buffer.advanceTo(1)
    const ready = buffer.take().length
    expect(ready).toBe(0)
    buffer.advanceTo(3 * reorderLimit - 1)
    expect(buffer.take().length).toBeLessThanOrEqual(reorderLimit)
  })

  it('a page that covers what is ready makes it known', () => {
    const buffer = createLiveBuffer(0)
    for (const seq of [1, 2, 3]) buffer.offer(event(seq))
    buffer.advanceTo(2)
    expect(buffer.take().map(({ place }) => place.seq)).toEqual([3])
    expect(buffer.reached()).toBe(3)
  })
})
