import { describe, expect, it } from 'vitest'
import type { Port } from '../../domain/host/port.ts'
import { FakeTimers } from '../../tests/support/renderer/fake-timers.ts'
import { portPair } from '../../tests/support/renderer/port-pair.ts'
import { createEngineLink, retryDelayMs } from './engine-link.ts'
import { follow } from './follow.ts'

function setUp() {
  const timers = new FakeTimers()
  const host = { problem: null as Error | null, ports: [] as Port[] }
  const ready: AbortSignal[] = []
  const link = createEngineLink({
    connect: async () => {
      if (host.problem) throw host.problem
      const [ours, theirs] = portPair()
      host.ports.push(theirs)
      return ours
    },
    timers,
    onReady: (_client, signal) => void ready.push(signal),
  })
  return { timers, host, ready, link, state: () => link.store.getState() }
}

describe('the link to the engine', () => {
  it('ends everything of a connection with it and connects again by itself', async () => {
    const { timers, host, ready, link, state } = setUp()
    link.start()
    await expect.poll(() => state().state).toBe('ready')
    host.ports[0]?.close()
    expect(ready[0]?.aborted).toBe(true)
    await expect.poll(() => state()).toMatchObject({ state: 'gone', attempts: 1, reason: 'It has stopped.' })
    timers.advance(retryDelayMs(1))
    await expect.poll(() => state().state).toBe('ready')
    expect(ready).toHaveLength(2)
    expect(ready[1]?.aborted).toBe(false)
  })

  it('waits longer after each failure, but never long', async () => {
    expect([1, 2, 3, 9].map(retryDelayMs)).toEqual([250, 500, 1_000, 5_000])
    const { timers, host, link, state } = setUp()
    host.problem = new Error('It does not answer.')
    link.start()
    for (let attempts = 1; attempts <= 4; attempts += 1) {
      await expect.poll(() => state()).toMatchObject({ state: 'gone', attempts, reason: 'It does not answer.' })
      timers.advance(retryDelayMs(attempts))
    }
  })

  it('tries at once when asked, and never again once stopped', async () => {
    const { timers, host, link, state } = setUp()
    host.problem = new Error('It does not answer.')
    link.start()
    await expect.poll(() => state().state).toBe('gone')
    host.problem = null
    link.retryNow()
    await expect.poll(() => state().state).toBe('ready')
    link.stop()
    expect(host.ports).toHaveLength(1)
    timers.advance(60_000)
    await Promise.resolve()
    expect(host.ports).toHaveLength(1)
  })
})

async function* failing(): AsyncGenerator<number> {
  yield 1
  throw new Error('broken')
}

describe('following a watch', () => {
  it('fails loudly while the connection stands, and quietly once it is gone', async () => {
    const taken: number[] = []
    const stop = new AbortController()
    await expect(
      follow(
        async () => failing(),
        stop.signal,
        (value) => void taken.push(value),
      ),
    ).rejects.toThrow('broken')
    await follow(
      async () => failing(),
      stop.signal,
      () => stop.abort(),
    )
    expect(taken).toEqual([1])
  })
})
