import { expect, it, vi } from 'vitest'
import { Multiplexer } from '../../domain/host/multiplex.ts'
import type { Port } from '../../domain/host/port.ts'
import { eventually } from '../support/eventually.ts'
import { serveEcho } from './support/echo-side.ts'
import { portContract } from './support/port-contract.ts'
import { portPair } from './support/port-pair.ts'

portContract('two ends in one process', async () => {
  const { near, far, cut } = portPair()
  serveEcho(far, cut)
  return { port: near, dispose: cut }
})

portContract('a multiplexed channel', async () => {
  const { near, far, cut } = portPair()
  new Multiplexer(far).onOpen((_name, port) => serveEcho(port, cut))
  return { port: new Multiplexer(near).open('window'), dispose: cut }
})

function twoSides() {
  const { near, far, cut } = portPair()
  const accepted: Array<{ name: string; port: Port }> = []
  new Multiplexer(far).onOpen((name, port) => accepted.push({ name, port }))
  return { host: new Multiplexer(near), accepted, cut }
}

it('tells channels apart by the name they were opened with, in the order of opening', async () => {
  const { host, accepted } = twoSides()
  host.open('control')
  host.open('window')
  host.open('window')
  await eventually(() => expect(accepted.map(({ name }) => name)).toEqual(['control', 'window', 'window']))
})

it('keeps what one channel says from every other', async () => {
  const { host, accepted } = twoSides()
  const first = host.open('window')
  const second = host.open('window')
  await eventually(() => expect(accepted).toHaveLength(2))
  const heard: string[] = []
  accepted.forEach(({ port }, index) => {
    port.onMessage((message) => heard.push(`${index}: ${String(message)}`))
  })
  first.post('a')
  second.post('b')
  first.post('c')
  await eventually(() => expect(heard).toEqual(['0: a', '1: b', '0: c']))
})

it('closing one channel leaves the others open', async () => {
  const { host, accepted } = twoSides()
  const first = host.open('window')
  const second = host.open('window')
  await eventually(() => expect(accepted).toHaveLength(2))
  const closed = vi.fn()
  accepted[0]?.port.onClose(closed)
  first.close()
  await eventually(() => expect(closed).toHaveBeenCalledTimes(1))
  const heard = vi.fn()
  accepted[1]?.port.onMessage(heard)
  second.post('still here')
  await eventually(() => expect(heard).toHaveBeenCalledWith('still here'))
})

it('closes every channel once when the pipe beneath ends', async () => {
  const { host, accepted, cut } = twoSides()
  const near = [host.open('control'), host.open('window')]
  await eventually(() => expect(accepted).toHaveLength(2))
  const closed = vi.fn()
  for (const port of [...near, ...accepted.map(({ port }) => port)]) port.onClose(closed)
  cut()
  cut()
  expect(closed).toHaveBeenCalledTimes(4)
})

/** A pipe into which a test puts what the other side would send. */
function pipeFrom(sent: unknown): Port {
  return {
    post: () => undefined,
    onMessage: (listener) => listener(sent),
    onClose: () => undefined,
    close: () => undefined,
  }
}

it('refuses a message that is no frame: the other side speaks something else', () => {
  expect(() => new Multiplexer(pipeFrom('hello'))).toThrow('expected a multiplexer frame')
})

it('refuses a channel where nobody accepts any', () => {
  const opening = { channel: 1, kind: 'open', name: 'window' }
  expect(() => new Multiplexer(pipeFrom(opening))).toThrow('accepts none')
})
