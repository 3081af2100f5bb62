import { describe, expect, it } from 'vitest'
import { createCell } from './cell.ts'
import { watch } from './watching.ts'

/** A cell that knows how many follow it. */
function countedCell(initial: number) {
  const cell = createCell(initial)
  let listeners = 0
  return {
    ...cell,
    listeners: () => listeners,
    subscribe: (listener: () => void) => {
      listeners += 1
      const stop = cell.subscribe(listener)
      return () => {
        listeners -= 1
        stop()
      }
    },
  }
}

describe('watching', () => {
  it('gives the present value first, then the newest: a slow reader skips, but never misses the last', async () => {
    const cell = countedCell(1)
    const values = watch(cell, cell.get, new AbortController().signal)
    expect((await values.next()).value).toBe(1)
    cell.set(2)
    cell.set(3)
    expect((await values.next()).value).toBe(3)
    const waiting = values.next()
    cell.set(4)
    expect((await waiting).value).toBe(4)
    await values.return(undefined)
    expect(cell.listeners()).toBe(0)
  })

  it('ends while it waits when the window goes away, and leaves no listener', async () => {
    const cell = countedCell(1)
    const window = new AbortController()
    const values = watch(cell, cell.get, window.signal)
    await values.next()
    const waiting = values.next()
    expect(cell.listeners()).toBe(1)
    window.abort()
    expect((await waiting).done).toBe(true)
    expect(cell.listeners()).toBe(0)
  })
})
