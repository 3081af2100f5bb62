import { describe, expect, it } from 'vitest'
import { createRefresher, type Stale } from './refresher.ts'

const change = (quotes: string[] | null, directory = false, outbox = false) => ({
  quotes,
  directory,
  outbox,
  alerts: false,
})

/** A refresher whose refreshes end when told to. */
function held() {
  const batches: Stale[] = []
  const ends: Array<() => void> = []
  const refresher = createRefresher((stale) => {
    batches.push(stale)
    return new Promise((resolve) => ends.push(resolve))
  })
  const end = async () => {
    ends.shift()?.()
    await Promise.resolve()
    await Promise.resolve()
  }
  return { refresher, batches, end }
}

describe('refreshing', () => {
  it('reads one at a time; what changes meanwhile goes into one next read', async () => {
    const { refresher, batches, end } = held()
    refresher.changed(change(['a']))
    for (let count = 0; count < 500; count += 1) refresher.changed(change([`q${count % 7}`], count === 3, count === 9))
    expect(batches).toHaveLength(1)
    await end()
    expect(batches).toHaveLength(2)
    expect(batches[1]).toMatchObject({ directory: true, outbox: true })
    expect(batches[1]?.quotes?.size).toBe(7)
    await end()
    expect(batches).toHaveLength(2)
  })

  it('knows no names any more once too many changed to name', async () => {
    const { refresher, batches, end } = held()
    refresher.changed(change(['a']))
    refresher.changed(change(['b']))
    refresher.changed(change(null))
    refresher.changed(change(['c']))
    await end()
    expect(batches[1]?.quotes).toBeNull()
  })

  it('starts again after a quiet time, and never once stopped', async () => {
    const { refresher, batches, end } = held()
    refresher.changed(change(['a']))
    await end()
    refresher.changed(change(['b']))
    expect(batches).toHaveLength(2)
    refresher.changed(change(['c']))
    refresher.stop()
    await end()
    refresher.changed(change(['d']))
    expect(batches).toHaveLength(2)
  })
})
