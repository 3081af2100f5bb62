import { describe, expect, it } from 'vitest'
import type { CacheChange } from '../../domain/rpc/contract.ts'
import { handTime } from '../../tests/support/engine-world.ts'
import { createChangeHub } from './change-hub.ts'

const untouched = { directory: false, outbox: false, alerts: false, shared: false, settings: false, streams: true }
const touch = (id: string) => ({ quotes: new Set([id]), ...untouched })

function heard(time = handTime()) {
  const hub = createChangeHub(time)
  const changes: CacheChange[] = []
  hub.subscribe((change) => changes.push(change))
  return { hub, changes, time }
}

describe('changes told to views', () => {
  it('come at once after a rest, and at most ten a second under a flood, with nothing left out', () => {
    const { hub, changes, time } = heard()
    for (let n = 0; n < 1_000; n += 1) {
      hub.touched(touch(String(n)))
      time.advance(1)
    }
    time.advance(200)
    expect(changes.length).toBeGreaterThan(5)
    expect(changes.length).toBeLessThanOrEqual(11)
    expect(new Set(changes.flatMap((change) => change.quotes ?? [])).size).toBe(1_000)
    hub.touched(touch('last'))
    time.advance(0)
    expect(changes.at(-1)?.quotes).toEqual(['last'])
  })

  it('too many quotes to name are not named', () => {
    const { hub, changes, time } = heard()
    for (let n = 0; n < 501; n += 1) hub.touched(touch(String(n)))
    time.advance(0)
    expect(changes).toEqual([{ quotes: null, directory: false, outbox: false, alerts: false }])
  })

  it('a moved cursor alone is no change of what is shown', () => {
    const { hub, changes, time } = heard()
    hub.touched({ ...touch('a'), quotes: new Set() })
    time.advance(1_000)
    expect(changes).toEqual([])
  })
})
