import { afterEach, beforeEach, expect, it } from 'vitest'
import { FakeEngine } from '../../tests/support/renderer/fake-engine.ts'
import { portPair } from '../../tests/support/renderer/port-pair.ts'
import { makeStream } from '../../tests/support/renderer/rows.ts'
import { createEngineClient } from '../engine-link/engine-client.ts'
import { createSyncDetails, type SyncDetails } from './sync-details.ts'

let fake: FakeEngine
let details: SyncDetails
let looking: AbortController
const state = () => details.store.getState()

beforeEach(() => {
  fake = new FakeEngine()
  const [ours, theirs] = portPair()
  fake.serve(theirs)
  const client = createEngineClient(ours)
  details = createSyncDetails({ engine: () => client })
  looking = new AbortController()
  fake.streams.send({ streams: [makeStream(1), makeStream(2)] })
  details.watch(looking.signal)
})
afterEach(() => looking.abort())

it('follows the streams while somebody looks', async () => {
  await expect.poll(() => state().streams).toHaveLength(2)
  fake.streams.send({ streams: [makeStream(1, { gap: 4 })] })
  await expect.poll(() => state().streams?.[0]?.gap).toBe(4)
})

it('says what runs for a stream and what the engine refused', async () => {
  const { stream } = makeStream(1)
  const verified = details.run('verify', stream)
  expect(state().running.get(stream)).toBe('verify')
  await verified
  expect(state().running.size).toBe(0)
  fake.failing = 'There is no connection.'
  await details.run('repair', stream)
  expect(state().problems.get(stream)).toBe('There is no connection.')
  fake.failing = null
  await details.run('repair', stream)
  expect(state().problems.size).toBe(0)
  expect(fake.asked).toEqual([`verify ${stream}`, `repair ${stream}`, `repair ${stream}`])
})

it('verifies all streams one after the other, going on when one fails', async () => {
  await expect.poll(() => state().streams).toHaveLength(2)
  fake.failing = 'There is no connection.'
  const all = details.verifyAll()
  expect(state().all).toEqual({ done: 0, total: 2 })
  expect(state().running.size).toBe(1)
  await all
  expect(state().all).toBeNull()
  expect(fake.asked).toEqual([`verify ${makeStream(1).stream}`, `verify ${makeStream(2).stream}`])
  expect(state().problems.size).toBe(2)
})

it('forgets what belonged to the person who left', async () => {
  await expect.poll(() => state().streams).toHaveLength(2)
  details.forget()
  expect(state().streams).toBeNull()
})
