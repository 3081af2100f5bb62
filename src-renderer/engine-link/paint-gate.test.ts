import { describe, expect, it } from 'vitest'
import { FakeTimers } from '../../tests/support/renderer/fake-timers.ts'
import { createPaintGate, paintIntervalMs } from './paint-gate.ts'

describe('the paint gate', () => {
  it('lets 1,000 changes a second reach the screen in at most 10 paints a second', async () => {
    const timers = new FakeTimers()
    const gate = createPaintGate(timers)
    const paintTimes = new Set<number>()
    let painted = 0
    for (let millisecond = 0; millisecond < 3_000; millisecond += 1) {
      void gate.paint(() => {
        painted += 1
        paintTimes.add(timers.nowMs())
      })
      timers.advance(1)
    }
    timers.advance(paintIntervalMs)
    expect(paintTimes.size).toBeLessThanOrEqual(31)
    expect(painted).toBe(3_000)
    const times = [...paintTimes]
    expect(Math.min(...times.slice(1).map((time, index) => time - times[index]!))).toBeGreaterThanOrEqual(100)
  })

  it('paints the first change after a pause without delay', async () => {
    const timers = new FakeTimers()
    const gate = createPaintGate(timers)
    const done = gate.paint(() => {})
    timers.advance(0)
    await done
    timers.advance(5_000)
    let painted = false
    void gate.paint(() => {
      painted = true
    })
    timers.advance(0)
    expect(painted).toBe(true)
  })

  it('paints nothing once it is stopped', () => {
    const timers = new FakeTimers()
    const gate = createPaintGate(timers)
    let painted = false
    void gate.paint(() => {
      painted = true
    })
    gate.stop()
    timers.advance(1_000)
    expect(painted).toBe(false)
  })
})
